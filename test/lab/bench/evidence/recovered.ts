import { type Behaviour, simulateTraffic } from '@/lib/replay/simulate/simulated-traffic';
import type { Rule, Trial } from '@/lib/replay/simulate/trials';

/** How often each rule acts on an outage of a minute that is long over before anything could be held. */
export function recovered(trial: Trial, sick: Behaviour, rules: readonly Rule[]): number[] {
  const onset = 180;
  const ended = rules.map(() => 0);
  for (let run = 0; run < trial.runs; run++) {
    const behave = (step: number) => (step > onset && step <= onset + 6 ? sick : trial.healthy);
    const history = simulateTraffic(trial.policy, onset + 180, behave, trial.random);
    for (const [i, rule] of rules.entries())
      if (rule(history, onset + 1, onset + 180) !== null) ended[i] = (ended[i] ?? 0) + 1;
  }
  return ended.map((count) => count / trial.runs);
}
