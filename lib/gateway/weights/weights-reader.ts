import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';

/** Of one split's row, what routing needs. */
export interface WeightsRow {
  readonly version: number;
  readonly text: string | null;
  readonly stage: string | null;
}

/** The split's row as routing needs it: one look-up by key, cheap enough to ask every second for ever. */
export async function readWeightsRow(sql: Sql, split: string, withinMs: number): Promise<WeightsRow | null> {
  const query = sql<WeightsRow[]>`
    select f.version, f.flag_value_text as text, f.stage
    from public.feature_flags f
    where f.flag_key = ${split}`;
  const [row] = await queryWithin(withinMs, query, 'reading the weights');
  return row ?? null;
}
