import { shareOf } from '../weights';
import { isJobMetric } from './metrics';
import type { Policy, RedLine } from './policy';

/** Rules 2 to 6 of GEN_ROLLOUT_POLICY: what its fields say about each other. */
export function faultsAcross(policy: Policy, registered: readonly string[] | undefined): string[] {
  const { baseline, candidates, stages, rollback, redLines } = policy;
  const both = candidates.length === 1 ? 'the baseline and the candidate' : 'the baseline and every candidate';
  const faults: string[] = [];
  if (candidates.length === 1 && candidates.includes(baseline))
    faults.push(`policy.candidate is "${baseline}"; it must differ from policy.baseline`);
  else if (candidates.includes(baseline))
    faults.push(`policy.candidates has "${baseline}"; it must differ from policy.baseline`);
  faults.push(...repeated(candidates).map((name) => `policy.candidates has "${name}" twice; each arm once`));
  const placed = [
    ...stages.map((each, i) => [`policy.stages[${i}].weights`, each.weights] as const),
    ['policy.rollback', rollback] as const,
  ];
  for (const [place, weights] of placed) {
    for (const name of [baseline, ...candidates].filter((each) => !Object.hasOwn(weights, each)))
      faults.push(`${place} does not name "${name}"; it must name ${both}`);
    for (const name of Object.keys(weights).filter((each) => registered && !registered.includes(each)))
      faults.push(`${place} names "${name}", which is no arm of this split; its arms are ${registered?.join(', ')}`);
  }
  faults.push(...(candidates.length === 1 ? notRising(policy, candidates[0] ?? '') : notRisingTogether(policy)));
  faults.push(
    ...repeated(stages.map((each) => each.name)).map(
      (name) => `policy.stages names "${name}" twice; names must be unique`,
    ),
  );
  const [ofJobs, ofImages] = [redLines.find(isOfJobs), redLines.find((each) => !isOfJobs(each))];
  if (ofJobs !== undefined && ofImages !== undefined)
    faults.push(`policy.redLines has ${ofImages.metric} and ${ofJobs.metric}; a split is of jobs, or it is not`);
  faults.push(
    ...repeated(redLines.map((each) => each.metric)).map(
      (name) => `policy.redLines has ${name} twice; one line a metric`,
    ),
  );
  return faults;
}

/** From step to step the one candidate's share rises. */
function notRising({ stages, rollback }: Policy, candidate: string): string[] {
  const shares = [rollback, ...stages.map((each) => each.weights)].map((weights) => shareOf(weights, candidate));
  return stages.flatMap((_, i) => {
    const [before = 0, next = 0] = [shares[i], shares[i + 1]];
    if (next > before) return [];
    return `policy.stages[${i}].weights gives ${candidate} ${next}; it must be more than ${before}, what the step before gives`;
  });
}

/** From step to step no candidate's share falls, and at least one rises. */
function notRisingTogether({ stages, rollback, candidates }: Policy): string[] {
  const steps = [rollback, ...stages.map((each) => each.weights)];
  return stages.flatMap((stage, i) => {
    const before = steps[i] ?? rollback;
    const fallen = candidates.filter((arm) => shareOf(stage.weights, arm) < shareOf(before, arm));
    if (fallen.length > 0)
      return fallen.map(
        (arm) =>
          `policy.stages[${i}].weights gives ${arm} ${shareOf(stage.weights, arm)}; it must not be less than ${shareOf(before, arm)}, what the step before gives`,
      );
    if (candidates.some((arm) => shareOf(stage.weights, arm) > shareOf(before, arm))) return [];
    return `policy.stages[${i}].weights gives no candidate more than the step before; at least one share must rise`;
  });
}

const isOfJobs = ({ metric }: RedLine): boolean => isJobMetric(metric);

const repeated = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, i) => names.indexOf(name) !== i)),
];
