import type { Sql, Tx } from '@/lib/postgres/sql';
import { atomically } from '@/lib/postgres/transaction';

const cancelled = '57014';

/** Null when it takes longer: what only tempers a verdict must not keep a rollback waiting, nor end its transaction. */
export async function answerOrNull<T>(db: Sql | Tx, withinMs: number, read: (tx: Tx) => Promise<T>): Promise<T | null> {
  try {
    return await atomically(db, async (tx) => {
      const [row] = await tx<{ was: string }[]>`select current_setting('statement_timeout') as was`;
      const limit = (text: string) => tx`select set_config('statement_timeout', ${text}, true)`;
      await limit(String(withinMs));
      const answer = await read(tx);
      await limit(row?.was ?? '0');
      return answer;
    });
  } catch (error) {
    if ((error as { code?: unknown }).code === cancelled) return null;
    throw error;
  }
}
