import { shippedAtFal } from './fal';
import { shippedAtRunware } from './runware';
import type { ShippedModel } from './shipped-model';

/** The models that every installation begins with; the newest migration that ships models inserts the same. */
export const shippedModels: readonly ShippedModel[] = [...shippedAtFal, ...shippedAtRunware];
