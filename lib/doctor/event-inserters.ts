import type { Sql } from '@/lib/postgres/sql';
import type { EventInserter } from './diagnosis';

/** Which of the browsers' roles may insert events: by a grant, where row security is off or a policy lets them. */
export async function readEventInserters(sql: Sql): Promise<readonly EventInserter[]> {
  const [known] = await sql<{ is: boolean }[]>`select to_regclass('sluice.believed_roles') is not null as is`;
  if (known?.is !== true) return [];
  return sql<EventInserter[]>`
    select r.rolname as role, c.relrowsecurity as "byPolicy",
      exists (select from sluice.believed_roles b where b.role = r.rolname) as "isBelieved"
    from pg_roles r join pg_class c on c.oid = to_regclass('public.analytics_logs')
    where r.rolname in ('anon', 'authenticated') and has_any_column_privilege(r.oid, c.oid, 'insert')
      and (not c.relrowsecurity or exists (
        select from pg_policy p
        where p.polrelid = c.oid and p.polpermissive and p.polcmd in ('a', '*')
          and (0 = any (p.polroles) or exists (select from unnest(p.polroles) o where pg_has_role(r.oid, o, 'member')))))
    order by r.rolname`;
}
