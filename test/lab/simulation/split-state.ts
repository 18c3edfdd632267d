import type { SplitRow } from '@/lib/control/flags/stored-flags';
import type { Policy } from '@/lib/split/policy/policy';
import { isLive, latchedArms, stageOf } from '@/lib/split/stages';
import { sameWeights, type Weights } from '@/lib/split/weights';

export interface Said {
  readonly actor: string;
  readonly verb: string;
  readonly reason: string | null;
  /** The version that the writer had seen; null: whatever is there. */
  readonly expectedVersion?: number | null;
}

export const atRest = (weights: Weights, policy: Policy): boolean =>
  sameWeights(weights, policy.rollback) || !isLive(weights, policy);

const nothing = { pausedAtMs: null, pausedBy: null, pauseReason: null };
const unlatched = { latched: false, latchedAtMs: null, latchedBy: null, latchReason: null, latchJournalId: null };
const newborn: Omit<SplitRow, 'weights' | 'version' | 'stage' | 'updatedAtMs' | 'arms'> = {
  ...{ ...nothing, ...unlatched, stageStartedAtMs: null, stageBy: null, rolloutStartedAtMs: null },
  ...{ pausedSeconds: 0, baselineCostUsd: null, isStored: true, weightsFault: null },
};

export interface StateWrite {
  readonly was: SplitRow | null;
  readonly weights: Weights;
  readonly said: Said;
  readonly policy: Policy;
  readonly nowMs: number;
  readonly version: number;
  readonly journalId: number;
  /** The baseline's mean of the 24 h before now. */
  readonly baselineMean: () => number | null;
}

/** The trigger `sluice.keep_state` in words of TypeScript; `state-model.int.test.ts` proves that they agree. */
export function keepState({
  was,
  weights,
  said,
  policy,
  nowMs,
  version,
  journalId,
  baselineMean,
}: StateWrite): SplitRow {
  let row: SplitRow = {
    ...(was ?? { ...newborn, stage: '' }),
    ...{ weights, version, updatedAtMs: nowMs },
  } as SplitRow;
  if (said.verb === 'pause' && row.pausedAtMs === null)
    row = { ...row, pausedAtMs: nowMs, pausedBy: said.actor, pauseReason: said.reason };
  else if (said.verb === 'resume' && row.pausedAtMs !== null) {
    const since = Math.max(row.pausedAtMs, row.stageStartedAtMs ?? 0);
    row = { ...row, ...nothing, pausedSeconds: row.pausedSeconds + (nowMs - since) / 1000 };
  } else if (said.verb === 'rearm') row = { ...row, ...unlatched };

  if (was === null || !sameWeights(was.weights, weights)) {
    const isOut = was === null || !isLive(was.weights, policy);
    if (!atRest(weights, policy)) row = { ...row, ...unlatched };
    else if (was !== null && !atRest(was.weights, policy))
      row = {
        ...{ ...row, ...nothing, latched: true, latchedAtMs: nowMs, latchedBy: said.actor, latchReason: said.reason },
        latchJournalId: journalId,
      };
    if (isOut && isLive(weights, policy)) row = { ...row, rolloutStartedAtMs: nowMs, baselineCostUsd: baselineMean() };
    row = { ...row, stageStartedAtMs: nowMs, stageBy: said.actor, pausedSeconds: 0 };
  }
  const { rolloutStartedAtMs, latchedAtMs, latchedBy, latchReason: reason } = row;
  const arm = { rolloutStartedAtMs, latchedAtMs, latchedBy, reason };
  const arms = Object.fromEntries(policy.candidates.map((name) => [name, arm]));
  return { ...row, arms, stage: stageOf(weights, policy, latchedArms(arms)) };
}
