-- An adopted table becomes the first partition of a new one of the same name, without downtime: its rows are not moved
-- or read while anybody waits. lib/log/upkeep/partition-adopted.ts calls these in order, each in a transaction:
-- obstacles, bound_adopted (short lock), validate_adopted (long, blocks nobody), swap_adopted (short lock).

create function sluice.partition_obstacles() returns setof text language sql stable set search_path = ''
begin atomic
  select 'public.analytics_logs is partitioned already'
  where exists (select from pg_catalog.pg_class c where c.oid = to_regclass('public.analytics_logs') and c.relkind = 'p')
  union all
  select format('table %s refers to it by the foreign key %s; drop the key first', k.conrelid::regclass, k.conname)
  from pg_catalog.pg_constraint k
  where k.confrelid = to_regclass('public.analytics_logs') and k.contype = 'f'
  union all
  select distinct format('view %s reads it and would go on reading the old table; drop it first and make it again afterwards', r.ev_class::regclass)
  from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass
  where d.refobjid = to_regclass('public.analytics_logs') and d.refclassid = 'pg_class'::regclass
    and r.ev_class <> d.refobjid
  union all
  select format('table %s inherits from it', i.inhrelid::regclass)
  from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhparent
  where i.inhparent = to_regclass('public.analytics_logs') and c.relkind = 'r'
  union all
  select format('row trigger %s has transition tables, which partitions do not allow', t.tgname)
  from pg_catalog.pg_trigger t
  where t.tgrelid = to_regclass('public.analytics_logs') and t.tgtype & 1 = 1
    and (t.tgoldtable is not null or t.tgnewtable is not null)
  union all
  select format('index %s must be built first', m.name) from sluice.missing_event_indexes() m;
end;

-- Rows from the bound on go to day partitions. The guard keeps new rows out of the future, so none can violate it.
create function sluice.bound_adopted() returns timestamptz language plpgsql set search_path = '' set timezone = 'UTC' as $$
declare
  bound timestamptz := sluice.day_bound(current_date + 2);
begin
  perform set_config('lock_timeout', '500ms', true);
  alter table public.analytics_logs drop constraint if exists sluice_before_partitions;
  execute format('alter table public.analytics_logs add constraint sluice_before_partitions
    check (created_at is not null and created_at < %L) not valid', bound);
  return bound;
end $$;

create function sluice.validate_adopted() returns void language plpgsql set search_path = '' as $$
begin
  alter table public.analytics_logs validate constraint sluice_before_partitions;
exception when check_violation then
  raise exception using errcode = '23514',
    message = 'public.analytics_logs holds rows without created_at, or dated more than a day ahead',
    hint = 'Correct them with UPDATE, then partition again.';
end $$;

create function sluice.swap_adopted(bound timestamptz) returns void
language plpgsql set search_path = '' set timezone = 'UTC' as $$
declare
  old oid := 'public.analytics_logs'::regclass;
  owner name;
  owned record;
  item record;
  triggers text[];
  indexes text[];
  policies text[];
  grants text[];
  secured boolean;
  forced boolean;
begin
  perform set_config('lock_timeout', '500ms', true);
  lock table public.analytics_logs in access exclusive mode;
  select pg_get_userbyid(c.relowner), c.relrowsecurity, c.relforcerowsecurity into owner, secured, forced
  from pg_catalog.pg_class c where c.oid = old;

  -- What is written down now is written again for the new table at the end.
  triggers := array(
    select pg_get_triggerdef(t.oid) || case t.tgenabled
      when 'A' then format('; alter table public.analytics_logs enable always trigger %I', t.tgname)
      when 'R' then format('; alter table public.analytics_logs enable replica trigger %I', t.tgname)
      when 'D' then format('; alter table public.analytics_logs disable trigger %I', t.tgname) else '' end
    from pg_catalog.pg_trigger t where t.tgrelid = old and not t.tgisinternal);
  indexes := array(
    select pg_get_indexdef(i.indexrelid) from pg_catalog.pg_index i
    where i.indrelid = old and i.indisvalid and not i.indisunique and not i.indisexclusion);
  policies := array(
    select concat(format('create policy %I on public.analytics_logs as %s for %s to %s', p.policyname, p.permissive, p.cmd,
      (select string_agg(case when r = 'public' then 'public' else quote_ident(r) end, ', ') from unnest(p.roles) r)),
      ' using (' || p.qual || ')', ' with check (' || p.with_check || ')')
    from pg_catalog.pg_policies p where p.schemaname = 'public' and p.tablename = 'analytics_logs');
  grants := array(
    select format('grant %s on public.analytics_logs to %s%s', a.privilege_type,
      case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end,
      case when a.is_grantable then ' with grant option' else '' end)
    from pg_catalog.pg_class c cross join lateral aclexplode(c.relacl) a where c.oid = old and a.grantee <> c.relowner);

  -- Sequences of the old table must outlive it and stay in `public`.
  create temporary table if not exists pg_temp.swap_sequences (sequence regclass, name name) on commit drop;
  for item in select a.attname, a.attnum from pg_catalog.pg_attribute a where a.attrelid = old and a.attidentity <> '' loop
    execute format('create sequence public.%I as bigint', 'analytics_logs_' || item.attname || '_from');
    execute format('select setval(%L, greatest(coalesce(pg_sequence_last_value(pg_get_serial_sequence(%L, %L)::regclass), 1), 1))',
      'public.analytics_logs_' || item.attname || '_from', 'public.analytics_logs', item.attname);
    execute format('alter table public.analytics_logs alter column %I drop identity', item.attname);
    execute format('alter table public.analytics_logs alter column %I set default nextval(%L)', item.attname,
      'public.analytics_logs_' || item.attname || '_from');
    execute format('alter sequence public.%I owned by public.analytics_logs.%I',
      'analytics_logs_' || item.attname || '_from', item.attname);
  end loop;
  for owned in select s.oid::regclass as sequence, a.attname from pg_catalog.pg_depend d
      join pg_catalog.pg_class s on s.oid = d.objid and s.relkind = 'S'
      join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      where d.refobjid = old and d.deptype = 'a' loop
    insert into pg_temp.swap_sequences values (owned.sequence, owned.attname);
    execute format('alter sequence %s owned by none', owned.sequence);
  end loop;

  for item in select t.tgname from pg_catalog.pg_trigger t
      where t.tgrelid = old and not t.tgisinternal and t.tgname <> 'sluice_count' loop
    execute format('drop trigger %I on public.analytics_logs', item.tgname);
  end loop;
  alter table public.analytics_logs rename to analytics_logs_before;
  alter table public.analytics_logs_before set schema sluice;

  create table public.analytics_logs (like sluice.analytics_logs_before
    including defaults including constraints including generated including comments including storage)
    partition by range (created_at);
  alter table public.analytics_logs drop constraint sluice_before_partitions;
  execute format('alter table public.analytics_logs owner to %I', owner);
  for owned in select * from pg_temp.swap_sequences loop
    execute format('alter sequence %s owned by public.analytics_logs.%I', owned.sequence, owned.name);
  end loop;
  create table sluice.analytics_logs_default partition of public.analytics_logs default;
  execute format('alter table sluice.analytics_logs_default owner to %I', owner);
  execute format('alter table public.analytics_logs attach partition sluice.analytics_logs_before for values from (minvalue) to (%L)', bound);
  -- The old table's equivalent indexes are attached, not built again.
  for item in select unnest(indexes) as statement loop
    execute item.statement;
  end loop;
  for item in select unnest(triggers || policies || grants) as statement loop
    execute item.statement;
  end loop;
  if secured then alter table public.analytics_logs enable row level security; end if;
  if forced then alter table public.analytics_logs force row level security; end if;
  perform sluice.count_events_of('sluice.analytics_logs_default');
end $$;
