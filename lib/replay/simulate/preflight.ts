import { gridSeconds } from '@/lib/rule/buckets/bucket';
import { judgedBy, type Metric } from '@/lib/split/policy/metrics';
import type { Policy, Stage } from '@/lib/split/policy/policy';
import { shareOf } from '@/lib/split/weights';
import { assumedHabits, jobOutlooks } from '../job-outlook';
import type { Random } from './chance';
import { shippedRule } from './simulated-rollout';
import type { Behaviour } from './simulated-traffic';
import { detections, falseRollbacks, type Trial } from './trials';

interface PreflightOptions {
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
  /** The candidate of this row, where there is more than one. */
  readonly arm?: string;
  readonly candidate_per_minute: number;
  /** How often the stage ends although nothing is wrong. */
  readonly false_rollback: number;
  readonly outage_median_minutes: number | null;
  readonly outage_p90_minutes: number | null;
  readonly tenth_failing_median_minutes: number | null;
  readonly tenth_failing_p90_minutes: number | null;
  /** The smallest failure rate found within the stage nine times in ten; null when not even an outage is. */
  readonly smallest_failure_rate_found: number | null;
  readonly hours_to_min_requests: number | null;
  /** Of a split of jobs: from the first create until how they end can be judged; null: not in this stage's windows. */
  readonly minutes_until_jobs_known?: number | null;
}

const severities = [0.03, 0.04, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 1];
/** A stage without an end is looked at for this long. */
const endlessSteps = 1080;
const costUsd = 0.01;

/** What a policy can see before anyone relies on it, by the very rule that will run. */
export function preflight(options: PreflightOptions): PreflightRow[] {
  const live = options.policy.candidates.filter((arm) => shareOf(options.stage.weights, arm) > 0);
  const arms = live.length > 0 ? live : options.policy.candidates;
  return options.levels.flatMap((perMinute) => arms.map((arm) => preflightRow(options, perMinute, arm)));
}

function preflightRow(options: PreflightOptions, perMinute: number, arm: string): PreflightRow {
  const { stage, random, runs } = options;
  const policy = asAnswered(options.policy);
  const candidatePerMinute = perMinute * shareOf(stage.weights, arm);
  const healthy = healthyFor(policy, candidatePerMinute);
  const steps = stage.observeSeconds === null ? endlessSteps : stage.observeSeconds / gridSeconds;
  const rule = [shippedRule(policy, stage, costUsd, arm)];
  const trial = (count: number): Trial => ({ policy, healthy, random, runs: Math.max(1, count) });
  const found = (failureRate: number, count: number) =>
    detections(trial(count), { ...healthy, failureRate }, steps, rule)[0] ?? { median: 0, p90: 0, detected: 0 };
  const outage = found(1, runs);
  const tenth = found(0.1, runs);
  const worse = severities.filter((rate) => rate > healthy.failureRate);
  return {
    requests_per_minute: perMinute,
    ...(policy.candidates.length > 1 ? { arm } : {}),
    candidate_per_minute: candidatePerMinute,
    false_rollback: falseRollbacks(trial(runs * 4), steps, rule)[0] ?? 0,
    outage_median_minutes: minutes(outage.median),
    outage_p90_minutes: minutes(outage.p90),
    tenth_failing_median_minutes: minutes(tenth.median),
    tenth_failing_p90_minutes: minutes(tenth.p90),
    smallest_failure_rate_found:
      outage.detected < 0.9 ? null : (worse.find((rate) => found(rate, Math.ceil(runs / 4)).detected >= 0.9) ?? null),
    hours_to_min_requests: candidatePerMinute > 0 ? policy.minRequests / candidatePerMinute / 60 : null,
    ...untilJobsKnown(options, perMinute, arm),
  };
}

/** What is simulated are answers: of a split of jobs whether they are accepted, and what they cost. */
function asAnswered(policy: Policy): Policy {
  if (judgedBy(policy) === 'image') return policy;
  const names: Partial<Record<Metric, Metric>> = {
    accept_failure_rate: 'failure_rate',
    cost_per_unit: 'cost_per_image',
  };
  const redLines = policy.redLines.flatMap((line) => {
    const metric = names[line.metric];
    return metric === undefined ? [] : [{ ...line, metric }];
  });
  return { ...policy, redLines };
}

/** By the arms of the stage as they are; `job-outlook.ts` says more of it. */
function untilJobsKnown({ policy, stage }: PreflightOptions, perMinute: number, arm: string) {
  if (judgedBy(policy) !== 'job') return {};
  const outlook = jobOutlooks(policy, stage, assumedHabits(policy, perMinute)).find((each) => each.arm === arm);
  return { minutes_until_jobs_known: outlook?.known_after_minutes ?? null };
}

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
