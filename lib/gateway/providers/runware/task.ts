import type { VendorRequest } from '../../models/compile-model';

/** How the answer comes: within the call, or later, perhaps with a word to that address. */
type Delivery =
  | { readonly deliveryMethod: 'sync' }
  | { readonly deliveryMethod: 'async'; readonly webhookURL?: string | undefined };

/** What is ours to say stands last: no model's row and no caller changes it. */
export function inferenceTask(
  { model, fields }: VendorRequest,
  taskUUID: string,
  delivery: Delivery = { deliveryMethod: 'sync' },
): object {
  return {
    taskType: 'imageInference',
    ...fields,
    taskUUID,
    model: model.id,
    outputType: 'URL',
    includeCost: true,
    ...delivery,
  };
}
