import type { Policy } from '@/lib/split/policy/policy';
import { stageOf } from '@/lib/split/stages';
import { shareOf, type Weights } from '@/lib/split/weights';
import type { Control } from '../control';
import type { SplitRow, StoredSplit } from '../flags/split-row';
import { routersOf, type SeenInstance } from './instance-facts';

/** How far back instances are asked for. */
export const instanceSeconds = 600;
/** Without a known start of the rollout nothing is cut off: the candidate's rows are all there is to judge. */
const unknownStartMs = 86_400_000;

/**
 * The split as it is in force. A row that may be used is; where it is gone or holds what no process takes, it is what
 * instances route by, with the clocks and the latch of the last good row. Version 0: the next write makes the row.
 */
export function splitAsRouted(stored: StoredSplit, policy: Policy, instances: readonly SeenInstance[]): SplitRow {
  const { row, lastGood, nowMs } = stored;
  if (row !== null && row.weightsFault === null) return withStart(row, policy, nowMs);
  const routed = routedWeights(instances, policy, nowMs);
  const known = row ?? (lastGood === null ? missingSplit(policy) : { ...lastGood, version: 0 });
  const weights = routed ?? known.weights;
  const stage = stageOf(weights, policy, known.latched);
  const weightsFault = row === null ? missingFault(stored, instances) : row.weightsFault;
  return withStart({ ...known, weights, stage, weightsFault }, policy, nowMs);
}

/** What the candidate has a share of is judged, also where nobody knows since when. */
function withStart(row: SplitRow, policy: Policy, nowMs: number): SplitRow {
  if (row.rolloutStartedAtMs !== null || shareOf(row.weights, policy.candidate) === 0) return row;
  return { ...row, rolloutStartedAtMs: nowMs - unknownStartMs };
}

export async function readSplitAsRouted(
  control: Pick<Control, 'flags' | 'instances'>,
  policy: Policy,
): Promise<SplitRow> {
  const [stored, instances] = await Promise.all([control.flags.readSplit(), control.instances.list(instanceSeconds)]);
  return splitAsRouted(stored, policy, instances);
}

/** The weights that living routers go by; where they differ, those that give the candidate most. null: nobody routes. */
function routedWeights(instances: readonly SeenInstance[], policy: Policy, nowMs: number): Weights | null {
  const share = (weights: Weights) => shareOf(weights, policy.candidate);
  const routed = routersOf(instances, nowMs).flatMap(({ weights }) => (weights === null ? [] : [weights]));
  return routed.reduce<Weights | null>(
    (most, each) => (most === null || share(each) > share(most) ? each : most),
    null,
  );
}

/** A row that never was is a beginning; one that is gone is a fault. */
function missingFault({ lastGood, nowMs }: StoredSplit, instances: readonly SeenInstance[]): string | null {
  const wasRead = lastGood !== null || routersOf(instances, nowMs).some(({ version }) => version !== null);
  return wasRead ? 'the row was deleted' : null;
}

/** A split that never had a row stands where a rollback would put it. */
function missingSplit(policy: Policy): SplitRow {
  return {
    version: 0,
    weights: policy.rollback,
    stage: 'baseline',
    stageStartedAtMs: null,
    stageBy: null,
    rolloutStartedAtMs: null,
    pausedAtMs: null,
    pausedBy: null,
    pauseReason: null,
    pausedSeconds: 0,
    latched: false,
    latchedAtMs: null,
    latchedBy: null,
    latchReason: null,
    latchJournalId: null,
    baselineCostUsd: null,
    updatedAtMs: 0,
    isStored: false,
    weightsFault: null,
  };
}
