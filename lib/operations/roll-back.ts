import { sameWeights, shareOf } from '@/lib/rollout/weights';
import type { Control } from './control';
import { settleWrite, type Written } from './settle-write';

export interface RollbackRequest {
  readonly reason: string | null;
  readonly actor: string;
}

const attempts = 4;

/** Back to the baseline at once: no gate, no version, and it wins against whatever else is being written. */
export async function rollBack(control: Control, request: RollbackRequest): Promise<Written & { already: boolean }> {
  const { policy, version: policyVersion } = await control.flags.readPolicy();
  const { row } = await control.flags.readSplit();
  const isThere = row !== null && sameWeights(row.weights, policy.rollback) && !shareOf(row.weights, policy.candidate);
  if (isThere) return { version: row.version, journal_id: row.latchJournalId, already: true };
  for (let attempt = 1; ; attempt++) {
    try {
      const outcome = await control.flags.writeWeights(policy.rollback, {
        verb: 'rollback',
        actor: request.actor,
        reason: request.reason,
        policyVersion,
        expectedVersion: null,
      });
      return { ...settleWrite(outcome, 'weights-invalid', null), already: false };
    } catch (error) {
      if (!isLockTimeout(error) || attempt >= attempts) throw error;
      // Somebody left `begin; update feature_flags …` open in psql; a rollback does not wait for lunch to end.
      await control.ticks.freeSplit(0);
    }
  }
}

export function isLockTimeout(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === '55P03') || isLockTimeout(error.cause);
}
