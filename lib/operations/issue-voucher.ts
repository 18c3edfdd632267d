import type { DataPlane } from './data-plane';

export type VoucherOutcome =
  | { readonly kind: 'issued'; readonly provider: string | null; readonly isNew: boolean }
  | { readonly kind: 'unknown_request' };

const storeWithinMs = 1000;

/**
 * Records one voucher for a request. The request must have been served: this process remembers, or the store knows.
 * With the store away an unknown request is believed, and its voucher counts without a provider.
 */
export async function issueVoucher(
  plane: Pick<DataPlane, 'recent' | 'finder' | 'vouchers' | 'events' | 'within'>,
  voucher: { readonly requestId: string; readonly reason: string },
): Promise<VoucherOutcome> {
  const { requestId, reason } = voucher;
  const found = plane.recent.providerOf(requestId) ?? (await askStore(plane, requestId));
  if (found === null) return { kind: 'unknown_request' };
  const provider = found === 'store_away' ? null : found;
  const isNew = plane.recent.addVoucher(requestId);
  if (!isNew) return { kind: 'issued', provider, isNew };
  const data = { reason, request_id: requestId, ...(provider ? { provider } : {}) };
  return { kind: 'issued', provider, isNew: await record(plane, requestId, data) };
}

/** Another process may have been asked as well: the store decides, now or when it is back. */
async function record(
  { vouchers, events, within }: Pick<DataPlane, 'vouchers' | 'events' | 'within'>,
  requestId: string,
  data: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  try {
    if (vouchers) return await within(storeWithinMs, vouchers.issue(requestId, data));
  } catch {
    // The store is away: the event waits with the others, and is dropped there when the request has its voucher.
  }
  events.record('voucher_issued', data, { once: requestId });
  return true;
}

async function askStore(plane: Pick<DataPlane, 'finder' | 'within'>, requestId: string): Promise<string | null> {
  if (!plane.finder) return 'store_away';
  return plane.within(storeWithinMs, plane.finder.providerOf(requestId)).catch(() => 'store_away');
}
