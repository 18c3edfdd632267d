import { HotPathRecorder } from './metrics/hot-path';

const kept = globalThis as { [key: symbol]: unknown };
const place = Symbol.for('sluice.recorder');

/** One for every copy of this module: the front counts, Next answers the scrape. */
export function recorder(): HotPathRecorder {
  kept[place] ??= new HotPathRecorder();
  return kept[place] as HotPathRecorder;
}

/** The events are the truth of what happened; metrics count the same rows as they pass. */
export function countEvents(counts: HotPathRecorder) {
  return (type: string, data: Readonly<Record<string, unknown>>): void => {
    if (type === 'gen_route' || type === 'gen_local') countAttempt(counts, data);
    else if (type === 'gen_ok') {
      counts.request('ok');
      counts.paid(
        String(data.provider),
        Number(data.images ?? 0),
        typeof data.cost_usd === 'number' ? data.cost_usd : null,
      );
    } else if (type === 'gen_failed') counts.request(String(data.outcome ?? 'failed'));
  };
}

function countAttempt(counts: HotPathRecorder, data: Readonly<Record<string, unknown>>): void {
  const provider = String(data.provider);
  const latencyMs = typeof data.latency_ms === 'number' ? data.latency_ms : null;
  const outcome =
    data.refused === true ? 'refused' : data.error === undefined ? 'ok' : String(data.error_kind ?? 'error');
  if (typeof data.queued_ms === 'number') counts.queued(provider, data.queued_ms);
  if (data.attempt === 1) counts.assign(String(data.assigned ?? provider));
  counts.attempt(provider, outcome, latencyMs);
}
