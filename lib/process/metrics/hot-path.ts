import { onceInProcess } from '@/lib/kernel/once-in-process';
import { RelaySeries } from './relay-series';

/** Upper edges in seconds; 8 is the plan's red line, so "how many ≥ 8 s" can be read off. */
export const latencyEdges = [0.1, 0.25, 0.5, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 60] as const;

interface ProviderSeries {
  /** One more than the edges: the last counts what is slower than all of them. */
  readonly buckets: Float64Array;
  latencySum: number;
  /** Calls that waited for a connection first, and for how long in all. */
  queued: number;
  queuedSum: number;
  readonly outcomes: Map<string, number>;
  images: number;
  costUsd: number;
}

interface CallerSeries {
  ok: number;
  failed: number;
  images: number;
}

/** A scrape stays small however many callers there are: those that come after so many are counted together. */
const mostCallers = 100;
const otherCallers = 'other';

/**
 * What the request path reports. A call is a map look-up and a few additions: nothing is allocated once a provider
 * and an outcome have been seen, and nothing is formatted before a scrape.
 */
export class HotPathRecorder {
  readonly providers = new Map<string, ProviderSeries>();
  readonly requests = new Map<string, number>();
  readonly assigned = new Map<string, number>();
  /** Requests that were decided, by caller. */
  readonly callers = new Map<string, CallerSeries>();
  /** Calls that no split decided, by provider and status. */
  readonly unsplit = new Map<string, Map<string, number>>();
  readonly relays = new RelaySeries();
  rejectedWeights = 0;

  /** One finished request; `outcome` is `ok` or the problem's code. */
  request(outcome: string): void {
    this.requests.set(outcome, (this.requests.get(outcome) ?? 0) + 1);
  }

  assign(provider: string): void {
    this.assigned.set(provider, (this.assigned.get(provider) ?? 0) + 1);
  }

  /** One attempt; `outcome` is `ok`, `refused` or the error kind. null latency: no call was made. */
  attempt(provider: string, outcome: string, latencyMs: number | null): void {
    const series = this.series(provider);
    series.outcomes.set(outcome, (series.outcomes.get(outcome) ?? 0) + 1);
    if (latencyMs === null) return;
    const seconds = latencyMs / 1000;
    let at = 0;
    while (at < latencyEdges.length && seconds > latencyEdges[at]!) at += 1;
    series.buckets[at]! += 1;
    series.latencySum += seconds;
  }

  passed(provider: string, outcome: string): void {
    const series = this.unsplit.get(provider) ?? new Map<string, number>();
    this.unsplit.set(provider, series.set(outcome, (series.get(outcome) ?? 0) + 1));
  }

  queued(provider: string, waitedMs: number): void {
    const series = this.series(provider);
    series.queued += 1;
    series.queuedSum += waitedMs / 1000;
  }

  paid(provider: string, images: number, costUsd: number | null): void {
    const series = this.series(provider);
    series.images += images;
    series.costUsd += costUsd ?? 0;
  }

  called(caller: string, isOk: boolean, images: number): void {
    const name = this.callers.has(caller) || this.callers.size < mostCallers ? caller : otherCallers;
    const series = this.callers.get(name) ?? { ok: 0, failed: 0, images: 0 };
    this.callers.set(name, series);
    if (isOk) series.ok += 1;
    else series.failed += 1;
    series.images += images;
  }

  private series(provider: string): ProviderSeries {
    const known = this.providers.get(provider);
    if (known) return known;
    const fresh: ProviderSeries = {
      buckets: new Float64Array(latencyEdges.length + 1),
      latencySum: 0,
      queued: 0,
      queuedSum: 0,
      outcomes: new Map(),
      images: 0,
      costUsd: 0,
    };
    this.providers.set(provider, fresh);
    return fresh;
  }
}

/** One for every copy of this module: the front counts, Next answers the scrape. */
export function recorder(): HotPathRecorder {
  return onceInProcess('recorder', () => new HotPathRecorder());
}

/** Not by split: a provider is the same for all of them. */
const whats: ReadonlyMap<string, 'attempt' | 'ok' | 'failed'> = new Map(
  ['gen', 'split'].flatMap((of) => [
    [`${of}_route`, 'attempt'] as const,
    [`${of}_local`, 'attempt'] as const,
    [`${of}_ok`, 'ok'] as const,
    [`${of}_failed`, 'failed'] as const,
  ]),
);

/** The events are the truth of what happened; metrics count the same rows as they pass. */
export function countEvents(counts: HotPathRecorder) {
  return (type: string, data: Readonly<Record<string, unknown>>): void => {
    if (type === 'unsplit_call') counts.passed(String(data.provider), String(data.status ?? data.error_kind));
    const what = whats.get(type);
    if (what === 'attempt') countAttempt(counts, data);
    else if (what === 'ok') {
      counts.request('ok');
      if (typeof data.caller === 'string') counts.called(data.caller, true, Number(data.images ?? 0));
      counts.paid(
        String(data.provider),
        Number(data.images ?? 0),
        typeof data.cost_usd === 'number' ? data.cost_usd : null,
      );
    } else if (what === 'failed') {
      counts.request(String(data.outcome ?? 'failed'));
      if (typeof data.caller === 'string') counts.called(data.caller, false, 0);
    }
  };
}

function countAttempt(counts: HotPathRecorder, data: Readonly<Record<string, unknown>>): void {
  const provider = String(data.provider);
  const latencyMs = typeof data.latency_ms === 'number' ? data.latency_ms : null;
  const outcome =
    data.refused === true ? 'refused' : data.error === undefined ? 'ok' : String(data.error_kind ?? 'error');
  if (typeof data.queued_ms === 'number') counts.queued(provider, data.queued_ms);
  // In other splits it is an arm that is assigned, and the label is the provider.
  if (data.attempt === 1) counts.assign(data.split === undefined ? String(data.assigned ?? provider) : provider);
  counts.attempt(provider, outcome, latencyMs);
}
