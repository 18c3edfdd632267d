import { type MetricsStore, settledAfterMs } from '@/lib/log/buckets/metrics-store';
import { delayAtoms, gridMs, type HistoryBasis, plainBasis } from '@/lib/rule/buckets/history';
import { warningBeganMs } from '@/lib/rule/early-warning';
import type { ArmFacts, Facts, FirstOfUsers, RepeatedSpan, RepeatLookup } from '@/lib/rule/facts';
import type { FirstLook } from '@/lib/rule/first-look';
import { isLive, judgedArms, standingOf } from '@/lib/split/stages';
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

/** What the rule is told of one candidate beside the buckets. */
interface BesideArm extends Pick<ArmFacts, 'pricesBefore' | 'warning' | 'voucherRateBefore'> {
  readonly basis: HistoryBasis;
}

/** What the rule is told beside the buckets, each read once as long as what determines it stays the same. */
export interface Beside {
  readonly weightsChangedAtMs: Facts['weightsChangedAtMs'];
  /** How long vouchers of the baseline take. */
  readonly voucherDelays: HistoryBasis['voucherDelays'];
  /** How long before the first judged instant generations still matter. */
  readonly reachMs: number;
  /** Of the candidates that are judged. */
  readonly arms: Readonly<Record<string, BesideArm>>;
}

const nothing: BesideArm = { pricesBefore: null, warning: null, voucherRateBefore: null, basis: plainBasis };

/** Of a split without a rollout. */
export const nothingBeside: Beside = { weightsChangedAtMs: [], voucherDelays: null, reachMs: 0, arms: {} };

interface Known {
  readonly nowMs: number;
  readonly row: SplitRow;
  readonly policy: PolicyRow;
}

export async function readBeside(metrics: MetricsStore, split: string, known: Known): Promise<Beside> {
  const { row, nowMs } = known;
  const { policy } = known.policy;
  const startMs = row.rolloutStartedAtMs;
  const isCounted = startMs !== null && (row.latched || isLive(row.weights, policy));
  const voucherDelays = isCounted ? delaysOf(metrics, policy.baseline, nowMs) : null;
  const names = judgedArms({ state: row, policy });
  const besideOf = async (arm: string) => [arm, await besideArm(metrics, known, arm, voucherDelays)] as const;
  const [arms, delays, weightsChangedAtMs] = await Promise.all([
    Promise.all(names.map(besideOf)),
    voucherDelays,
    isCounted ? changesOf(metrics, split, known, startMs) : [],
  ]);
  return {
    weightsChangedAtMs,
    voucherDelays: delays,
    reachMs: Math.min(longestReachMs, longestDelayMs(delays)),
    arms: Object.fromEntries(arms),
  };
}

type Delays = Promise<NonNullable<HistoryBasis['voucherDelays']>>;

function delaysOf(metrics: MetricsStore, baseline: string, nowMs: number): Delays {
  const hour = Math.floor((nowMs - settledAfterMs) / hourMs) * hourMs;
  const week = [hour - delayDays * dayMs, hour] as const;
  return metrics.answers.to(['delays', baseline, week], hour, nowMs, () => metrics.voucherDelays(baseline, ...week));
}

/** Every write raises the version. */
function changesOf(metrics: MetricsStore, split: string, { row, nowMs }: Known, startMs: number) {
  const read = () => metrics.weightsChanged(split, startMs - gridMs, nowMs);
  return metrics.answers.to(['changes', startMs, row.version], 0, nowMs, read);
}

/** `delays` is null where nothing of the rollout counts any more. */
async function besideArm(metrics: MetricsStore, known: Known, arm: string, delays: Delays | null): Promise<BesideArm> {
  const { row: state, nowMs } = known;
  const { policy } = known.policy;
  const { startedAtMs: startMs } = standingOf({ state, policy }, arm);
  if (startMs === null) return nothing;
  const { answers } = metrics;
  const before = [startMs - dayMs, startMs] as const;
  const voucherRate = answers.to(['voucher rate', before], startMs, nowMs, () => metrics.voucherRate(...before));
  if (delays === null) return { ...nothing, voucherRateBefore: await voucherRate };
  const { baseline } = policy;
  const sinceMs = warningBeganMs(startMs, nowMs);
  const hourBefore = [sinceMs - hourMs, sinceMs] as const;
  const ask = <T>(question: string, span: readonly [number, number], read: () => Promise<T>) =>
    answers.to([question, baseline, span], span[1], nowMs, read);
  const [voucherRateBefore, voucherDelays, prices, quartilesMs] = await Promise.all([
    voucherRate,
    delays,
    ask('prices', before, () => metrics.pricesOf(baseline, ...before)),
    ask('quartiles', hourBefore, () => metrics.latencyQuartiles(baseline, ...hourBefore)),
  ]);
  return {
    voucherRateBefore,
    pricesBefore: prices.length > 0 ? prices : null,
    warning: { sinceMs, quartilesMs },
    basis: { floorMs: startMs, voucherDelays, quartilesMs },
  };
}

function longestDelayMs(delays: HistoryBasis['voucherDelays']): number {
  return Math.max(0, ...(delayAtoms(delays) ?? []).map(([steps]) => steps * gridMs));
}

/** What users repeat in these spans. The first that the log does not tell in time is the last that is asked about. */
export async function repeatsOf(
  metrics: MetricsStore,
  known: Known,
  spans: FirstLook['spans'],
): Promise<(arm: string) => RepeatLookup> {
  const providerOf = (arm: string, { role }: RepeatedSpan) =>
    role === 'baseline' ? known.policy.policy.baseline : arm;
  const key = (provider: string, { fromMs, toMs, limitMs, partSinceMs }: RepeatedSpan) =>
    `${provider} ${fromMs} ${toMs} ${limitMs} ${partSinceMs}`;
  const found = new Map<string, ReturnType<RepeatLookup>>();
  for (const span of spans) {
    const provider = providerOf(span.arm, span);
    if (found.has(key(provider, span)) || span.role === 'everyone') continue;
    const answer = await metrics.repeats(provider, span);
    if (answer === null) break;
    found.set(key(provider, span), answer);
  }
  return (arm) => (span) => found.get(key(providerOf(arm, span), span)) ?? null;
}

/** The first rows of all users since a candidate's early warning began, up to the last full minute. */
export async function usersOf(
  metrics: MetricsStore,
  known: Known,
  candidate: string,
  { warning }: Pick<BesideArm, 'warning'>,
): Promise<FirstOfUsers | null> {
  if (warning === null) return null;
  const { baseline } = known.policy.policy;
  const { sinceMs, quartilesMs } = warning;
  const toMs = Math.floor(known.nowMs / usersEveryMs) * usersEveryMs;
  // Rows that come late are counted with the next minute's.
  return metrics.answers.to(['users', candidate, baseline, sinceMs, toMs, quartilesMs], 0, known.nowMs, () =>
    metrics.firstOfUsers(candidate, baseline, sinceMs, toMs, quartilesMs),
  );
}
