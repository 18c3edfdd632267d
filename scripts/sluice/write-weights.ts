import type { Sql, Tx } from '@/lib/postgres/sql';
import { writing } from '@/lib/postgres/transaction';

const flag = 'GEN_PROVIDER_WEIGHTS';

interface WeightsWrite {
  readonly text: string;
  readonly actor: string;
  readonly reason: string | undefined;
  readonly isDryRun: boolean;
}

export interface FlagState {
  /** What got past the guard is text. */
  readonly weights: Readonly<Record<string, number>> | string | null;
  readonly version: number | null;
  readonly stage: string | null;
}

export type WeightsWritten = { readonly fault: string } | { readonly before: FlagState; readonly after: FlagState };

/** Reads the row, asks the database's own guard, and writes unless it is a rehearsal: one transaction. */
export async function writeWeights(sql: Sql, write: WeightsWrite): Promise<WeightsWritten> {
  const { text, actor, reason, isDryRun } = write;
  return sql.begin(writing, async (tx): Promise<WeightsWritten> => {
    await tx`select set_config('statement_timeout', '8s', true), set_config('lock_timeout', '5s', true)`;
    const [judged] = await tx<{ fault: string | null }[]>`select sluice.weights_fault(${text}) as fault`;
    const fault = judged?.fault ?? null;
    if (fault !== null) return { fault };
    const before = await readRow(tx, isDryRun ? tx`` : tx`for update`);
    if (isDryRun) return { before, after: { ...before, weights: JSON.parse(text) } };
    await tx`select set_config('sluice.actor', ${actor}, true), set_config('sluice.verb', 'weights', true),
      set_config('sluice.reason', ${reason ?? ''}, true)`;
    await tx`insert into public.feature_flags (flag_key, flag_value, flag_value_text, description, created_at, updated_at)
      values (${flag}, false, ${text}, 'Provider weights', now(), now())
      on conflict (flag_key) do update set flag_value_text = excluded.flag_value_text, updated_at = excluded.updated_at`;
    return { before, after: await readRow(tx, tx``) };
  }) as Promise<WeightsWritten>;
}

async function readRow(tx: Tx, lock: ReturnType<Tx>): Promise<FlagState> {
  const [row] = await tx<
    { text: string; version: number; stage: string | null }[]
  >`select flag_value_text as text, version::int8 as version, stage
    from public.feature_flags where flag_key = ${flag} ${lock}`;
  if (!row) return { weights: null, version: null, stage: null };
  return { weights: parse(row.text), version: Number(row.version), stage: row.stage };
}

/** Weights that the guard never saw are shown as they are. */
function parse(text: string): FlagState['weights'] {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
