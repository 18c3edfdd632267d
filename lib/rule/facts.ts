import type { ArmPolicy, Policy } from '@/lib/split/policy/policy';
import type { RolloutState } from '@/lib/split/state';
import type { PricesOfKey } from './buckets/bucket';
import type { History } from './buckets/history';
import type { Quartiles } from './buckets/quantile';
import type { GateFacts } from './gates';
import type { NeighbourLookup, StraddledWindow } from './gauges/gauge';

/** What a split is judged by. */
export interface Facts {
  readonly state: RolloutState;
  readonly policy: Policy;
  readonly policyVersion: number;
  /** By candidate; of `judgedArms` none may be missing. */
  readonly arms: Readonly<Record<string, ArmFacts>>;
  /** When the weights changed, oldest first, as far back as the history goes: shares are constant in between. */
  readonly weightsChangedAtMs: readonly number[];
  /** The database's now. */
  readonly nowMs: number;
  readonly baseline: { readonly configured: boolean; readonly probeOk: boolean };
  /** GEN_BASELINE_COST_USD. */
  readonly environmentCostUsd: number | null;
  /** When a watchdog last judged; null when none ever did, which misses nothing. */
  readonly lastTickMs: number | null;
  /** For `autoAdvance`; null where nothing may advance (replay, preflight, what-if). */
  readonly gate: Omit<GateFacts, 'state' | 'policy' | 'nowMs'> | null;
}

/** What one candidate is judged by. */
export interface ArmFacts {
  /** Its rows and the baseline's: buckets from `historySinceMs` on; built for this very policy. */
  readonly history: History;
  /** The exact latencies for the windows that `straddles` names; answering null falls back to the bins. */
  readonly neighbours: NeighbourLookup;
  /** What users repeat within a span, for the spans that `firstLook` names; null where it is not known. */
  readonly repeats: RepeatLookup;
  /** The first rows of each user since the early warning's start; null where they were not read. Seldom asked for. */
  readonly users: () => FirstOfUsers | null;
  /** The baseline's priced rows of the 24 h before the rollout, by price key; null when there were none. */
  readonly pricesBefore: readonly PricesOfKey[] | null;
  /** Where the early warning begins, and the baseline's latency quartiles of the hour before; null without them. */
  readonly warning: { readonly sinceMs: number; readonly quartilesMs: Quartiles | null } | null;
  /** Instances routed requests whose events did not arrive. */
  readonly blind: boolean;
  /** All vouchers over all generations of the 24 h before the rollout. */
  readonly voucherRateBefore: { readonly vouchers: number; readonly generated: number } | null;
}

/** One candidate of a split, alone: what was before its own rollout does not count, and a latch is its own. */
export interface CandidateFacts extends ArmFacts, Omit<Facts, 'policy' | 'arms'> {
  readonly policy: ArmPolicy;
  readonly startedAtMs: number | null;
  readonly latched: boolean;
  /** How many candidates the rollout began with: they share the chance of an error. */
  readonly among: number;
}

/** Rows of one role in (fromMs, toMs]: failures, or latencies at or over a limit. */
export type RepeatedSpan = Omit<StraddledWindow, 'limitMs'> & {
  readonly limitMs: number | null;
  /** From when on a user's part in the rows is taken: longer than the span, which a loop may fill. */
  readonly partSinceMs: number;
};

/**
 * Sums over the users of a span who have at most a fifth of the rows since `partSinceMs` each, with n rows and h hits
 * (failures, slow rows) of one user. A user with more is not taken for one: a team may send one name for all its people.
 */
export interface Repeats {
  /** Σ n, Σ n², Σ h², Σ h n. */
  readonly rows: number;
  readonly rowsSquared: number;
  readonly hitsSquared: number;
  readonly hitsTimesRows: number;
}

export type RepeatLookup = (span: RepeatedSpan) => Repeats | null;

/** First attempts on the ten-second grid: each user's first only, and every row without a user. */
export interface FirstOfUsers {
  /** In order of `index`, each at most once: rows, failures, and rows at or over each of the three quartiles. */
  readonly buckets: readonly {
    readonly index: number;
    readonly candidate: readonly [rows: number, failed: number, q1: number, q2: number, q3: number];
    readonly baseline: readonly [rows: number, failed: number, q1: number, q2: number, q3: number];
  }[];
}

/** Where none of what is read beside the buckets is known. */
export const nothingBeside = {
  neighbours: () => null,
  repeats: () => null,
  users: () => null,
  pricesBefore: null,
  warning: null,
  blind: false,
  voucherRateBefore: null,
} as const satisfies Partial<ArmFacts>;
