import { type Random, seeded } from '@/lib/replay/simulate/chance';
import { firstRollback, type Rollback, simulatedFacts } from '@/lib/replay/simulate/simulated-rollout';
import { type Behaviour, simulateTraffic } from '@/lib/replay/simulate/simulated-traffic';
import { gridMs } from '@/lib/rule/buckets/history';
import { logBinomialTail } from '@/lib/rule/stats/binomial';
import { defaultPolicy, type Policy, type Stage } from '@/lib/split/policy/policy';

/** So many candidates a split may have here; most have one. */
const candidateCounts = [1, 1, 1, 2, 3];
const slowestPerMinute = 3;
const costUsd = 0.01;
const stepsPerHour = 3_600_000 / gridMs;

/** A split in which nothing is wrong: how many candidates, and how many requests each of them gets a minute. */
export interface HealthySplit {
  readonly candidates: readonly string[];
  readonly perMinute: number;
}

export interface Watched {
  /** Until it was rolled back, or to the end. */
  readonly hours: number;
  readonly rollback: Rollback | null;
}

/** From 3 to 100 requests a minute for each candidate, as many splits in each doubling. */
export function drawSplit(random: Random, most = Number.POSITIVE_INFINITY): HealthySplit {
  const count = candidateCounts[Math.floor(random() * candidateCounts.length)] ?? 1;
  const candidates = Array.from({ length: Math.min(most, count) }, (_, i) => `x${i + 1}`);
  return { candidates, perMinute: slowestPerMinute * (100 / slowestPerMinute) ** random() };
}

/** The shipped lines, a tenth for each candidate; the evidence that each is asked for grows with their number. */
export function policyOf({ candidates }: HealthySplit): Policy & { readonly stages: readonly [Stage] } {
  const arms = Object.fromEntries(candidates.map((arm) => [arm, 0.1]));
  const weights = { base: 1 - candidates.length / 10, ...arms };
  const rollback = { base: 1, ...Object.fromEntries(candidates.map((arm) => [arm, 0])) };
  const stage: Stage = { name: 'D1', weights, observeSeconds: stepsPerHour * 10 };
  return { ...defaultPolicy, baseline: 'base', candidates, stages: [stage], rollback };
}

/** Half of each line, as a provider that gives no reason to go. */
const healthy = (perMinute: number): Behaviour => ({
  perMinute,
  ...{ failureRate: 0.01, slowShare: 0.02, voucherRate: 0.025, costUsd, costSpread: 0.1 },
});

/** One split for some hours, judged every ten seconds by the live rule. */
export function watchSplit(split: HealthySplit, hours: number, random: Random, behaviour = healthy): Watched {
  const policy = policyOf(split);
  const steps = hours * stepsPerHour;
  const traffic = () => simulateTraffic(policy, steps, () => behaviour(split.perMinute), random);
  const histories = Object.fromEntries(policy.candidates.map((arm) => [arm, traffic()]));
  const rollback = firstRollback(simulatedFacts(policy, policy.stages[0], histories, costUsd), 1, steps);
  return { hours: (rollback?.at ?? steps) / stepsPerHour, rollback };
}

/** What is counted of many splits, or of one. */
export interface Tally {
  readonly hours: number;
  readonly rollbacks: number;
}

export interface SideBySide {
  readonly splits: number;
  readonly hours: number;
}

/**
 * So many splits beside each other, and as many hours of one split with one candidate. Each split is its own
 * stream of chance, so that its part of a round is the same whoever stands beside it.
 */
export function tallyRound(
  { splits, hours }: SideBySide,
  round: number,
): { readonly many: Tally; readonly one: Tally } {
  const tally = (most: number, salt: number): Tally => {
    let [watched, rollbacks] = [0, 0];
    for (let n = 0; n < splits; n++) {
      const random = seeded(Math.imul(round * 1_000_003 + n * 7919 + salt, 0x9e3779b1));
      const found = watchSplit(drawSplit(random, most), hours, random);
      watched += found.hours;
      if (found.rollback !== null) rollbacks++;
    }
    return { hours: watched, rollbacks };
  };
  return { many: tally(Number.POSITIVE_INFINITY, 0), one: tally(1, 499_979) };
}

export function sumOf(tallies: readonly Tally[]): Tally {
  const sum = (of: (tally: Tally) => number) => tallies.reduce((total, tally) => total + of(tally), 0);
  return { hours: sum(({ hours }) => hours), rollbacks: sum(({ rollbacks }) => rollbacks) };
}

/** Rollbacks per split and hour with the exact 95 % interval of a Poisson count (Garwood). */
export function rateOf({ hours, rollbacks }: Tally): {
  readonly rate: number;
  readonly low: number;
  readonly high: number;
} {
  const low = rollbacks === 0 ? 0 : meanWhere((mean) => 1 - poissonUpTo(rollbacks - 1, mean) < 0.025, rollbacks);
  const high = meanWhere((mean) => poissonUpTo(rollbacks, mean) > 0.025, rollbacks);
  return { rate: rollbacks / hours, low: low / hours, high: high / hours };
}

/** How likely many splits have so many rollbacks, or more, where their rate is that of one: given the total, a binomial. */
export function chanceIfAlike(many: Tally, one: Tally): number {
  if (many.rollbacks === 0) return 1;
  const share = many.hours / (many.hours + one.hours);
  return Math.exp(logBinomialTail(many.rollbacks, many.rollbacks + one.rollbacks, share));
}

/** The largest mean of which it still holds. */
function meanWhere(holds: (mean: number) => boolean, count: number): number {
  let [low, high] = [0, 10 + 4 * count];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

function poissonUpTo(count: number, mean: number): number {
  let [logPoint, sum] = [-mean, Math.exp(-mean)];
  for (let k = 1; k <= count; k++) {
    logPoint += Math.log(mean / k);
    sum += Math.exp(logPoint);
  }
  return sum;
}
