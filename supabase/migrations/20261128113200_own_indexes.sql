-- Which indexes the log's readers miss; nothing while there is no table of that name (somebody renames it for a moment),
-- and by another name where an index of another table has ours (the table was swapped).
create or replace function sluice.missing_event_indexes() returns table (name text, statement text)
language sql stable set search_path = ''
begin atomic
  select w.name, format('create index concurrently if not exists %I on public.analytics_logs %s', w.name, w.definition)
  from (
    select e.definition, case when exists (
        select from pg_catalog.pg_class o where o.oid = to_regclass(format('public.%I', e.name))
          and o.oid not in (select i.indexrelid from pg_catalog.pg_index i where i.indrelid = to_regclass('public.analytics_logs')))
      then e.name || '_' || to_regclass('public.analytics_logs')::oid else e.name end as name
    from sluice.event_indexes e
    where to_regclass('public.analytics_logs') is not null
  ) w
  where not exists (
    select from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
    where c.relname = w.name and i.indrelid = to_regclass('public.analytics_logs') and i.indisvalid)
  order by w.name;
end;

-- What an interrupted build left: an index of ours that cannot be used, on the table that bears the name now.
create function sluice.is_broken_index(of_name text) returns boolean language sql stable set search_path = ''
return exists (
  select from pg_catalog.pg_index i
  where i.indexrelid = to_regclass(format('public.%I', of_name)) and not i.indisvalid
    and i.indrelid = to_regclass('public.analytics_logs')
    and exists (select from sluice.event_indexes e where of_name = e.name or of_name = e.name || '_' || i.indrelid));

revoke all on function sluice.is_broken_index(text) from public;
do $$
declare grantee text;
begin
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on function sluice.is_broken_index(text) from %I', grantee);
  end loop;
end $$;
