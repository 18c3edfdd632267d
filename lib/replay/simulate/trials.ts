import { gridSeconds } from '@/lib/rule/buckets/bucket';
import type { History } from '@/lib/rule/buckets/history';
import type { Policy } from '@/lib/split/policy/policy';
import type { Random } from './chance';
import { type Behaviour, simulateTraffic } from './simulated-traffic';

/** When a rule would have rolled back, as a grid index in [from, to]; null when never. */
export type Rule = (history: History, from: number, to: number) => number | null;

/** How often to make up which traffic. */
export interface Trial {
  readonly policy: Policy;
  readonly healthy: Behaviour;
  readonly random: Random;
  readonly runs: number;
}

/** How many of the stages of this length each rule ends, on the same traces. */
export function falseRollbacks(trial: Trial, steps: number, rules: readonly Rule[]): number[] {
  const ended = rules.map(() => 0);
  for (let run = 0; run < trial.runs; run++) {
    const history = simulateTraffic(trial.policy, steps, () => trial.healthy, trial.random);
    for (const [i, rule] of rules.entries()) if (rule(history, 1, steps) !== null) ended[i] = (ended[i] ?? 0) + 1;
  }
  return ended.map((count) => count / trial.runs);
}

export interface Detection {
  /** Seconds from onset to the tick that acts. Undetected counts as infinite. */
  readonly median: number;
  readonly p90: number;
  readonly detected: number;
}

/** A healthy half hour, then `sick` until the horizon; rules that act before the onset are asked again from there. */
export function detections(trial: Trial, sick: Behaviour, horizonSteps: number, rules: readonly Rule[]): Detection[] {
  const onset = 180;
  const times = rules.map((): number[] => []);
  for (let run = 0; run < trial.runs; run++) {
    const history = outage(trial, onset, horizonSteps, sick);
    for (const [i, rule] of rules.entries()) {
      const at = rule(history, onset + 1, onset + horizonSteps);
      times[i]?.push(at === null ? Number.POSITIVE_INFINITY : (at - onset) * gridSeconds);
    }
  }
  return times.map(summary);
}

function outage(trial: Trial, onset: number, steps: number, sick: Behaviour): History {
  return simulateTraffic(trial.policy, onset + steps, (step) => (step > onset ? sick : trial.healthy), trial.random);
}

function summary(times: readonly number[]): Detection {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { median: at(0.5), p90: at(0.9), detected: times.filter(Number.isFinite).length / times.length };
}
