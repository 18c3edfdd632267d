-- Partitions, retention, and what an adopted log needs. What a process calls here runs as the owner, so that no role of
-- ours needs a right to own, drop or truncate anything.

-- Day partitions are made ahead; days are UTC days. Making and dropping give up a lock that does not come at once, because
-- everybody else would queue behind them, and are called again at the next tick.

create function sluice.day_bound(day date) returns timestamptz immutable language sql
return make_timestamptz(extract(year from day)::int, extract(month from day)::int, extract(day from day)::int, 0, 0, 0, 'UTC');

-- Rows of that day that had to go to the default partition meanwhile are moved. No bucket counts them again: the
-- partition gets its counting trigger only afterwards.
create function sluice.add_partition(day date) returns void language plpgsql set search_path = '' set timezone = 'UTC' as $$
declare
  name text := 'analytics_logs_' || to_char(day, 'YYYYMMDD');
  low timestamptz := sluice.day_bound(day);
  high timestamptz := sluice.day_bound(day + 1);
begin
  execute format('create table sluice.%I (like public.analytics_logs including defaults including constraints)', name);
  execute format('alter table sluice.%I enable row level security', name);
  if exists (select from sluice.analytics_logs_default d where d.created_at >= low and d.created_at < high) then
    lock table sluice.analytics_logs_default in access exclusive mode;
    execute format('with moved as (delete from sluice.analytics_logs_default d where d.created_at >= $1 and d.created_at < $2 returning *)
      insert into sluice.%I select * from moved', name) using low, high;
  end if;
  execute format('alter table public.analytics_logs attach partition sluice.%I for values from (%L) to (%L)', name, low, high);
  perform sluice.count_events_of(format('sluice.%I', name)::regclass);
end $$;

create function sluice.make_partitions(days_ahead integer default 14) returns integer
language plpgsql security definer set search_path = '' set timezone = 'UTC' as $$
declare
  made integer := 0;
  day date;
begin
  if not sluice.owns_partitions() or not pg_try_advisory_xact_lock(7354220482) then
    return 0;
  end if;
  perform set_config('lock_timeout', '500ms', true);
  for day in select d::date from generate_series(current_date - 1, current_date + days_ahead, interval '1 day') d loop
    if to_regclass(format('sluice.%I', 'analytics_logs_' || to_char(day, 'YYYYMMDD'))) is not null
      or exists (select from sluice.partitions() p where p.low <= sluice.day_bound(day) and p.high >= sluice.day_bound(day + 1)) then
      continue;
    end if;
    begin
      perform sluice.add_partition(day);
      made := made + 1;
    exception when lock_not_available then
      return made;
    end;
  end loop;
  return made;
end $$;

-- Our partitions and what they hold: low <= created_at < high; -infinity where there is no lower bound.
create function sluice.partitions() returns table (relation regclass, low timestamptz, high timestamptz)
language sql stable set search_path = '' set timezone = 'UTC'
begin atomic
  select c.oid::regclass,
    coalesce(substring(pg_get_expr(c.relpartbound, c.oid) from $re$FROM \('([^']+)'\)$re$)::timestamptz, '-infinity'),
    substring(pg_get_expr(c.relpartbound, c.oid) from $re$TO \('([^']+)'\)$re$)::timestamptz
  from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
  where i.inhparent = to_regclass('public.analytics_logs') and pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT'
    and sluice.owns_partitions()
  order by 3;
end;

select sluice.make_partitions();

-- Raw rows go first, buckets stay longer, minutes and quarters longest. Deleting raw rows changes no bucket.

-- Drops whole days older than `keep`; returns how many.
create function sluice.drop_partitions(keep interval) returns integer
language plpgsql security definer set search_path = '' set timezone = 'UTC' as $$
declare
  old record;
  dropped integer := 0;
begin
  if keep < interval '1 day' then
    raise exception using errcode = '22023', message = format('keep is %s; at least one day of events is kept', keep);
  end if;
  perform set_config('lock_timeout', '500ms', true);
  for old in select p.relation from sluice.partitions() p where p.high <= now() - keep loop
    begin
      execute format('drop table %s', old.relation);
      dropped := dropped + 1;
    exception when lock_not_available then
      return dropped;
    end;
  end loop;
  return dropped;
end $$;

-- Deletes a batch of rows older than `keep` from where no whole day can be dropped: an adopted table, the default
-- partition. Returns how many; call it until it is 0, each call in a transaction of its own.
create function sluice.delete_old_events(keep interval, most integer default 5000) returns integer
language plpgsql security definer set search_path = '' as $$
declare
  source regclass := to_regclass(
    case when sluice.owns_partitions() then 'sluice.analytics_logs_default' else 'public.analytics_logs' end);
  deleted integer;
begin
  if keep < interval '1 day' then
    raise exception using errcode = '22023', message = format('keep is %s; at least one day of events is kept', keep);
  end if;
  execute format('delete from only %1$s a where a.ctid = any (array(
    select o.ctid from only %1$s o where o.created_at < now() - $1 order by o.created_at limit $2 for update skip locked))', source)
  using keep, most;
  get diagnostics deleted = row_count;
  return deleted;
end $$;

-- Deletes what of ours grows and is no longer needed. It keeps at least one day, because it runs as the owner for every
-- role that may call it, and no caller shall remove the evidence of this hour.
create function sluice.prune(keep_buckets interval default '60 days', keep_spans interval default '400 days')
returns integer language plpgsql security definer set search_path = '' as $$
declare
  pruned integer := 0;
  n integer;
begin
  if least(keep_buckets, keep_spans) < interval '1 day' then
    raise exception using errcode = '22023',
      message = format('keep is %s; at least one day of buckets is kept', least(keep_buckets, keep_spans));
  end if;
  delete from sluice.buckets b where b.at < now() - keep_buckets;
  get diagnostics n = row_count; pruned := pruned + n;
  delete from sluice.minutes m where m.at < now() - keep_spans;
  get diagnostics n = row_count; pruned := pruned + n;
  delete from sluice.quarters q where q.at < now() - keep_spans;
  get diagnostics n = row_count; pruned := pruned + n;
  delete from sluice.batches b where b.at < now() - interval '7 days';
  get diagnostics n = row_count; pruned := pruned + n;
  -- A request older than its events is not known any more, and gets no voucher.
  delete from sluice.vouchers v where v.at < now() - keep_spans;
  get diagnostics n = row_count; pruned := pruned + n;
  delete from sluice.rejected_events r where r.at < now() - interval '90 days';
  get diagnostics n = row_count;
  return pruned + n;
end $$;

-- Deletes what will not be asked for again; the journal, alerts and operators stay. Returns the rows deleted.
create function sluice.tidy() returns bigint language plpgsql volatile security definer set search_path = '' as $$
declare
  total bigint := 0;
  rows bigint;
  statement text;
begin
  foreach statement in array array[
    -- The heartbeat is asked for minutes, decisions are replayed from the events.
    'delete from sluice.ticks where at < now() - interval ''3 days''',
    'delete from sluice.instances where seen_at < now() - interval ''1 day''',
    'delete from sluice.idempotency where expires_at < now()',
    'delete from sluice.sessions where expires_at < now() - interval ''1 day''',
    'delete from sluice.sign_in_links where expires_at < now() - interval ''1 day''',
    'delete from sluice.outbox where delivered_at < now() - interval ''30 days'' or dead_at < now() - interval ''30 days'''
  ] loop
    execute statement;
    get diagnostics rows = row_count;
    total := total + rows;
  end loop;
  return total;
end $$;

-- Rows that were in an adopted table before us are folded into buckets afterwards, newest first, an hour a step, 30 days
-- back, so that the baseline's last 24 h, replay and charts know them. Such a row has no arrived_at.
create unlogged table sluice.backfill_rows (event_type text, event_data jsonb, created_at timestamptz);
alter table sluice.backfill_rows enable row level security;
select sluice.count_events_of('sluice.backfill_rows');

create table sluice.backfill (
  -- What lies after this instant is done.
  done_to timestamptz not null,
  until timestamptz not null
);
alter table sluice.backfill enable row level security;

insert into sluice.backfill (done_to, until)
select now() + interval '1 hour', greatest(now() - interval '30 days', min(a.created_at))
from public.analytics_logs a
where not sluice.owns_partitions()
having min(a.created_at) is not null;

-- One step; false when nothing is left. To be called when the index on created_at is there: without it each step reads
-- the whole table.
create function sluice.backfill_step(width interval default '1 hour') returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  step sluice.backfill;
  low timestamptz;
begin
  select * into step from sluice.backfill b for update skip locked limit 1;
  if step is null then
    return false;
  end if;
  low := step.done_to - width;
  insert into sluice.backfill_rows
  select a.event_type, sluice.clean_event(a.event_data, array(select p.name from sluice.providers p)), a.created_at
  from public.analytics_logs a
  where a.created_at > low and a.created_at <= step.done_to and a.arrived_at is null
    and a.event_type in ('gen_route', 'gen_ok', 'voucher_issued');
  truncate sluice.backfill_rows;
  if low <= step.until then
    delete from sluice.backfill;
    return false;
  end if;
  update sluice.backfill set done_to = low;
  return true;
end $$;

-- An adopted table becomes the first partition of a new one of the same name, without downtime: its rows are not moved,
-- and they are read only while nothing waits. lib/log/upkeep/partition-adopted.ts calls these in order, each in a
-- transaction: obstacles, bound_adopted (short lock), validate_adopted (long, blocks nothing), swap_adopted (short lock).

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
