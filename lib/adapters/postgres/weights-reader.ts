import type { WeightsRow } from '@/lib/operations/ports/data-plane';
import type { Sql } from './connection';
import { withDeadline } from './deadline';

/** The split's row as routing needs it: one look-up by key, cheap enough to ask every second for ever. */
export async function readWeightsRow(sql: Sql, split: string, withinMs: number): Promise<WeightsRow | null> {
  const query = sql<WeightsRow[]>`
    select f.version, f.flag_value_text as text, f.stage
    from public.feature_flags f
    where f.flag_key = ${split}`;
  const [row] = await withDeadline(query, withinMs, 'reading the weights');
  return row ?? null;
}
