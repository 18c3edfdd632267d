import type { Snapshot } from '@/lib/api/snapshot';

type Candidates = Pick<Snapshot, 'arms' | 'candidate' | 'without' | 'weights'>;
type Named = Pick<Snapshot, 'arms' | 'candidate'>;
type Observed = Named & Pick<Snapshot, 'observation'>;

/** Who serves this arm; an arm that is not listed is named by its provider. */
export const providerOf = ({ arms }: Pick<Snapshot, 'arms'>, arm: string): string =>
  arms.find(({ name }) => name === arm)?.provider ?? arm;

/** All of the policy, in its order. */
export function candidatesOfPlan({ arms, candidate }: Named): readonly string[] {
  const named = arms.filter(({ role }) => role === 'candidate').map(({ name }) => name);
  return named.length > 0 ? named : [candidate];
}

/** Then what is said of a candidate has to say of which. */
export const areSeveral = (snapshot: Named): boolean => candidatesOfPlan(snapshot).length > 1;

/** The candidates that the stage goes on with; all of them where none is left. */
export function candidatesIn({ arms, candidate, without }: Candidates): readonly string[] {
  const all = candidatesOfPlan({ arms, candidate });
  const going = all.filter((name) => !without.includes(name));
  return going.length > 0 ? going : all;
}

/** What they take together, now or by other weights. */
export function candidateShare(snapshot: Candidates, weights = snapshot.weights): number {
  const share = candidatesIn(snapshot).reduce((sum, name) => sum + (weights[name] ?? 0), 0);
  return Number(share.toFixed(9));
}

/** Of this candidate since the stage began. */
export function requestsOf(snapshot: Observed, arm: string): number {
  const { arms, observation } = snapshot;
  const counted = areSeveral(snapshot) ? arms.find(({ name }) => name === arm)?.requests : undefined;
  return counted ?? observation.requests;
}

/** Whether this candidate has had the requests that its stage asks for; before that, nothing of it is called clear. */
export function hasEnough(snapshot: Observed & Pick<Snapshot, 'weights'>, arm: string): boolean {
  return (snapshot.weights[arm] ?? 0) === 0 || requestsOf(snapshot, arm) >= snapshot.observation.needed_requests;
}

type Resting = Pick<Snapshot, 'arms' | 'weights' | 'weights_fault' | 'baseline' | 'seen_by_all' | 'providers'>;

/**
 * Everything is at the baseline, every instance routes so, and what is stored is what is routed by: a baseline that cannot
 * be called has its share taken by a candidate.
 */
export function isAtRest(snapshot: Resting): boolean {
  const { weights, weights_fault: fault, baseline, seen_by_all: isSeen, providers } = snapshot;
  if (fault !== null || !isSeen) return false;
  if (providers[providerOf(snapshot, baseline)]?.configured !== true) return false;
  return Object.entries(weights).every(([arm, share]) => arm === baseline || share === 0);
}
