import type { AlertView } from '@/lib/api/snapshot';
import type { Tx } from '@/lib/postgres/sql';
import { firstSplit } from '@/lib/split/split-key';
import { openAlerts } from '../alerts/alert-store';
import { type Columns, selectSplits } from '../flags/stored-flags';
import { instanceStore } from '../instances/instance-store';
import { instanceSeconds, type SeenInstance } from '../rollout/as-instances-say';
import { type TickRow, tickOf } from './tick-record';
import { type LastTicks, newest } from './tick-store';

/** What a pass reads of all splits at once. */
export interface Standing {
  readonly splits: readonly StandingSplit[];
  readonly instances: readonly SeenInstance[];
}

export interface StandingSplit {
  readonly key: string;
  readonly columns: Columns;
  readonly alerts: readonly AlertView[];
}

/** The first split, whatever became of its registration, and every other that is not archived. */
export async function readStanding(tx: Tx): Promise<Standing> {
  const registered = await tx<{ key: string }[]>`
    select s.key from sluice.splits s where s.archived_at is null and s.key <> ${firstSplit} order by s.created_at, s.key`;
  const keys = [firstSplit, ...registered.map(({ key }) => key)];
  const [rows, instances, alerts] = await Promise.all([
    selectSplits(tx, keys),
    instanceStore(tx).list(instanceSeconds),
    openAlerts(tx),
  ]);
  const splits = rows.map((columns) => ({
    key: columns.key,
    columns,
    // Those of the installation end where the first split is judged.
    alerts: [...(alerts.get(columns.key) ?? []), ...((columns.key === firstSplit ? alerts.get(null) : null) ?? [])],
  }));
  return { splits, instances };
}

/** When each of these was last judged. */
export async function readTicks(tx: Tx, splits: readonly string[]): Promise<ReadonlyMap<string, LastTicks>> {
  if (splits.length === 0) return new Map();
  const rows = await tx<{ split: string; decided: TickText | null; pass: TickText | null }[]>`
    select k.split, to_jsonb(t) - 'decision' as decided, to_jsonb(p) as pass
    from jsonb_array_elements_text(${JSON.stringify(splits)}::text::jsonb) k (split)
    left join lateral (
      select t.* from sluice.ticks t where t.split = k.split and t.error is null order by t.slot desc limit 1) t on true
    left join lateral (
      select p.* from sluice.passes p
      where k.split <> ${firstSplit} and not exists (
        select from sluice.ticks f where f.split = k.split and f.slot = p.slot and f.error is not null)
      order by p.slot desc limit 1) p on true`;
  return new Map(rows.map(({ split, decided, pass }) => [split, lastOf(decided, pass)]));
}

/** A row of ticks or passes as JSON has it. */
type TickText = Pick<TickRow, 'by' | 'interval_seconds' | 'duration_ms'> & Readonly<Record<'at' | 'slot', string>>;

function lastOf(decided: TickText | null, pass: TickText | null): LastTicks {
  const known = (row: TickText | null) => {
    if (row === null) return null;
    const [at, slot] = [new Date(row.at), new Date(row.slot)];
    const none = { error: null, policy_version: null, weights_version: null, decision: null };
    return tickOf({ ...row, ...none, at, slot });
  };
  return newest({ any: known(decided), decided: known(decided), pass: known(pass) });
}
