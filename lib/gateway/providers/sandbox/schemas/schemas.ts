import type { VendorSchema } from '@/lib/registry/vendor-schema';
import { falDesignSchemas } from './fal-design';
import { falFluxSchemas } from './fal-flux';
import { falFlux2Schemas } from './fal-flux-2';
import { falOpenSchemas } from './fal-open';
import { falPartnersSchemas } from './fal-partners';
import { falToolsSchemas } from './fal-tools';
import { falVideoSchemas } from './fal-video';
import { runwareFluxSchemas } from './runware-flux';
import { runwareFlux2Schemas } from './runware-flux-2';
import { runwareOpenSchemas } from './runware-open';
import { runwarePartnersSchemas } from './runware-partners';
import { runwareToolsSchemas } from './runware-tools';
import { runwareVideoSchemas } from './runware-video';

type Schemas = ReadonlyMap<string, VendorSchema>;

const byId = (...lists: readonly (readonly VendorSchema[])[]): Schemas =>
  new Map(lists.flat().map((schema) => [schema.id, schema]));

/** What each model takes that a sandbox vendor serves, as the vendors describe it: read at them, never made from our rows. */
export const falSchemas = byId(
  falFluxSchemas,
  falFlux2Schemas,
  falOpenSchemas,
  falPartnersSchemas,
  falDesignSchemas,
  falToolsSchemas,
  falVideoSchemas,
);

export const runwareSchemas = byId(
  runwareFluxSchemas,
  runwareFlux2Schemas,
  runwareOpenSchemas,
  runwarePartnersSchemas,
  runwareToolsSchemas,
  runwareVideoSchemas,
);
