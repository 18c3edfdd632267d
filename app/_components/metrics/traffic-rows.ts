import type { MetricsView } from '@/lib/api/metrics-view';
import type { ChartRow } from '../charts/chart-rows';

/** Events arrive within a second or so: of the last moments not all is known. */
const lateMs = 5000;
const rateSeconds = 60;
const shareSeconds = 300;

export const orderedKey = (arm: string) => `${arm} ordered`;

interface TrafficRows {
  /** Requests a minute, over the last minute or a step of the chart. */
  readonly rates: readonly ChartRow[];
  /** What each arm took of all requests over five minutes, and beside it what was ordered then. */
  readonly shares: readonly ChartRow[];
}

type Counts = Readonly<Record<string, number>>;

/** Steps that lie whole in the span. One without a request counts as none: that nothing came is known. */
export function trafficRows({ from, to, step_seconds, providers, weights }: MetricsView): TrafficRows {
  const stepMs = step_seconds * 1000;
  const arms = Object.keys(providers);
  const counted = new Map<number, Record<string, number>>();
  for (const arm of arms)
    for (const { at, requests } of providers[arm] ?? []) {
      const counts = counted.get(Date.parse(at)) ?? {};
      counts[arm] = requests;
      counted.set(Date.parse(at), counts);
    }
  const rates: ChartRow[] = [];
  const shares: ChartRow[] = [];
  const steps: Counts[] = [];
  const ordered = weights.map((each) => ({ atMs: Date.parse(each.at), weights: each.weights }));
  const firstMs = (Math.ceil(Date.parse(from) / stepMs) + 1) * stepMs;
  for (let atMs = firstMs; atMs <= Date.parse(to) - lateMs; atMs += stepMs) {
    steps.push(counted.get(atMs) ?? {});
    const lately = (seconds: number) => steps.slice(-Math.max(1, Math.round(seconds / step_seconds)));
    const [minute, minutes] = [lately(rateSeconds), lately(shareSeconds)];
    const perMinute = 60 / (minute.length * step_seconds);
    rates.push(rowOf(atMs, arms, (arm) => sumOf(minute, arm) * perMinute));
    const total = arms.reduce((sum, arm) => sum + sumOf(minutes, arm), 0);
    const then = ordered.findLast((each) => each.atMs <= atMs)?.weights;
    shares.push({
      ...rowOf(atMs, arms, (arm) => (total > 0 ? sumOf(minutes, arm) / total : null)),
      ...Object.fromEntries(Object.entries(then ?? {}).map(([arm, share]) => [orderedKey(arm), share])),
      atMs,
    } as ChartRow);
  }
  return { rates, shares };
}

const sumOf = (steps: readonly Counts[], arm: string) => steps.reduce((sum, counts) => sum + (counts[arm] ?? 0), 0);

function rowOf(atMs: number, arms: readonly string[], of: (arm: string) => number | null): ChartRow {
  return { ...Object.fromEntries(arms.map((arm) => [arm, of(arm)])), atMs } as ChartRow;
}
