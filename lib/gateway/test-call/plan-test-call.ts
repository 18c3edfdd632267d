import type { CompiledModel, VendorRequest } from '../models/compile-model';
import type { ImageRequest } from '../models/image-request';
import { listPriceUsd } from '../models/list-price';
import type { Models } from '../models/models';
import type { Provider } from '../providers/provider';

/** What would be sent to a provider to see whether it works, and what it costs. */
export type TestCallPlan =
  | {
      readonly kind: 'image';
      readonly model: string;
      readonly size: string;
      /** null: the price list does not say. */
      readonly costUsd: number | null;
      readonly request: VendorRequest;
    }
  /** It makes no image while one waits: it is only asked whether it takes the key, which costs nothing. */
  | { readonly kind: 'question'; readonly costUsd: 0 };

const prompt = 'a plain grey square';
const sides = [256, 512, 768, 1024];

/** The cheapest image that this provider can be told to make, at its smallest. */
export function planTestCall(models: Models, provider: Provider, requestId: string): TestCallPlan {
  if (provider.streams !== undefined) return { kind: 'question', costUsd: 0 };
  const [best] = models
    .aliasesAt(provider.name)
    .flatMap((alias) => smallest(models.of(provider.name, alias), { prompt, model: alias, n: 1, requestId }))
    .sort((a, b) => (a.costUsd ?? Number.MAX_VALUE) - (b.costUsd ?? Number.MAX_VALUE));
  return best ?? { kind: 'question', costUsd: 0 };
}

function smallest(model: CompiledModel | null, request: ImageRequest): Extract<TestCallPlan, { kind: 'image' }>[] {
  if (model === null || model.makesVideo) return [];
  for (const side of sides) {
    const sized = { ...request, width: side, height: side };
    if (model.lostOf(sized).length > 0) continue;
    const { fields } = model.tell(sized);
    const costUsd = listPriceUsd(model, sized, 1);
    const told = { model, fields, request: sized };
    return [{ kind: 'image', model: model.alias, size: `${side}x${side}`, costUsd, request: told }];
  }
  return [];
}
