import { falDesign } from './fal-design';
import { falFlux } from './fal-flux';
import { falFlux2 } from './fal-flux-2';
import { falOpen } from './fal-open';
import { falPartners } from './fal-partners';
import { falTools } from './fal-tools';
import { falVideo } from './fal-video';
import type { ShippedModel } from './shipped-model';

export const shippedAtFal: readonly ShippedModel[] = [
  ...falFlux,
  ...falFlux2,
  ...falOpen,
  ...falPartners,
  ...falDesign,
  ...falTools,
  ...falVideo,
];
