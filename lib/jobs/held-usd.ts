import { listPriceUsd } from '@/lib/gateway/models/list-price';
import type { AttemptFacts } from '@/lib/gateway/request/record-attempt';

/** What the list says now; a price that is no amount holds nothing, and is no reason to refuse the order. */
export function heldUsd({ model, request }: AttemptFacts): number | null {
  const usd = listPriceUsd(model, request, request.n);
  return usd !== null && usd >= 0 && usd < 100_000 ? usd : null;
}
