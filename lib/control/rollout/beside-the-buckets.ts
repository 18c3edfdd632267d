import { settledAfterMs } from '@/lib/log/buckets/last-answers';
import type { MetricsStore } from '@/lib/log/buckets/metrics-store';
import { delayAtoms } from '@/lib/rule/buckets/exposure';
import { gridMs, type HistoryBasis, plainBasis } from '@/lib/rule/buckets/history';
import { warningBeganMs } from '@/lib/rule/early-warning';
import type { Facts, FirstOfUsers, RepeatedSpan, RepeatLookup } from '@/lib/rule/facts';
import { firstArm } from '@/lib/split/policy/policy';
import { isLive } from '@/lib/split/stages';
import type { PolicyRow } from '../flags/last-good';
import type { SplitRow } from '../flags/stored-flags';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** The delays of so many days tell how long vouchers take. */
const delayDays = 7;
/** Generations are read so long before what is judged at most: each hour more costs a tick as much as it is long. */
const longestReachMs = 2 * hourMs;
/** While a warning stands its users are read once in so long. */
const usersEveryMs = 60_000;

/** What the rule is told beside the buckets, each read once as long as what determines it stays the same. */
export interface Beside extends Pick<Facts, 'weightsChangedAtMs' | 'pricesBefore' | 'warning' | 'voucherRateBefore'> {
  readonly basis: HistoryBasis;
  /** How long before the first judged instant generations still matter. */
  readonly reachMs: number;
}

/** Of a split without a rollout. */
export const nothingBeside: Beside = {
  weightsChangedAtMs: [],
  pricesBefore: null,
  warning: null,
  voucherRateBefore: null,
  basis: plainBasis,
  reachMs: 0,
};

interface Known {
  readonly nowMs: number;
  readonly row: SplitRow;
  readonly policy: PolicyRow;
}

export async function readBeside(metrics: MetricsStore, split: string, known: Known): Promise<Beside> {
  const { row, nowMs } = known;
  const { policy } = known.policy;
  const { baseline } = policy;
  const startMs = row.rolloutStartedAtMs;
  if (startMs === null) return nothingBeside;
  const { answers } = metrics;
  const before = [startMs - dayMs, startMs] as const;
  const voucherRate = answers.to(['voucher rate', before], startMs, nowMs, () => metrics.voucherRate(...before));
  const isCounted = row.latched || isLive(row.weights, policy);
  if (!isCounted) return { ...nothingBeside, voucherRateBefore: await voucherRate };
  const hour = Math.floor((nowMs - settledAfterMs) / hourMs) * hourMs;
  const week = [hour - delayDays * dayMs, hour] as const;
  const sinceMs = warningBeganMs(startMs, nowMs);
  const hourBefore = [sinceMs - hourMs, sinceMs] as const;
  const ask = <T>(question: string, span: readonly [number, number], read: () => Promise<T>) =>
    answers.to([question, baseline, span], span[1], nowMs, read);
  const changes = [startMs - gridMs, nowMs] as const;
  const [voucherRateBefore, voucherDelays, prices, quartilesMs, weightsChangedAtMs] = await Promise.all([
    voucherRate,
    ask('delays', week, () => metrics.voucherDelays(baseline, ...week)),
    ask('prices', before, () => metrics.pricesOf(baseline, ...before)),
    ask('quartiles', hourBefore, () => metrics.latencyQuartiles(baseline, ...hourBefore)),
    // Every write raises the version.
    answers.to(['changes', startMs, row.version], 0, nowMs, () => metrics.weightsChanged(split, ...changes)),
  ]);
  return {
    voucherRateBefore,
    weightsChangedAtMs,
    pricesBefore: prices.length > 0 ? prices : null,
    warning: { sinceMs, quartilesMs },
    basis: { floorMs: startMs, voucherDelays, quartilesMs },
    reachMs: Math.min(longestReachMs, longestDelayMs(voucherDelays)),
  };
}

function longestDelayMs(delays: HistoryBasis['voucherDelays']): number {
  return Math.max(0, ...(delayAtoms(delays) ?? []).map(([steps]) => steps * gridMs));
}

const providerOf = ({ policy: { policy } }: Known, role: RepeatedSpan['role']) =>
  role === 'baseline' ? policy.baseline : firstArm(policy).candidate;

/** What users repeat in these spans. The first that the log does not tell in time is the last that is asked about. */
export async function repeatsOf(
  metrics: MetricsStore,
  known: Known,
  spans: readonly RepeatedSpan[],
): Promise<RepeatLookup> {
  const key = (span: RepeatedSpan) => `${span.role} ${span.fromMs} ${span.toMs} ${span.limitMs} ${span.partSinceMs}`;
  const found = new Map<string, ReturnType<RepeatLookup>>();
  for (const span of spans) {
    if (found.has(key(span)) || span.role === 'everyone') continue;
    const answer = await metrics.repeats(providerOf(known, span.role), span);
    if (answer === null) break;
    found.set(key(span), answer);
  }
  return (span) => found.get(key(span)) ?? null;
}

/** The first rows of all users since the early warning began, up to the last full minute. */
export async function usersOf(
  metrics: MetricsStore,
  known: Known,
  { warning }: Pick<Beside, 'warning'>,
): Promise<FirstOfUsers | null> {
  if (warning === null) return null;
  const { baseline, candidate } = firstArm(known.policy.policy);
  const { sinceMs, quartilesMs } = warning;
  const toMs = Math.floor(known.nowMs / usersEveryMs) * usersEveryMs;
  // Rows that come late are counted with the next minute's.
  return metrics.answers.to(['users', candidate, baseline, sinceMs, toMs, quartilesMs], 0, known.nowMs, () =>
    metrics.firstOfUsers(candidate, baseline, sinceMs, toMs, quartilesMs),
  );
}
