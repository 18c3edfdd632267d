import { gridSeconds } from '@/lib/rule/buckets/bucket';
import type { Metric, Policy, Stage } from '@/lib/split/policy/policy';
import { shareOf } from '@/lib/split/weights';
import type { Random } from './chance';
import { rateInBursts } from './regimes/bursts';
import { shippedRule } from './simulated-rollout';
import { type Behaviour, simulateTraffic } from './simulated-traffic';
import { detections, falseRollbacks, type Trial } from './trials';
import { type WarningTrial, type Worse, warnedShare } from './warned-of';

export interface PreflightOptions {
  readonly policy: Policy;
  /** The stage to look at: D1 before a rollout. */
  readonly stage: Stage;
  /** Requests a minute over all providers; the candidate gets its share of them. */
  readonly levels: readonly number[];
  readonly random: Random;
  /** Stages made up for each figure. */
  readonly runs: number;
}

/** What the policy can see at one level of traffic. Times are minutes from onset to rollback; null: not within the stage. */
export interface PreflightRow {
  readonly requests_per_minute: number;
  readonly candidate_per_minute: number;
  /** How often the stage ends although nothing is wrong. */
  readonly false_rollback: number;
  /** The same where failures come in bursts of 20 to 90 s and are as many in the mean. */
  readonly false_rollback_bursty: number;
  readonly outage_median_minutes: number | null;
  readonly outage_p90_minutes: number | null;
  readonly tenth_failing_median_minutes: number | null;
  readonly tenth_failing_p90_minutes: number | null;
  /** The smallest failure rate found within the stage nine times in ten; null when not even an outage is. */
  readonly smallest_failure_rate_found: number | null;
  /** What the early warning tells of nine times in ten before the stage ends: latencies this share longer than the baseline's; null: no such. */
  readonly smallest_slowdown_warned: number | null;
  /** The same for a failure rate, where the baseline's is half the red line. */
  readonly smallest_failure_rate_warned: number | null;
  readonly hours_to_min_requests: number | null;
}

type Found = Omit<PreflightRow, 'false_rollback_bursty' | 'smallest_slowdown_warned' | 'smallest_failure_rate_warned'>;
type Further = Omit<PreflightRow, keyof Found>;

const slowdowns = [0.1, 0.15, 0.2, 0.3, 0.5, 0.8, 1.5, 3];
const severities = [0.03, 0.04, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 1];
/** A stage without an end is looked at for this long. */
const endlessSteps = 1080;
const costUsd = 0.01;

/** What a policy can see before anyone relies on it, by the very rule that will run. */
export function preflight(options: PreflightOptions): PreflightRow[] {
  // One after the other, not level by level: what a seed gave before there were further figures, it gives still.
  const found = options.levels.map((perMinute) => foundAt(options, perMinute));
  return found.map((row) => ({ ...row, ...furtherAt(options, row.requests_per_minute) }));
}

function foundAt({ policy, stage, random, runs }: PreflightOptions, perMinute: number): Found {
  const candidatePerMinute = perMinute * shareOf(stage.weights, policy.candidate);
  const healthy = healthyFor(policy, candidatePerMinute);
  const steps = stepsOf(stage);
  const rule = [shippedRule(policy, stage, costUsd)];
  const trial = (count: number): Trial => ({ policy, healthy, random, runs: Math.max(1, count) });
  const found = (failureRate: number, count: number) =>
    detections(trial(count), { ...healthy, failureRate }, steps, rule)[0] ?? { median: 0, p90: 0, detected: 0 };
  const outage = found(1, runs);
  const tenth = found(0.1, runs);
  const worse = severities.filter((rate) => rate > healthy.failureRate);
  return {
    requests_per_minute: perMinute,
    candidate_per_minute: candidatePerMinute,
    false_rollback: falseRollbacks(trial(runs * 4), steps, rule)[0] ?? 0,
    outage_median_minutes: minutes(outage.median),
    outage_p90_minutes: minutes(outage.p90),
    tenth_failing_median_minutes: minutes(tenth.median),
    tenth_failing_p90_minutes: minutes(tenth.p90),
    smallest_failure_rate_found:
      outage.detected < 0.9 ? null : (worse.find((rate) => found(rate, Math.ceil(runs / 4)).detected >= 0.9) ?? null),
    hours_to_min_requests: candidatePerMinute > 0 ? policy.minRequests / candidatePerMinute / 60 : null,
  };
}

function furtherAt(options: PreflightOptions, perMinute: number): Further {
  const { policy, stage, random, runs } = options;
  const healthy = healthyFor(policy, perMinute * shareOf(stage.weights, policy.candidate));
  const steps = stepsOf(stage);
  const { failureRate } = healthy;
  const trial: WarningTrial = { policy, stage, perMinute, steps, failureRate, random, runs: Math.ceil(runs / 4) };
  const isWarned = (worse: Worse) => warnedShare(trial, worse) >= 0.9;
  const rates = [0.2, 0.35, 0.5, 1, 2, 4, 9].map((more) => failureRate * (1 + more)).filter((rate) => rate < 1);
  return {
    false_rollback_bursty: burstyRollbacks(options, healthy, steps),
    smallest_slowdown_warned: smallest(slowdowns, (more) => isWarned({ slower: 1 + more })),
    smallest_failure_rate_warned: smallest(rates, (rate) => isWarned({ failureRate: rate })),
  };
}

function burstyRollbacks({ policy, stage, random, runs }: PreflightOptions, healthy: Behaviour, steps: number): number {
  const rule = shippedRule(policy, stage, costUsd);
  let ended = 0;
  for (let run = 0; run < runs * 2; run++) {
    const rate = rateInBursts(healthy.failureRate, (steps * gridSeconds) / 60, random);
    const behave = (step: number) => ({ ...healthy, failureRate: rate(((step - 0.5) * gridSeconds) / 60) });
    if (rule(simulateTraffic(policy, steps, behave, random), 1, steps) !== null) ended++;
  }
  return ended / (runs * 2);
}

/** The least of an ascending list that is seen; null, at the price of one try, when not even the greatest is. */
function smallest(severities: readonly number[], isSeen: (severity: number) => boolean): number | null {
  const greatest = severities.at(-1);
  if (greatest === undefined || !isSeen(greatest)) return null;
  return severities.find(isSeen) ?? greatest;
}

const stepsOf = (stage: Stage): number =>
  stage.observeSeconds === null ? endlessSteps : stage.observeSeconds / gridSeconds;

/** Healthy is half of each line; prices as the baseline's. */
function healthyFor(policy: Policy, perMinute: number): Behaviour {
  const half = (metric: Metric) => (policy.redLines.find((line) => line.metric === metric)?.limit ?? 0) / 2;
  return {
    perMinute,
    failureRate: half('failure_rate'),
    slowShare: 0.02,
    voucherRate: half('regenerate_voucher_rate'),
    costUsd,
    costSpread: 0.1,
  };
}

const minutes = (seconds: number): number | null => (Number.isFinite(seconds) ? seconds / 60 : null);
