import type { Sql } from '@/lib/postgres/sql';
import type { Quota, Spending } from './quota';

export interface SpendingRow {
  readonly of: 'caller' | 'split';
  /** A split by its slug. */
  readonly name: string;
  readonly quota: Quota;
  readonly today: Spending;
}

interface SpentToday {
  /** Of UTC. */
  readonly day: string;
  readonly quota: Quota;
  readonly today: Spending;
}

export type SpendingStore = ReturnType<typeof spendingStore>;

export const spendingJson = (sql: Sql) => sql`
  jsonb_build_object('begun', u.begun, 'spent_usd', u.spent_usd, 'unknown_usd', u.unknown_usd, 'held_usd', u.held_usd,
    'in_flight', u.in_flight)`;

export function spendingStore(sql: Sql) {
  return {
    /** Of so many stored callers and so many splits of jobs, by name. */
    list(most: number): Promise<readonly SpendingRow[]> {
      return sql<SpendingRow[]>`
        select n.of, n.name, n.quota, ${spendingJson(sql)} as today
        from (
          (select 'caller' as of, c.name, c.name as key, c.quota from sluice.callers c
            where c.scopes && '{generate,relay}' order by c.name limit ${most})
          union all
          (select 'split', s.slug, s.key, s.quota from sluice.splits s
            where s.kind in ('job', 'relay') and s.archived_at is null order by s.slug limit ${most})
        ) n cross join lateral sluice.spending_of(n.of, n.key, sluice.today()) u
        order by 1, 2`;
    },

    /** Of every caller, stored or from the environment. */
    async ofCaller(name: string): Promise<SpentToday> {
      const [row] = await sql<SpentToday[]>`
        select to_char(sluice.today(), 'YYYY-MM-DD') as day, ${spendingJson(sql)} as today,
          coalesce((select c.quota from sluice.callers c where c.name = ${name}), '{}') as quota
        from sluice.spending_of('caller', ${name}, sluice.today()) u`;
      return spent(row);
    },

    /** Of all its callers together; a split by its key. */
    async ofSplit(key: string): Promise<SpentToday> {
      const [row] = await sql<SpentToday[]>`
        select to_char(sluice.today(), 'YYYY-MM-DD') as day, ${spendingJson(sql)} as today,
          coalesce((select s.quota from sluice.splits s where s.key = ${key}), '{}') as quota
        from sluice.spending_of('split', ${key}, sluice.today()) u`;
      return spent(row);
    },
  };
}

function spent(row: SpentToday | undefined): SpentToday {
  if (row === undefined) throw new Error('sluice.spending_of answered nothing');
  return row;
}
