import { z } from 'zod';
import { configSchema } from '@/lib/as-code/file/json-schema';
import { type ControlRoute, type Description, jsonOf } from '@/lib/doors/route';
import { json } from '@/lib/http/respond';
import { dataRoutes } from '../data-plane';
import { cardRoutes } from './card/card-routes';
import { comparisonRoutes } from './comparisons/comparison-routes';
import { jobRoutes } from './jobs';
import { incidentRoutes } from './log/incidents';
import { requestRoutes } from './log/requests';
import { machineRoutes } from './machines';
import { openApi } from './openapi';
import { channelRoutes } from './people/channels';
import { inviteRoutes } from './people/invites';
import { ownPasswordRoutes } from './people/own-password';
import { peopleRoutes } from './people/people';
import { sessionRoutes } from './people/session';
import { firstPlace, slugPlace } from './place';
import type { Planes } from './planes';
import { policyRoutes } from './policy';
import { readingRoutes, splitJournalRoute } from './reading';
import { armRoutes } from './registry/arms';
import { callerRoutes } from './registry/callers';
import { dialectRoutes } from './registry/dialects';
import { keyRoutes } from './registry/keys';
import { modelRoutes } from './registry/models';
import { providerTestRoutes } from './registry/provider-test';
import { providerRoutes } from './registry/providers';
import { shapeRoutes } from './registry/shape';
import { splitRoutes } from './registry/splits';
import { rolloutRoutes } from './rollout';
import { watchingRoutes } from './watching';

const description: ControlRoute<Planes> = {
  method: 'GET',
  path: '/api/openapi.json',
  access: 'public',
  summary: 'This description',
  answers: { 200: jsonOf(z.looseObject({ openapi: z.string() }), 'OpenAPI 3.1') },
  refusals: [503],
  handle: async (_, { controlPlane }) => json(200, openApi(routes, controlPlane().control.facts.build)),
};

let schema: object | null = null;
const fileSchema: ControlRoute<Planes> = {
  method: 'GET',
  path: '/api/sluice.schema.json',
  access: 'public',
  summary: 'The JSON Schema of sluice.yaml, for editors',
  answers: { 200: jsonOf(z.looseObject({ $schema: z.string() }), 'JSON Schema') },
  handle: async () => {
    schema ??= configSchema();
    return json(200, schema);
  },
};

/** What is answered behind Next. */
export const controlRoutes: readonly ControlRoute<Planes>[] = [
  ...splitRoutes,
  ...[firstPlace, slugPlace].flatMap((place) => [
    ...rolloutRoutes(place),
    ...policyRoutes(place),
    ...watchingRoutes(place),
  ]),
  splitJournalRoute,
  ...requestRoutes,
  ...incidentRoutes,
  ...comparisonRoutes,
  ...cardRoutes,
  ...jobRoutes,
  ...armRoutes,
  ...providerRoutes,
  ...providerTestRoutes,
  ...modelRoutes,
  ...dialectRoutes,
  ...shapeRoutes,
  ...readingRoutes,
  ...sessionRoutes,
  ...ownPasswordRoutes,
  ...peopleRoutes,
  ...inviteRoutes,
  ...channelRoutes,
  ...keyRoutes,
  ...callerRoutes,
  ...machineRoutes,
  description,
  fileSchema,
];

/** Every route of this service: its doors, its description and the test of roles are made from this. */
export const routes: readonly Description[] = [...controlRoutes, ...dataRoutes];
