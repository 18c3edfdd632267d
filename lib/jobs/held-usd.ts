import { listPriceUsd } from '@/lib/gateway/models/list-price';
import type { Lane } from '@/lib/gateway/request/lane';
import type { AttemptFacts } from '@/lib/gateway/request/record-attempt';

/** What the list says now; a price that is no amount holds nothing, and is no reason to refuse the order. */
export function heldUsd({ model, request }: AttemptFacts, lane: Lane): number | null {
  const { streams } = lane.provider;
  // What a relay sends on is not read for its price: each create of it holds the same.
  const usd = streams ? streams.options.usdPerCreate : listPriceUsd(model, request, request.n);
  return usd !== null && usd >= 0 && usd < 100_000 ? usd : null;
}
