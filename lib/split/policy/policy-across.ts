import { shareOf } from '../weights';
import type { Policy } from './policy';

/** Rules 2 to 6 of GEN_ROLLOUT_POLICY: what its fields say about each other. */
export function faultsAcross(policy: Policy, registered: readonly string[] | undefined): string[] {
  const { baseline, candidate, stages, rollback, redLines } = policy;
  const faults: string[] = [];
  if (baseline === candidate) faults.push(`policy.candidate is "${candidate}"; it must differ from policy.baseline`);
  const placed = [
    ...stages.map((each, i) => [`policy.stages[${i}].weights`, each.weights] as const),
    ['policy.rollback', rollback] as const,
  ];
  for (const [place, weights] of placed) {
    for (const name of [baseline, candidate].filter((each) => !Object.hasOwn(weights, each)))
      faults.push(`${place} does not name "${name}"; it must name the baseline and the candidate`);
    for (const name of Object.keys(weights).filter((each) => registered && !registered.includes(each)))
      faults.push(
        `${place} names "${name}", which is no registered provider; registered are ${registered?.join(', ')}`,
      );
  }
  let share = shareOf(rollback, candidate);
  for (const [i, stage] of stages.entries()) {
    const next = shareOf(stage.weights, candidate);
    if (next <= share)
      faults.push(
        `policy.stages[${i}].weights gives ${candidate} ${next}; it must be more than ${share}, what the step before gives`,
      );
    share = next;
  }
  faults.push(
    ...repeated(stages.map((each) => each.name)).map(
      (name) => `policy.stages names "${name}" twice; names must be unique`,
    ),
  );
  faults.push(
    ...repeated(redLines.map((each) => each.metric)).map(
      (name) => `policy.redLines has ${name} twice; one line a metric`,
    ),
  );
  return faults;
}

const repeated = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, i) => names.indexOf(name) !== i)),
];
