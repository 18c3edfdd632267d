import { jsonText } from '@/lib/kernel/json-text';
import { shownText } from '@/lib/kernel/plain-text';
import { StoreAway } from '@/lib/kernel/store-away';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { atomically, isOpen, limitWaits } from '@/lib/postgres/transaction';
import { lockHolders } from './lock-holders';
import type { SplitRow } from './stored-flags';

/** A flag write, journaled in the same transaction. */
export interface FlagWrite {
  readonly verb: 'advance' | 'rollback' | 'pause' | 'resume' | 'rearm' | 'weights' | 'policy' | 'override';
  readonly actor: string;
  readonly reason: string | null;
  readonly evidence?: unknown;
  readonly policyVersion?: number | null;
  /** The only arm that a re-arm is about; left out, all of them. */
  readonly arm?: string;
  /** Compare-and-set: refused when the row has moved on. null only for a rollback by a person. */
  readonly expectedVersion: number | null;
  /** The database's now at which the gates were judged: a write more than ten seconds later is stale as well. */
  readonly judgedAtMs?: number;
}

export type WriteOutcome =
  | { readonly kind: 'written'; readonly version: number; readonly journalId: number | null }
  | { readonly kind: 'stale'; readonly row: SplitRow | null; readonly by: string | null; readonly atMs: number | null }
  | { readonly kind: 'refused'; readonly sentence: string };

/** A rollback that has to wait is told so at once, frees the row and tries again. */
const lockMs = 1000;
const statementMs = 5000;
/** A store that was silent for so long before the write began: its caller has been told that it failed. */
const beginWithinMs = 2000;

/**
 * One journaled write: who, what and why are settings of the transaction, which the triggers read. `update` gives the
 * new version, or nothing when the row has moved on.
 */
export async function writeFlag(
  db: Sql | Tx,
  flagKey: string,
  write: FlagWrite,
  update: (tx: Tx) => Promise<readonly { version: number }[]>,
): Promise<Exclude<WriteOutcome, { kind: 'stale' }> | { kind: 'stale' }> {
  const askedAtMs = performance.now();
  const work = async (tx: Tx) => {
    if (!isOpen(db)) await limitWaits(tx, lockMs, statementMs);
    await sayWho(tx, write);
    if (performance.now() - askedAtMs > beginWithinMs) throw StoreAway.late('begin of a write', beginWithinMs);
    const [row] = await update(tx);
    if (row === undefined) return { kind: 'stale' } as const;
    const [entry] = await tx<{ id: number }[]>`
      select j.id from sluice.journal j where j.flag_key = ${flagKey} order by j.seq desc limit 1`;
    return { kind: 'written', version: row.version, journalId: entry?.id ?? null } as const;
  };
  try {
    return await atomically(db, work);
  } catch (error) {
    const sentence = refusalOf(error);
    if (sentence === null) throw isOpen(db) ? error : await withHolders(db, error);
    return { kind: 'refused', sentence };
  }
}

/** A wait that was given up says for whom. */
async function withHolders(sql: Sql, error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || (error as { code?: unknown }).code !== '55P03') return error;
  return Object.assign(error, { heldBy: await lockHolders(sql).catch(() => []) });
}

/** What people write is judged at the doors; a rollback by itself is never refused for a provider's strange name. */
async function sayWho(tx: Tx, write: FlagWrite): Promise<void> {
  const [actor, reason] = [shownText(write.actor), shownText(write.reason ?? '')];
  await tx`select set_config('sluice.actor', ${actor}, true), set_config('sluice.verb', ${write.verb}, true),
    set_config('sluice.reason', ${reason}, true),
    set_config('sluice.evidence', ${write.evidence === undefined ? '' : jsonText(write.evidence)}, true),
    set_config('sluice.arm', ${write.arm ?? ''}, true),
    set_config('sluice.policy_version', ${write.policyVersion == null ? '' : String(write.policyVersion)}, true)`;
}

/** The guard's sentence without the flag's name, which the caller knows. */
function refusalOf(error: unknown): string | null {
  const { code, message } = error as { code?: string; message?: string };
  if (code !== '22023' || message === undefined) return null;
  return message.replace(/^\S+ was not (changed|deleted): /, '');
}
