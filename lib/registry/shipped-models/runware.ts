import { runwareFlux } from './runware-flux';
import { runwareOpen } from './runware-open';
import { runwarePartners } from './runware-partners';
import { runwareTools } from './runware-tools';
import { runwareVideo } from './runware-video';
import type { ShippedModel } from './shipped-model';

export const shippedAtRunware: readonly ShippedModel[] = [
  ...runwareFlux,
  ...runwareOpen,
  ...runwarePartners,
  ...runwareTools,
  ...runwareVideo,
];
