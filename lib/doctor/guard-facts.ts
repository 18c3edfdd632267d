import type { Head } from '@/lib/control/journal/integrity';
import { anchorsJson } from '@/lib/control/journal/integrity-store';
import type { Sql } from '@/lib/postgres/sql';
import type { GuardFacts } from './diagnosis';

/** What keeps the weights: the triggers, the journal, and whether this role may write at all. */
export async function readGuardFacts(sql: Sql, seen: readonly Head[]): Promise<GuardFacts> {
  const [known] = await sql<
    { guards: string | null }[]
  >`select to_regprocedure('sluice.guard_faults()')::text as guards`;
  const [[session], hidden, guards, anchors] = await Promise.all([
    sql<{ read_only: boolean }[]>`select current_setting('default_transaction_read_only')::boolean as read_only`,
    hiddenTables(sql),
    known?.guards ? sql<{ relation: string; guard: string; fault: string }[]>`select * from sluice.guard_faults()` : [],
    known?.guards
      ? sql<{ flagKey: string; seq: number; fault: string }[]>`
          select a.flag_key as "flagKey", a.seq, a.fault from sluice.anchor_faults(${anchorsJson(seen)}::text::jsonb) a`
      : [],
  ]);
  const journal = await journalFaults(sql);
  return {
    isReadOnly: session?.read_only === true,
    hidden: [...hidden],
    guardFaults: [...guards],
    journalFaults: [...journal, ...anchors],
  };
}

/** Row security holds for us there, and no policy lets us write; or read, where this role is not to write. */
function hiddenTables(sql: Sql) {
  return sql<{ table: string; role: string }[]>`
    select c.oid::regclass::text as "table", current_user as role
    from pg_class c
    where c.oid in (to_regclass('public.feature_flags'), to_regclass('public.analytics_logs')) and row_security_active(c.oid)
      and not exists (
        select from pg_policy p
        where p.polrelid = c.oid and p.polpermissive and (p.polcmd = '*'
            or case when has_any_column_privilege(c.oid, 'insert, update') then p.polcmd in ('w', 'a') else p.polcmd = 'r' end)
          and (p.polroles = '{0}' or exists (select from unnest(p.polroles) r where pg_has_role(r, 'usage'))))
    order by 1`;
}

/** Where a look-alike stands in the place of our table, not even the comparison works. */
async function journalFaults(sql: Sql): Promise<GuardFacts['journalFaults']> {
  try {
    return await sql<{ flagKey: string; seq: number; fault: string }[]>`
      select f.flag_key as "flagKey", f.seq, f.fault from sluice.journal_faults() f`;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code !== '42703' && code !== '42P01') throw error;
    return [{ flagKey: 'feature_flags', seq: 0, fault: `cannot be compared with the live rows (${message})` }];
  }
}
