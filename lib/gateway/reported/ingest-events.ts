import type { EventQueue } from '@/lib/log/event-queue';
import { anyone, speaksFor } from '@/lib/registry/callers/caller';
import { firstSplit } from '@/lib/split/split-key';
import { faultsOf, type IngestRules, type Item, type ItemFault, liveForMs } from './event-faults';

/** Records the good items and says what is wrong with each of the others. */
export function ingestEvents(events: EventQueue, items: readonly unknown[], rules: IngestRules): ItemFault[] {
  const faults: ItemFault[] = [];
  for (const [index, item] of items.entries()) {
    const found = faultsOf(item, rules);
    faults.push(...found.map(({ pointer, detail }) => ({ pointer: `/${index}${pointer}`, detail })));
    if (found.length === 0) record(events, item as Item, rules);
  }
  return faults;
}

function record(events: EventQueue, { event_type, event_data = {}, created_at }: Item, rules: IngestRules): void {
  const ageMs = created_at === undefined ? 0 : Math.max(0, rules.nowMs - Date.parse(created_at));
  const data = { ...marksOff(event_data), ...ownData(event_data, rules), ...marks(ageMs, rules) };
  // Their own request has one voucher, however it is reported.
  const isOwnVoucher = event_type === 'voucher_issued' && speaksFor(rules.caller) !== null;
  events.record(event_type, data, { ageMs, ...(isOwnVoucher ? { once: String(event_data.request_id) } : {}) });
}

/** A caller may not send these fields of an event; Sluice adds them. */
function marksOff({ backfilled, inserted_as, reported_by, ...data }: Readonly<Record<string, unknown>>) {
  return data;
}

/** Who was served, and by whom, is known of a caller's own request. */
function ownData({ request_id }: Readonly<Record<string, unknown>>, { caller, served }: IngestRules) {
  const known = speaksFor(caller) === null ? undefined : served.get(String(request_id));
  if (known === undefined) return {};
  const where = known.split === firstSplit ? {} : { split: known.split, arm: known.arm };
  return { caller: caller.name, ...where, ...(known.provider === null ? {} : { provider: known.provider }) };
}

function marks(ageMs: number, { caller }: IngestRules) {
  return {
    ...(ageMs > liveForMs ? { backfilled: true } : {}),
    ...(caller.name === anyone ? {} : { reported_by: caller.name }),
  };
}
