import { gridMs, slowLimitOf, type Totals } from '@/lib/rule/buckets/history';
import { earlyWarnings } from '@/lib/rule/early-warning';
import type { Metric, Policy, Stage } from '@/lib/split/policy/policy';
import { shareOf } from '@/lib/split/weights';
import { Timeline } from '../timeline';
import { poisson, type Random } from './chance';
import { normalQuantile, normalShare } from './normal-share';
import { simulatedFacts } from './simulated-rollout';

/** Both arms of one stage, alike but for what the candidate does worse all the time. */
export interface WarningTrial {
  readonly policy: Policy;
  readonly stage: Stage;
  readonly perMinute: number;
  readonly steps: number;
  /** Of both, where the candidate's is not said to differ. */
  readonly failureRate: number;
  readonly runs: number;
  readonly random: Random;
}

export type Worse = { readonly failureRate: number } | { readonly slower: number };

/** Latencies spread log-normally by this: two thirds lie between six tenths and one and two thirds of the median. */
const sigma = 0.5;
/** The early warning judges half minutes. */
const block = 3;
/** Counted in order of latency, the classes stand for what is over each of the baseline's quartiles. */
const quartilesMs = [1, 2, 3] as const;

/** How often the early warning of this metric stands at the end of the stage. */
export function warnedShare(trial: WarningTrial, worse: Worse): number {
  const metric: Metric = 'slower' in worse ? 'p95_latency_ms' : 'failure_rate';
  let warned = 0;
  for (let run = 0; run < trial.runs; run++) if (warnings(trial, worse).includes(metric)) warned++;
  return warned / trial.runs;
}

function warnings(trial: WarningTrial, worse: Worse): Metric[] {
  const { policy, stage, steps, failureRate, perMinute, random } = trial;
  const timeline = new Timeline(0, slowLimitOf(policy), Math.ceil(steps / 2));
  timeline.reach(steps);
  const rows = (name: string) => (perMinute * shareOf(stage.weights, name) * block) / 6;
  const candidate = armOf(rows(policy.candidate), failureRate, worse);
  const baseline = armOf(rows(policy.baseline), failureRate, { slower: 1 });
  for (let step = 1; step <= steps; step += block) {
    put(timeline, timeline.candidate, step, candidate, random);
    put(timeline, timeline.baseline, step, baseline, random);
  }
  timeline.settle();
  const facts = simulatedFacts(policy, stage, timeline, 0);
  const told = earlyWarnings({ ...facts, warning: { sinceMs: 0, quartilesMs }, nowMs: steps * gridMs });
  return told.map(({ metric }) => metric);
}

/** Means of a block: rows that fail, rows that do not, and rows in each quarter of the baseline's latencies. */
interface ArmMeans {
  readonly failed: number;
  readonly ok: number;
  readonly quarters: readonly number[];
}

function armOf(rows: number, usual: number, worse: Worse): ArmMeans {
  const failureRate = 'failureRate' in worse ? worse.failureRate : usual;
  const shift = 'slower' in worse ? Math.log(worse.slower) / sigma : 0;
  const over = [0.75, 0.5, 0.25].map((share) => 1 - normalShare(normalQuantile(1 - share) - shift));
  const quarters = [1, ...over].map((share, i) => rows * (share - (over[i] ?? 0)));
  return { failed: rows * failureRate, ok: rows * (1 - failureRate), quarters };
}

/** Failures and latencies are watched apart, so their rows are drawn apart. */
function put(timeline: Timeline, totals: Totals, step: number, { failed, ok, quarters }: ArmMeans, random: Random) {
  const failures = poisson(failed, random);
  timeline.add(totals.failures, step, failures);
  timeline.add(totals.requests, step, failures + poisson(ok, random));
  const [all, q1, q2, q3] = quarters.map((mean) => poisson(mean, random)).map((_, i, each) => sum(each.slice(i)));
  timeline.add(totals.latencies, step, all ?? 0);
  timeline.add(totals.overQ1, step, q1 ?? 0);
  timeline.add(totals.overQ2, step, q2 ?? 0);
  timeline.add(totals.overQ3, step, q3 ?? 0);
}

const sum = (each: readonly number[]): number => each.reduce((all, one) => all + one, 0);
