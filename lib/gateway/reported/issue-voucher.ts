import { type Caller, speaksFor } from '@/lib/registry/callers/caller';
import { firstSplit } from '@/lib/split/split-key';
import type { DataPlane } from '../request/data-plane';
import { findServed } from './find-served';

type VoucherOutcome =
  | { readonly kind: 'issued'; readonly provider: string | null; readonly isNew: boolean }
  | { readonly kind: 'unknown_request' }
  | { readonly kind: 'store_away' };

const storeWithinMs = 1000;

/**
 * Records one voucher for a request. The request must have been served, to this caller unless it speaks for others.
 * With the store away the word of who speaks for others is taken, and the voucher counts without a provider.
 */
export async function issueVoucher(
  plane: Pick<DataPlane, 'recent' | 'finder' | 'vouchers' | 'events' | 'within'>,
  voucher: { readonly requestId: string; readonly reason: string },
  caller: Caller,
): Promise<VoucherOutcome> {
  const { requestId, reason } = voucher;
  const known = await findServed(plane, [requestId], speaksFor(caller));
  if (known === null && speaksFor(caller) !== null) return { kind: 'store_away' };
  const served = known?.get(requestId) ?? null;
  if (known !== null && served === null) return { kind: 'unknown_request' };
  const provider = served?.provider ?? null;
  const isNew = plane.recent.addVoucher(requestId);
  if (!isNew) return { kind: 'issued', provider, isNew };
  const data = {
    ...{ reason, request_id: requestId },
    ...(provider ? { provider } : {}),
    ...(served && served.split !== firstSplit ? { split: served.split, arm: served.arm } : {}),
    ...(served?.caller ? { caller: served.caller } : {}),
  };
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
