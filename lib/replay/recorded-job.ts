import { parseInstant } from '@/lib/kernel/instant';
import { numberWithin, wordOf } from './recorded-values';

type Data = Readonly<Record<string, unknown>>;

/** The end of a job that was made where it was drawn, as `sluice.count_events` reads it. */
export interface JobEnd {
  readonly kind: 'ended';
  readonly provider: string;
  readonly requestId: string | null;
  readonly outcome: 'done' | 'failed' | 'cancelled';
  /** When it began, by what it says of itself; null where it says nothing that can be read. */
  readonly beganMs: number | null;
  readonly durationMs: number | null;
  /** Of one that came to an end of its own, neither cancelled nor given up. */
  readonly tookMs: number | null;
  readonly costNano: number | null;
  readonly priceKey: string | null;
}

const monthMs = 30 * 86_400_000;

export function jobEnd(
  eventType: 'split_ok' | 'split_failed',
  provider: string,
  requestId: string | null,
  data: Data,
  isRegistered: (name: string) => boolean,
): JobEnd | null {
  if (data.phase !== 'end' || data.pinned === true) return null;
  const { assigned } = data;
  if (typeof assigned === 'string' && isRegistered(assigned) && assigned !== provider) return null;
  const isNobodys = data.outcome === 'cancelled' || data.outcome === 'refused';
  const outcome = isNobodys ? 'cancelled' : eventType === 'split_ok' ? 'done' : 'failed';
  const durationMs = numberWithin(data.duration_ms, monthMs);
  const cost = numberWithin(data.cost_per_unit, 1000);
  return {
    ...{ kind: 'ended', provider, requestId, outcome, durationMs },
    beganMs: typeof data.created_at === 'string' ? parseInstant(data.created_at) : null,
    tookMs: outcome === 'cancelled' || data.error_kind === 'timeout' ? null : durationMs,
    costNano: cost === null ? null : Math.round(cost * 1e9),
    priceKey: cost === null ? null : wordOf(data.price_key, 128),
  };
}

/** How long the create of a job took that was accepted; nothing where none was. */
export function begunFor(eventType: unknown, data: Data): { readonly begunForMs?: number } {
  const isRefused = (data.refused ?? null) !== null && String(data.refused) !== 'false';
  const isAccepted =
    eventType === 'split_route' && data.phase === 'create' && (data.error ?? null) === null && !isRefused;
  return isAccepted ? { begunForMs: numberWithin(data.latency_ms, 3_600_000) ?? 0 } : {};
}

/** As `sluice.job_began`: never after the event, and no more than a month before it. */
export function jobBeganMs(beganMs: number | null, forMs: number | null, atMs: number): number {
  return Math.min(atMs, Math.max(atMs - monthMs, beganMs ?? atMs - (forMs ?? 0)));
}
