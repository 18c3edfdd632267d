-- Day partitions, made ahead; days are UTC days. Both functions give up a lock that does not come at once (everybody
-- else would queue behind us) and are called again at the next tick.

create function sluice.day_bound(day date) returns timestamptz immutable language sql
return make_timestamptz(extract(year from day)::int, extract(month from day)::int, extract(day from day)::int, 0, 0, 0, 'UTC');

-- Rows of that day that had to go to the default partition meanwhile are moved; no bucket counts them again, because
-- the partition gets its counting trigger only afterwards.
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
language plpgsql set search_path = '' set timezone = 'UTC' as $$
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
