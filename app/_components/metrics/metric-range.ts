import type { MetricSpan } from '@/app/_queries/log/metrics';
import { longestMs } from '../charts/plot';

export const metricWindows = ['15m', '1h', '6h', '24h', '7d', 'stage'] as const;
export type MetricWindow = (typeof metricWindows)[number];

/** What the address says. `from` and `to` go first; `window` is where one comes back to from them. */
export interface MetricRange {
  readonly window: MetricWindow;
  readonly from: string | null;
  readonly to: string | null;
}

export function isMetricWindow(value: unknown): value is MetricWindow {
  return metricWindows.some((window) => window === value);
}

export function rangeOf(search: Pick<URLSearchParams, 'get'>): MetricRange {
  const window = search.get('window');
  return {
    window: isMetricWindow(window) ? window : '1h',
    from: search.get('from') || null,
    to: search.get('to') || null,
  };
}

/** The rest of the address stays. */
export function searchOf(search: URLSearchParams, { window, from, to }: MetricRange): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries({ window, from, to })) {
    if (value === null) next.delete(name);
    else next.set(name, value);
  }
  return next;
}

export const isBetween = ({ from, to }: MetricRange): boolean => from !== null || to !== null;

/** A stage of weeks shows its last ten days, as long as the API looks back. */
export function spanOfRange(range: MetricRange, stageStartedAt: string | null, nowMs: number): MetricSpan {
  const { window, from, to } = range;
  if (isBetween(range)) return { ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) };
  if (window !== 'stage') return { window };
  if (stageStartedAt === null) return { window: '1h' };
  return nowMs - Date.parse(stageStartedAt) < longestMs - 60_000 ? { from: stageStartedAt } : { window: '10d' };
}
