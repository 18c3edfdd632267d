-- Events and buckets of every split. `gen_route`, `gen_ok` and `gen_failed` belong to the first one alone; every other
-- writes `split_route`, `split_ok` and `split_failed` with its key in event_data.split. In buckets `provider` is the arm.

-- A constant default rewrites no row: those of before are the first split's.
alter table sluice.bucket_deltas add column split text not null default 'GEN_PROVIDER_WEIGHTS';
alter table sluice.buckets add column split text not null default 'GEN_PROVIDER_WEIGHTS';
alter table sluice.minutes add column split text not null default 'GEN_PROVIDER_WEIGHTS';
alter table sluice.quarters add column split text not null default 'GEN_PROVIDER_WEIGHTS';
comment on column sluice.buckets.provider is
  'The arm; in GEN_PROVIDER_WEIGHTS arms are called like their providers. Empty for what names none that is registered.';
comment on column sluice.buckets.split is 'The key of the split.';

-- By the split first: whoever reads one of many busy ones reads its rows alone.
alter table sluice.buckets drop constraint buckets_pkey, add primary key (split, at, provider, doubt);
alter table sluice.minutes drop constraint minutes_pkey, add primary key (split, at, provider, doubt);
alter table sluice.quarters drop constraint quarters_pkey, add primary key (split, at, provider, doubt);
drop index sluice.buckets_xid, sluice.bucket_deltas_at, sluice.bucket_deltas_xid;
create index buckets_split_xid on sluice.buckets (split, xid);
create index buckets_doubted on sluice.buckets (at) where doubt <> '';
create index bucket_deltas_split_at on sluice.bucket_deltas (split, at);
create index bucket_deltas_split_xid on sluice.bucket_deltas (split, xid);

create or replace function sluice.fold_into(target regclass, width interval, taken sluice.bucket_deltas[]) returns void
language plpgsql set search_path = '' as $$
begin
  -- In one order always, so that two of these never wait for each other crosswise.
  execute format($sql$
    insert into %1$s as old (split, at, provider, doubt, requests, failures, refused, bins, kinds, bases, strays, priced,
      cost_nano, cost_nano_squared, generated, vouchers, ages, prices, xid)
    select d.split, sluice.span_end(d.at, $2), d.provider, d.doubt, sum(d.requests), sum(d.failures), sum(d.refused),
      %2$s(sluice.merge_counts(array_agg(d.bins))), sluice.merge_counts(array_agg(d.kinds)),
      sluice.merge_counts(array_agg(d.bases)), sluice.merge_counts(array_agg(d.strays)), sum(d.priced),
      sum(d.cost_nano), sum(d.cost_nano_squared), sum(d.generated), sum(d.vouchers),
      sluice.sum_ages(array_agg(d.ages) filter (where d.ages is not null)),
      sluice.sum_prices(array_agg(d.prices) filter (where d.prices is not null)), pg_current_xact_id()
    from unnest($1) d
    group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (split, at, provider, doubt) do update set
      requests = old.requests + excluded.requests, failures = old.failures + excluded.failures,
      refused = old.refused + excluded.refused, bins = sluice.merge_counts(array[old.bins, excluded.bins]),
      kinds = sluice.merge_counts(array[old.kinds, excluded.kinds]),
      bases = sluice.merge_counts(array[old.bases, excluded.bases]),
      strays = sluice.merge_counts(array[old.strays, excluded.strays]), priced = old.priced + excluded.priced,
      cost_nano = old.cost_nano + excluded.cost_nano,
      cost_nano_squared = old.cost_nano_squared + excluded.cost_nano_squared,
      generated = old.generated + excluded.generated, vouchers = old.vouchers + excluded.vouchers,
      ages = sluice.sum_ages(array_remove(array[old.ages, excluded.ages], null)),
      prices = sluice.sum_prices(array_remove(array[old.prices, excluded.prices], null)), xid = excluded.xid
    $sql$, target, case when target = 'sluice.quarters'::regclass then 'sluice.coarsen' else '' end) using taken, width;
end $$;

-- Where there is only the first split nobody needs these, and an adopted table is not read to build them.
alter table sluice.event_indexes add column of_others boolean not null default false;
insert into sluice.event_indexes (name, definition, of_others) values
  ('analytics_logs_split_rows', '((event_data->>''split''), created_at) where event_type in (''split_route'', ''split_ok'')', true),
  ('analytics_logs_split_failures',
    '((event_data->>''split''), created_at) where event_type = ''split_route'' and event_data->>''error'' is not null', true),
  ('analytics_logs_split_ok_request', '((event_data->>''request_id'')) where event_type = ''split_ok''', true);

-- On a log of our own partitions that holds rows an index is built partition by partition, each CONCURRENTLY, and is valid
-- when the last has it: one on the whole table cannot be built so.
create function sluice.partition_index_steps(of_name text, definition text)
returns table (step integer, name text, statement text)
language sql stable set search_path = ''
begin atomic
  select 1, of_name, format('create index if not exists %I on only public.analytics_logs %s', of_name, definition)
  where to_regclass(format('public.%I', of_name)) is null
  union all
  select s.step, p.child, s.statement
  from (
    select t.relid, n.nspname as home, left(format('%s_%s', c.relname, substr(of_name, length('analytics_logs_') + 1)), 63) as child
    from pg_catalog.pg_partition_tree(to_regclass('public.analytics_logs')) t
    join pg_catalog.pg_class c on c.oid = t.relid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where t.isleaf
  ) p
  cross join lateral (values
    (2, case when exists (select from pg_catalog.pg_index i
        where i.indexrelid = to_regclass(format('%I.%I', p.home, p.child)) and not i.indisvalid)
      then format('drop index concurrently if exists %I.%I', p.home, p.child) end),
    (3, format('create index concurrently if not exists %I on %s %s', p.child, p.relid::regclass, definition)),
    (4, format('alter index public.%I attach partition %I.%I', of_name, p.home, p.child))) s (step, statement)
  where s.statement is not null and not exists (
    select from pg_catalog.pg_inherits h join pg_catalog.pg_index i on i.indexrelid = h.inhrelid
    where h.inhparent = to_regclass(format('public.%I', of_name)) and i.indrelid = p.relid);
end;

create or replace function sluice.missing_event_indexes() returns table (name text, statement text)
language sql stable set search_path = ''
begin atomic
  with wanted as (
    select case when exists (
        select from pg_catalog.pg_class o where o.oid = to_regclass(format('public.%I', e.name))
          and o.oid not in (select i.indexrelid from pg_catalog.pg_index i where i.indrelid = to_regclass('public.analytics_logs')))
      then e.name || '_' || to_regclass('public.analytics_logs')::oid else e.name end as name, e.definition
    from sluice.event_indexes e
    where to_regclass('public.analytics_logs') is not null
      and (not e.of_others or exists (select from sluice.splits s where s.key <> 'GEN_PROVIDER_WEIGHTS'))
  ), missing as (
    select w.* from wanted w
    where not exists (
      select from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
      where c.relname = w.name and i.indrelid = to_regclass('public.analytics_logs') and i.indisvalid)
  )
  select s.name, s.statement
  from (
    select m.name as index, 0 as step, m.name,
      format('create index concurrently if not exists %I on public.analytics_logs %s', m.name, m.definition) as statement
    from missing m where not sluice.owns_partitions()
    union all
    select m.name, p.step, p.name, p.statement
    from missing m cross join lateral sluice.partition_index_steps(m.name, m.definition) p
    where sluice.owns_partitions()
  ) s
  order by s.index, s.step = 1 desc, s.name, s.step;
end;

-- One on a table of partitions is not broken before they all have it.
create or replace function sluice.is_broken_index(of_name text) returns boolean language sql stable set search_path = ''
return exists (
  select from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid and c.relkind = 'i'
  where i.indexrelid = to_regclass(format('public.%I', of_name)) and not i.indisvalid
    and i.indrelid = to_regclass('public.analytics_logs')
    and exists (select from sluice.event_indexes e where of_name = e.name or of_name = e.name || '_' || i.indrelid));

do $$
declare wanted record;
begin
  if exists (select from public.analytics_logs) then
    return;
  end if;
  for wanted in select e.name, e.definition from sluice.event_indexes e where e.of_others loop
    execute format('create index if not exists %I on public.analytics_logs %s', wanted.name, wanted.definition);
  end loop;
end $$;

-- An arm that is a provider is good in the first split. What else it may be, `clean_event` sees.
create or replace function sluice.is_clean(event_data jsonb, names text[]) returns boolean immutable language sql
return coalesce(jsonb_typeof(event_data) = 'object', true)
  and sluice.is_known(event_data ->> 'provider', names)
  and sluice.is_known(event_data ->> 'assigned', names)
  and sluice.is_known(event_data ->> 'arm', names)
  and coalesce(event_data -> 'latency_ms' between '0' and '3600000', true)
  and coalesce(event_data -> 'cost_per_image' between '0' and '1000', true)
  and coalesce(event_data -> 'images' between '0' and '10000', true)
  and coalesce(event_data -> 'attempt' between '1' and '1000', true);

-- The split that an event says it is of. A `gen_*` row is the first split's whatever else it says; a voucher need say
-- nothing, for its request knows.
create function sluice.said_split(of_type text, event_data jsonb) returns text immutable language sql
return case
  when of_type in ('gen_route', 'gen_ok', 'gen_failed') then 'GEN_PROVIDER_WEIGHTS'
  when of_type in ('split_route', 'split_ok', 'split_failed') then nullif(event_data ->> 'split', 'GEN_PROVIDER_WEIGHTS')
  when of_type = 'voucher_issued' then event_data ->> 'split' end;

-- The event with every wrong value moved to `invalid`. The backfill reads an adopted table through it too.
create function sluice.clean_event(of_type text, event_data jsonb, providers text[]) returns jsonb stable language plpgsql
set search_path = '' as $$
declare
  of_split text := sluice.said_split(of_type, event_data);
  is_split boolean := not event_data ? 'split' or of_type like 'gen\_%'
    or of_split is not null and exists (select from sluice.splits s where s.key = of_split);
  arms text[] := array(select a.name from sluice.arms a
    where a.split = coalesce(of_split, case when of_type = 'voucher_issued' then 'GEN_PROVIDER_WEIGHTS' end));
  lies text[];
  kept jsonb;
begin
  if event_data is null then
    return null;
  end if;
  if jsonb_typeof(event_data) <> 'object' then
    return jsonb_build_object('invalid', jsonb_build_object('event_data', event_data));
  end if;
  if of_type not like 'split\_%' and coalesce(of_split, 'GEN_PROVIDER_WEIGHTS') = 'GEN_PROVIDER_WEIGHTS' then
    arms := arms || providers;
  end if;
  lies := array(
    select k.name from (values
      ('split', is_split),
      ('provider', sluice.is_known(event_data ->> 'provider', providers)),
      ('arm', sluice.is_known(event_data ->> 'arm', arms)),
      ('assigned', sluice.is_known(event_data ->> 'assigned', arms)),
      ('latency_ms', sluice.in_range(event_data -> 'latency_ms', 0, 3600000)),
      ('cost_per_image', sluice.in_range(event_data -> 'cost_per_image', 0, 1000)),
      ('images', sluice.in_range(event_data -> 'images', 0, 10000)),
      ('attempt', sluice.in_range(event_data -> 'attempt', 1, 1000))) k (name, is_good)
    where not k.is_good);
  if lies = '{}' then
    return event_data;
  end if;
  kept := case when jsonb_typeof(event_data -> 'invalid') = 'object' then event_data -> 'invalid' else '{}' end;
  return (event_data - lies) || jsonb_build_object('invalid',
    kept || (select jsonb_object_agg(name, event_data -> name) from unnest(lies) name));
end $$;

create or replace function sluice.guard_event() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  is_partition boolean;
  claimed timestamptz := new.created_at;
begin
  if new.event_type in ('gen_route', 'gen_ok', 'gen_failed', 'voucher_issued', 'split_route', 'split_ok', 'split_failed') then
    new.event_data := sluice.clean_event(new.event_type, new.event_data, array(select p.name from sluice.providers p));
  end if;
  if tg_op = 'UPDATE' then
    return new;
  end if;
  new.arrived_at := coalesce(new.arrived_at, clock_timestamp());
  if new.created_at is not null and isfinite(new.created_at)
      and new.created_at <= clock_timestamp() + interval '1 minute' then
    return new;
  end if;
  select c.relispartition into is_partition from pg_catalog.pg_class c where c.oid = tg_relid;
  if is_partition and claimed is null then
    return new; -- not null says it better
  end if;
  new.created_at := clock_timestamp();
  if claimed is not null and coalesce(jsonb_typeof(new.event_data) = 'object', true) then
    new.event_data := coalesce(new.event_data, '{}') || jsonb_build_object('invalid',
      case when jsonb_typeof(new.event_data -> 'invalid') = 'object' then new.event_data -> 'invalid' else '{}' end
      || jsonb_build_object('created_at', claimed::text));
  end if;
  if not is_partition then
    return new;
  end if;
  -- A row trigger may not move its row to another partition, so the row is written again where it belongs.
  insert into public.analytics_logs select new.*;
  return null;
end $$;

-- Of the other splits every row is looked at: their arms are too many to be handed to each statement.
drop trigger a_sluice_guard on public.analytics_logs;
create trigger a_sluice_guard before insert on public.analytics_logs for each row
when (
  new.arrived_at is null or new.created_at is null or not isfinite(new.created_at)
  or new.created_at > clock_timestamp() + interval '1 minute'
  or (new.event_type in ('gen_route', 'gen_ok', 'gen_failed', 'voucher_issued')
    and not sluice.is_clean(new.event_data, sluice.provider_names()))
  or new.event_type in ('split_route', 'split_ok', 'split_failed')
  or (new.event_type = 'voucher_issued' and new.event_data ? 'split'))
execute function sluice.guard_event();
drop trigger a_sluice_guard_update on public.analytics_logs;
create trigger a_sluice_guard_update before update on public.analytics_logs for each row
when (
  new.event_data is distinct from old.event_data
  and (new.event_type in ('gen_route', 'gen_ok', 'gen_failed', 'voucher_issued')
      and not sluice.is_clean(new.event_data, sluice.provider_names())
    or new.event_type in ('split_route', 'split_ok', 'split_failed')
    or new.event_type = 'voucher_issued' and new.event_data ? 'split'))
execute function sluice.guard_event();

-- Who made what a request got, and when; null when unknown. With `of_split` only what that split made. It does not look
-- where its index is missing, as on a table just adopted: it would read the whole table within an insert. Rows are found
-- by the index first and sorted afterwards; asked for the newest in one step, the planner walks the log from its end in
-- every partition. A row inserted as a role of browsers may not say who made an image.
alter type sluice.generation rename attribute provider to arm;
alter type sluice.generation add attribute split text;
create function sluice.generation_of_request(request text, of_split text) returns sluice.generation
language plpgsql stable set search_path = '' as $$
declare
  found sluice.generation;
  is_gen boolean := coalesce(of_split, 'GEN_PROVIDER_WEIGHTS') = 'GEN_PROVIDER_WEIGHTS' and exists (
    select from pg_catalog.pg_index i
    where i.indexrelid = to_regclass('public.analytics_logs_gen_ok_request') and i.indisvalid);
  is_other boolean := of_split is distinct from 'GEN_PROVIDER_WEIGHTS' and exists (
    select from pg_catalog.pg_index i
    where i.indexrelid = to_regclass('public.analytics_logs_split_ok_request') and i.indisvalid);
begin
  if request is null then
    return null;
  end if;
  with generated as materialized (
    select coalesce(g.event_data ->> 'arm', g.event_data ->> 'provider') as arm, g.created_at, 'GEN_PROVIDER_WEIGHTS' as split
    from public.analytics_logs g
    where is_gen and g.event_type = 'gen_ok' and g.event_data ->> 'request_id' = request
      and (g.event_data ? 'inserted_as') is not true
    union all
    select g.event_data ->> 'arm', g.created_at, g.event_data ->> 'split'
    from public.analytics_logs g
    where is_other and g.event_type = 'split_ok' and g.event_data ->> 'request_id' = request
      and g.event_data ->> 'split' = coalesce(of_split, g.event_data ->> 'split')
      and (g.event_data ? 'inserted_as') is not true
  )
  select g.arm, g.created_at, g.split into found from generated g order by g.created_at desc limit 1;
  return found;
end $$;

-- The split whose voucher it is.
create function sluice.split_of_voucher(event_data jsonb) returns text language sql stable set search_path = ''
return coalesce(event_data ->> 'split', (sluice.generation_of_request(event_data ->> 'request_id', null)).split,
  'GEN_PROVIDER_WEIGHTS');

create or replace function sluice.count_events() returns trigger language plpgsql security definer
set search_path = '' set enable_sort = off as $$
begin
  insert into sluice.bucket_deltas (split, at, provider, doubt, requests, failures, refused, bins, kinds, bases, strays,
    priced, cost_nano, cost_nano_squared, generated, vouchers, ages, prices)
  with alike as materialized (
    select f.split, f.at, f.arm, f.doubt, f.latency_bin, f.kind, f.basis, f.stray, f.age_bin, f.price_key, count(*) as rows,
      count(*) filter (where f.is_route) as requests, count(*) filter (where f.is_route and f.is_error) as failures,
      count(*) filter (where f.is_refused) as refused, count(f.nano) as priced, sum(f.nano) as cost_nano,
      sum(f.nano * f.nano) as cost_nano_squared, count(*) filter (where f.is_ok) as generated,
      count(*) filter (where not f.is_route and not f.is_ok) as vouchers
    from (
      select e.is_route, e.is_ok, e.is_error, e.doubt, sluice.span_end(e.created_at, interval '10 seconds') as at,
        -- A voucher that says nothing of it is its request's, and where that is unknown the first split's.
        case when e.split is not null or e.is_route or e.is_ok then e.split
          else coalesce((e.made).split, 'GEN_PROVIDER_WEIGHTS') end as split,
        case when e.is_route or e.is_ok then coalesce(e.arm, '')
          when coalesce(e.split, (e.made).split, 'GEN_PROVIDER_WEIGHTS') = 'GEN_PROVIDER_WEIGHTS'
            then coalesce(e.arm, e.event_data ->> 'provider', (e.made).arm, '')
          else coalesce(e.arm, (e.made).arm, '') end as arm,
        case when (e.made).at is not null then sluice.bin_of(
          least(greatest(extract(epoch from e.created_at - (e.made).at), 0), 86400)::float8) end as age_bin,
        case when e.cost is not null then sluice.word_of(e.event_data -> 'price_key', 128) end as price_key,
        e.is_route and not e.is_error and coalesce(e.event_data ->> 'refused', 'false') <> 'false' as is_refused,
        case when e.is_route then sluice.bin_of(e.latency) end as latency_bin,
        case when e.is_route and e.is_error then left(coalesce(e.event_data ->> 'error_kind', 'unknown'), 64) end as kind,
        case when e.is_route and e.cost is not null
          then left(coalesce(e.event_data ->> 'cost_basis', 'unknown'), 64) end as basis,
        case when e.is_route then nullif(e.event_data ->> 'assigned', e.arm) end as stray,
        case when e.is_route then round(e.cost * 1e9) end as nano
      from (
        select a.event_data, a.created_at, a.event_data ->> 'error' is not null as is_error,
          a.event_type in ('gen_route', 'split_route') as is_route, a.event_type in ('gen_ok', 'split_ok') as is_ok,
          case when a.event_type in ('gen_route', 'gen_ok') then 'GEN_PROVIDER_WEIGHTS' else a.event_data ->> 'split' end as split,
          case when a.event_type in ('gen_route', 'gen_ok')
            then coalesce(a.event_data ->> 'arm', a.event_data ->> 'provider') else a.event_data ->> 'arm' end as arm,
          sluice.doubt_of(a.event_data) as doubt,
          case when a.event_type = 'voucher_issued'
            then sluice.generation_of_request(a.event_data ->> 'request_id', a.event_data ->> 'split') end as made,
          case when a.event_type in ('gen_route', 'split_route') and jsonb_typeof(a.event_data -> 'latency_ms') = 'number'
            then (a.event_data -> 'latency_ms')::float8 end as latency,
          case when a.event_type in ('gen_route', 'split_route') and jsonb_typeof(a.event_data -> 'cost_per_image') = 'number'
            then (a.event_data -> 'cost_per_image')::numeric end as cost
        from added a
        where a.event_type = 'gen_ok' or a.event_type = 'split_ok' and a.event_data ->> 'split' <> 'GEN_PROVIDER_WEIGHTS'
          or (a.event_type = 'gen_route' or a.event_type = 'split_route' and a.event_data ->> 'split' <> 'GEN_PROVIDER_WEIGHTS')
            and coalesce(a.event_data -> 'attempt', 'null') in ('1', 'null')
            and (a.event_data -> 'pinned') is distinct from 'true'
          or a.event_type = 'voucher_issued' and a.event_data ->> 'reason' = 'regenerate'
        offset 0 -- computes each of these once
      ) e
      offset 0
    ) f
    group by f.split, f.at, f.arm, f.doubt, f.latency_bin, f.kind, f.basis, f.stray, f.age_bin, f.price_key
  ), bag as (
    select c.split, c.at, c.arm, c.doubt, jsonb_object_agg(c.key, c.n) filter (where c.bag = 'bin') as bins,
      jsonb_object_agg(c.key, c.n) filter (where c.bag = 'kind') as kinds,
      jsonb_object_agg(c.key, c.n) filter (where c.bag = 'basis') as bases,
      jsonb_object_agg(c.key, c.n) filter (where c.bag = 'stray') as strays,
      jsonb_object_agg(c.key, c.n) filter (where c.bag = 'age') as ages
    from (
      select a.split, a.at, a.arm, a.doubt, b.bag, b.key, sum(a.rows) as n
      from alike a cross join lateral (
        values ('bin', a.latency_bin::text), ('kind', a.kind), ('basis', a.basis), ('stray', a.stray),
          ('age', a.age_bin::text)) b (bag, key)
      where b.key is not null
      group by a.split, a.at, a.arm, a.doubt, b.bag, b.key
    ) c
    group by c.split, c.at, c.arm, c.doubt
  ), price as (
    select k.split, k.at, k.arm, k.doubt, case when count(*) <= 32 then jsonb_object_agg(k.price_key, k.sums)
      else sluice.add_prices(array_agg(jsonb_build_object(k.price_key, k.sums))) end as prices
    from (
      select a.split, a.at, a.arm, a.doubt, a.price_key,
        jsonb_build_array(sum(a.priced), sum(a.cost_nano), sum(a.cost_nano_squared)) as sums
      from alike a where a.price_key is not null
      group by a.split, a.at, a.arm, a.doubt, a.price_key
    ) k
    group by k.split, k.at, k.arm, k.doubt
  )
  select t.split, t.at, t.arm, t.doubt, t.requests, t.failures, t.refused, coalesce(b.bins, '{}'), coalesce(b.kinds, '{}'),
    coalesce(b.bases, '{}'), coalesce(b.strays, '{}'), t.priced, t.cost_nano, t.cost_nano_squared, t.generated, t.vouchers,
    b.ages, p.prices
  from (
    select a.split, a.at, a.arm, a.doubt, sum(a.requests) as requests, sum(a.failures) as failures,
      sum(a.refused) as refused, sum(a.priced) as priced, coalesce(sum(a.cost_nano), 0) as cost_nano,
      coalesce(sum(a.cost_nano_squared), 0) as cost_nano_squared, sum(a.generated) as generated, sum(a.vouchers) as vouchers
    from alike a group by a.split, a.at, a.arm, a.doubt
  ) t
  left join bag b on b.split = t.split and b.at = t.at and b.arm = t.arm and b.doubt = t.doubt
  left join price p on p.split = t.split and p.at = t.at and p.arm = t.arm and p.doubt = t.doubt;
  return null;
end $$;

create or replace function sluice.backfill_step(width interval default '1 hour') returns boolean
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
  select a.event_type, sluice.clean_event(a.event_type, a.event_data, array(select p.name from sluice.providers p)), a.created_at
  from public.analytics_logs a
  where a.created_at > low and a.created_at <= step.done_to and a.arrived_at is null
    and a.event_type in ('gen_route', 'gen_ok', 'voucher_issued', 'split_route', 'split_ok');
  truncate sluice.backfill_rows;
  if low <= step.until then
    delete from sluice.backfill;
    return false;
  end if;
  update sluice.backfill set done_to = low;
  return true;
end $$;

drop function sluice.generation_of_request(text);
drop function sluice.clean_event(jsonb, text[]);

insert into sluice.role_calls (name)
select unnest('{split_of_voucher,generation_of_request}'::text[]);
insert into sluice.role_calls (name, web, watchdog, cli) values ('partition_index_steps', true, true, false);

do $$
declare
  made record;
  grantee text;
begin
  for made in
    select p.oid::regprocedure as function from pg_catalog.pg_proc p
    where p.pronamespace = 'sluice'::regnamespace and p.proname = any (
      '{partition_index_steps,said_split,clean_event,generation_of_request,split_of_voucher}'::text[])
  loop
    execute format('revoke all on function %s from public', made.function);
    -- The default privileges of a Supabase project hand out what is made.
    for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
      execute format('revoke all on function %s from %I', made.function, grantee);
    end loop;
  end loop;
end $$;
select sluice.grant_roles(on_adopted => false);
