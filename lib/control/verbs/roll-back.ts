import type { Written } from '@/lib/api/views';
import { excerpt } from '@/lib/kernel/excerpt';
import { Refusal } from '@/lib/kernel/refusal';
import { hasCode, isLockWait } from '@/lib/kernel/store-away';
import { afterRollbackOf, isLive, isUp } from '@/lib/split/stages';
import { sameWeights } from '@/lib/split/weights';
import type { Control } from '../control';
import type { StoredSplit } from '../flags/stored-flags';
import { settleWrite } from './settle-write';

interface RollbackRequest {
  readonly reason: string | null;
  readonly actor: string;
  /** The only arm that goes; left out, all of them. */
  readonly arm?: string;
}

const attempts = 4;

interface RolledBack extends Written {
  /** The stored row is valid and is the rollback's: nothing was written. */
  readonly already: boolean;
  /** Why what was stored could not be used, where the rollback took its place. */
  readonly mended: string | null;
}

/** Back to the baseline at once: no gate, no version, and it wins against whatever else is being written. */
export async function rollBack(control: Control, request: RollbackRequest): Promise<RolledBack> {
  for (let attempt = 1; ; attempt++) {
    try {
      if (request.arm !== undefined) return await rollArmBack(control, request.arm, request);
      return await writeRollback(control, request);
    } catch (error) {
      if (!isLockWait(error) || attempt >= attempts) throw error;
      // Left open in psql, `begin; update feature_flags …` holds the row: a rollback ends that session and does not wait.
      await control.ticks.freeSplit(0);
    }
  }
}

async function writeRollback({ flags }: Control, { actor, reason }: RollbackRequest): Promise<RolledBack> {
  const { policy, version: policyVersion } = await flags.readPolicy();
  const { row, lastGood } = await flags.readSplit().catch(unknownSplit);
  // A stand-in for a row that cannot be used says nothing of what is routed, so such a row is never already there.
  const isGood = row !== null && row.weightsFault === null;
  const isThere = isGood && sameWeights(row.weights, policy.rollback) && !isLive(row.weights, policy);
  if (isThere) return { version: row.version, journal_id: row.latchJournalId, already: true, mended: null };
  const write = { verb: 'rollback', actor, reason, policyVersion, expectedVersion: null } as const;
  const outcome = await flags.writeWeights(policy.rollback, write);
  const mended = row === null ? lastGood && 'the row was deleted' : row.weightsFault;
  return { ...settleWrite(outcome, 'weights-invalid', null), already: false, mended };
}

/**
 * One arm loses its share to the baseline, and no other moves: so its write depends on what the others have, and is
 * made again when that has changed.
 */
async function rollArmBack({ flags }: Control, arm: string, { actor, reason }: RollbackRequest): Promise<RolledBack> {
  for (let attempt = 1; ; attempt++) {
    const { policy, version: policyVersion } = await flags.readPolicy();
    if (!policy.candidates.includes(arm)) throw noArm(arm, policy.candidates);
    const { row } = await flags.readSplit();
    if (row === null || row.weightsFault !== null) throw unusable(arm, row?.weightsFault ?? 'the row was deleted');
    if (!isUp(row.weights, policy, arm))
      return { version: row.version, journal_id: row.latchJournalId, already: true, mended: null };
    const write = { verb: 'rollback', actor, reason, policyVersion, expectedVersion: row.version } as const;
    const outcome = await flags.writeWeights(afterRollbackOf(row.weights, policy, [arm]), write);
    if (outcome.kind === 'stale' && attempt < attempts) continue;
    return { ...settleWrite(outcome, 'weights-invalid', row.version), already: false, mended: null };
  }
}

export function noArm(arm: string, candidates: readonly string[]): Refusal {
  const known = `its candidates are: ${candidates.join(', ')}`;
  return new Refusal('no-such-arm', `"${excerpt(arm)}" is no candidate of this split; ${known}.`, { candidates });
}

function unusable(arm: string, fault: string): Refusal {
  const detail = `${arm} alone cannot be rolled back, for the stored weights cannot be used (${fault}): roll back the split.`;
  return new Refusal('weights-invalid', detail);
}

/** Where an update is not migrated yet, a table, function or column that the read names is missing; a write is not. */
function unknownSplit(error: unknown): Pick<StoredSplit, 'row' | 'lastGood'> {
  if (!hasCode(error, /^(?:42P01|42883|42703)$/)) throw error;
  return { row: null, lastGood: null };
}
