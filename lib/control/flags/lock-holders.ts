import type { LockHolder } from '@/lib/kernel/store-fault';
import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';

const withinMs = 500;

/**
 * Who keeps the flags from being written, asked after a wait was given up. What belongs to other users is hidden from
 * most roles; the pid never is.
 */
export async function lockHolders(sql: Sql): Promise<readonly LockHolder[]> {
  const asking = sql<{ pid: number; application: string | null; user: string | null; since: Date | null }[]>`
    select a.pid, a.application_name as application, a.usename as user, a.xact_start as since
    from pg_locks l join pg_stat_activity a on a.pid = l.pid
    where l.locktype = 'relation' and l.database = (select d.oid from pg_database d where d.datname = current_database())
      and l.relation = 'public.feature_flags'::regclass and l.granted and l.mode <> 'AccessShareLock'
      and l.pid <> pg_backend_pid()
    group by a.pid, a.application_name, a.usename, a.xact_start
    order by a.xact_start nulls last limit 3`;
  const rows = await queryWithin(withinMs, asking, 'who holds the lock');
  return rows.map(({ since, ...holder }) => ({ ...holder, sinceMs: since === null ? null : since.getTime() }));
}
