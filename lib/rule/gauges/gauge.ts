import type { History, Role } from '../buckets/history';
import type { BaselineCost } from '../verdict';

/** A window's side of the line; `unmeasured` when nothing in it carries the metric. */
export type Side = 'over' | 'under' | 'unmeasured';

export interface Chance {
  /** The probability that luck alone does this, or worse, to a provider at half the line. */
  readonly chance: number;
  readonly n: number;
  readonly hits: number;
}

/** One metric of one role, answered for any grid span (from, to] without walking it. */
export interface Gauge {
  readonly side: (from: number, to: number) => Side;
  readonly value: (from: number, to: number) => number | null;
  readonly count: (from: number, to: number) => number;
  /** Whether there was anything that could have carried the metric. */
  readonly traffic: (from: number, to: number) => number;
  readonly limit: (from: number, to: number) => number | null;
  readonly chance: (from: number, to: number) => Chance;
  /** `chance(from, to).chance < threshold`, without the sum where one term of it already says no. */
  readonly isRarer: (from: number, to: number, threshold: number) => boolean;
  /** Whether the rows of (middle, to] look more like those of (from, to] than like a provider at half the line. */
  readonly isLikeBefore: (from: number, middle: number, to: number) => boolean;
  /** Spans whose side needs the latencies next to the line. */
  readonly straddled: (from: number, to: number) => boolean;
}

/** A window of one provider, in instants (fromMs, toMs], and the line it straddles. */
export interface StraddledWindow {
  readonly role: Role;
  readonly fromMs: number;
  readonly toMs: number;
  readonly limitMs: number;
}

export type NeighbourLookup = (
  window: StraddledWindow,
) => { readonly below: number | null; readonly atOrAbove: number | null } | null;

/** What the gauges measure with. */
export interface GaugeContext {
  readonly history: History;
  readonly neighbours: NeighbourLookup;
  /** The configured or frozen baseline cost; null makes the cost line relative to the concurrent mean. */
  readonly knownCost: BaselineCost | null;
}
