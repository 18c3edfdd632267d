-- A forgotten `begin; lock table feature_flags` must be found without reading the table, which would wait for it.
create or replace function sluice.flag_blockers(key text) returns table (pid integer)
language plpgsql stable security definer set search_path = '' as $$
declare
  holder xid;
  member xid;
begin
  return query select l.pid from pg_catalog.pg_locks l
    where l.locktype = 'relation' and l.relation = 'public.feature_flags'::regclass and l.granted
      and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
      and l.mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock');
  if found then
    return;
  end if;
  select f.xmax into holder from public.feature_flags f where f.flag_key = key;
  return query select l.pid from pg_catalog.pg_locks l
    where l.locktype = 'transactionid' and l.transactionid = holder and l.granted and l.mode = 'ExclusiveLock';
  -- Several share the row: then its xmax is the number of a list of transactions.
  for member in select m.xid from pg_catalog.pg_get_multixact_members(holder) m loop
    return query select l.pid from pg_catalog.pg_locks l
      where l.locktype = 'transactionid' and l.transactionid = member and l.granted and l.mode = 'ExclusiveLock';
  end loop;
exception when invalid_parameter_value or internal_error then
  -- It was no such list.
  return;
end $$;
