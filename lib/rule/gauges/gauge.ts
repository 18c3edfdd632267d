import type { PricesOfKey } from '../buckets/bucket';
import type { History, Role } from '../buckets/history';
import type { BaselineCost } from '../verdict';

/** A window's side of the line; `unmeasured` when nothing in it carries the metric. */
export type Side = 'over' | 'under' | 'unmeasured';

/** How likely luck alone makes a breach. */
export interface Chance {
  /** The probability that luck alone does this, or worse, to a provider at half the line. */
  readonly chance: number;
  /** The same of a provider on the line itself. */
  readonly atLine: number;
  readonly n: number;
  readonly hits: number;
}

/** One metric of one role, answered for any grid span (from, to] without walking it. */
export interface Gauge {
  readonly side: (from: number, to: number) => Side;
  readonly value: (from: number, to: number) => number | null;
  readonly count: (from: number, to: number) => number;
  /** Of `count` those that are bad; a mean has none. */
  readonly hits: (from: number, to: number) => number;
  /** The share of hits that is on the line; null for a mean. */
  readonly lineShare: number | null;
  /** Whether there was anything that could have carried the metric. */
  readonly traffic: (from: number, to: number) => number;
  readonly limit: (from: number, to: number) => number | null;
  /** `factor`: rows that come together count as so many times fewer. It never touches a windowed rate. */
  readonly chance: (from: number, to: number, factor?: number) => Chance;
  /** `chance(from, to).chance < threshold`, without the sum where one term of it already says no. */
  readonly isRarer: (from: number, to: number, threshold: number) => boolean;
  /** Whether the rows of (middle, to] look more like those of (from, to] than like a provider at half the line. */
  readonly isLikeBefore: (from: number, middle: number, to: number) => boolean;
  /** Spans whose side needs the latencies next to the line. */
  readonly straddled: (from: number, to: number) => boolean;
  /** Which latencies are slow, for what users repeat; null for failures, undefined where users do not matter. */
  readonly repeated: number | null | undefined;
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
  /** The baseline's priced rows of the day before the rollout, by price key. */
  readonly pricesBefore: readonly PricesOfKey[] | null;
}
