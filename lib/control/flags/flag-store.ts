import { Refusal } from '@/lib/kernel/refusal';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { isOpen, limitWaits } from '@/lib/postgres/transaction';
import { policyKeyOf } from '@/lib/split/split-key';
import { normalise, type Weights, weightsText } from '@/lib/split/weights';
import { type FlagWrite, type WriteOutcome, writeFlag } from './flag-write';
import { LastGood, type PolicyRow, readPolicyRow } from './last-good';
import { type SplitRow, type StoredSplit, selectSplits, storedSplitOf } from './stored-flags';

const readLockMs = 1000;
const readStatementMs = 5000;

export type FlagStore = ReturnType<typeof flagStore>;

/** The split's row and the policy. Inside a transaction each write is a savepoint of it. */
export function flagStore(db: Sql | Tx, split: string, lastGood = new LastGood(split)) {
  const policyKey = policyKeyOf(split);
  const splitFrom = async (on: Sql | Tx): Promise<StoredSplit> => {
    const [row] = await selectSplits(on, [split]);
    if (row === undefined) throw new Error('the database gave no row for its own clock');
    return storedSplitOf(row, lastGood.learn(row.policy, row.registered).policy);
  };
  /** The split's row and the database's now, in one statement. */
  const readSplit = (): Promise<StoredSplit> => withoutWaiting(db, splitFrom);
  /** Without a policy it is not known where the split stands. */
  const standing = (): Promise<SplitRow | null> =>
    readSplit().then(
      ({ row }) => row,
      (error: unknown) => {
        if (error instanceof Refusal) return null;
        throw error;
      },
    );
  const settle = async (
    flagKey: string,
    write: FlagWrite,
    update: (tx: Tx) => Promise<readonly { version: number }[]>,
  ): Promise<WriteOutcome> => {
    const outcome = await writeFlag(db, flagKey, write, update);
    return outcome.kind === 'stale' ? staleOutcome(db, flagKey, await standing()) : outcome;
  };
  return {
    readSplit,
    readPolicy: (): Promise<PolicyRow> =>
      withoutWaiting(db, (on) => readPolicyRow(on, lastGood)).catch((error: unknown) => {
        // A rollback lands also where an update is not migrated yet.
        if (isOpen(db) || (error as { code?: unknown }).code !== '42P01') throw error;
        return withoutWaiting(db, (on) => readPolicyRow(on, lastGood, true));
      }),
    writeWeights: (weights: Weights, write: FlagWrite): Promise<WriteOutcome> =>
      settle(split, write, (tx) => putWeights(tx, split, weights, write)),
    /** pause, resume, rearm: the weights stay. */
    writeState: (write: FlagWrite): Promise<WriteOutcome> =>
      settle(
        split,
        write,
        (tx) => tx<{ version: number }[]>`
        update public.feature_flags f set updated_at = now()
        where f.flag_key = ${split} and f.version = coalesce(${write.expectedVersion}::bigint, f.version)
        returning f.version`,
      ),
    writePolicy: (text: string, write: FlagWrite): Promise<WriteOutcome> =>
      settle(policyKey, write, (tx) => putPolicy(tx, policyKey, text, write)),
  };
}

/** A locked table holds up reads as well; a rollback has to know, to free it. */
function withoutWaiting<T>(db: Sql | Tx, read: (on: Sql | Tx) => Promise<T>): Promise<T> {
  if (isOpen(db)) return read(db);
  return db.begin(async (tx) => {
    await limitWaits(tx, readLockMs, readStatementMs);
    return read(tx);
  }) as Promise<T>;
}

/** Without an expected version (a rollback by a person) a deleted row is made anew. */
function putWeights(tx: Tx, split: string, weights: Weights, write: FlagWrite): Promise<{ version: number }[]> {
  const text = weightsText(weights);
  const description = describe(weights);
  if (write.expectedVersion === null) {
    return tx<{ version: number }[]>`
      insert into public.feature_flags as f (flag_key, flag_value, flag_value_text, description, created_at, updated_at)
      values (${split}, false, ${text}, ${description}, now(), now())
      on conflict (flag_key) do update set flag_value_text = excluded.flag_value_text,
        description = excluded.description, updated_at = now()
      returning f.version`;
  }
  if (write.expectedVersion === 0) {
    // No row, or one that never passed the guard: it is written, unless another write came first.
    return tx<{ version: number }[]>`
      insert into public.feature_flags as f (flag_key, flag_value, flag_value_text, description, created_at, updated_at)
      select ${split}, false, ${text}, ${description}, now(), now() where ${isFresh(tx, write)}
      on conflict (flag_key) do update set flag_value_text = excluded.flag_value_text,
        description = excluded.description, updated_at = now() where f.version = 0
      returning f.version`;
  }
  return tx<{ version: number }[]>`
    update public.feature_flags f set flag_value_text = ${text}, description = ${description}, updated_at = now()
    where f.flag_key = ${split} and f.version = ${write.expectedVersion} and ${isFresh(tx, write)}
    returning f.version`;
}

/** By the clock of the moment, so that the wait for the row counts too. */
function isFresh(tx: Tx, { judgedAtMs }: FlagWrite) {
  if (judgedAtMs === undefined) return tx`true`;
  return tx`clock_timestamp() <= to_timestamp(${judgedAtMs}::float8 / 1000) + interval '10 seconds'`;
}

/** Version 0 is the default policy: the first save makes the row, unless another save came first. */
function putPolicy(tx: Tx, policyKey: string, text: string, write: FlagWrite): Promise<{ version: number }[]> {
  if (write.expectedVersion === 0 || write.expectedVersion === null) {
    return tx<{ version: number }[]>`
      insert into public.feature_flags as f (flag_key, flag_value, flag_value_text, description, created_at, updated_at)
      values (${policyKey}, false, ${text}, 'Rollout policy', now(), now())
      on conflict (flag_key) do update set flag_value_text = excluded.flag_value_text, updated_at = now()
        where ${write.expectedVersion === null}::boolean
      returning f.version`;
  }
  return tx<{ version: number }[]>`
    update public.feature_flags f set flag_value_text = ${text}, updated_at = now()
    where f.flag_key = ${policyKey} and f.version = ${write.expectedVersion}
    returning f.version`;
}

async function staleOutcome(db: Sql | Tx, flagKey: string, row: SplitRow | null): Promise<WriteOutcome> {
  const [last] = await db<{ actor: string; at: Date }[]>`
    select j.actor, j.at from sluice.journal j where j.flag_key = ${flagKey} order by j.seq desc limit 1`;
  return { kind: 'stale', row, by: last?.actor ?? null, atMs: last?.at.getTime() ?? null };
}

/** The description of the row, for people who open the table itself. */
function describe(weights: Weights): string {
  const shares = Object.entries(normalise(weights)).map(
    ([name, share]) => `${Number((share * 100).toFixed(6))}% ${name}`,
  );
  return `Provider weights: ${shares.join(', ')}`;
}
