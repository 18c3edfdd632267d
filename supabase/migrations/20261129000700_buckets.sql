-- Ten-second buckets per provider, as lib/rule/buckets/bucket.ts reads them. An insert of events only appends deltas: an
-- upsert would let an open transaction block every writer of its bucket, and two transactions in opposite order would
-- deadlock. `compact` folds settled deltas into buckets, minutes and quarters of an hour.
--
-- Buckets say what was logged: UPDATE and DELETE of raw rows, retention above all, change none of them.

-- Turning bins into text is most of what reading them costs, so each row keeps the text "200:1,201:4" beside them.
create function sluice.bins_text(bins jsonb) returns text immutable language sql
return translate(bins::text, '{}" ', '');

create table sluice.bucket_deltas (
  -- The right end of (at - 10 s, at].
  at timestamptz not null,
  -- '' for rows that name no registered provider.
  provider text not null,
  requests bigint not null,
  failures bigint not null,
  refused bigint not null,
  -- Lower edge of the latency bin → rows, error kind → rows, cost basis → rows.
  bins jsonb not null,
  kinds jsonb not null,
  bases jsonb not null,
  -- Rows of this provider that the selector had assigned to another one: assigned provider → rows.
  strays jsonb not null,
  priced bigint not null,
  cost_nano numeric not null,
  cost_nano_squared numeric not null,
  generated bigint not null,
  vouchers bigint not null,
  -- Who wrote it, so that a reader can ask for what its last snapshot did not show.
  xid xid8 not null default pg_current_xact_id(),
  bins_text text generated always as (sluice.bins_text(bins)) stored,
  -- What doubt_of says of its events: buckets of doubted events are apart.
  doubt text not null default ''
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_insert_threshold = -1,
  toast_tuple_target = 8160);
-- Deltas live too briefly to be worth compressing.
alter table sluice.bucket_deltas alter column bins_text set storage main;
create index bucket_deltas_at on sluice.bucket_deltas (at);
create index bucket_deltas_xid on sluice.bucket_deltas (xid);

create table sluice.buckets (like sluice.bucket_deltas including defaults including generated,
  primary key (at, provider, doubt)) with (fillfactor = 80);
create index buckets_xid on sluice.buckets (xid);
create table sluice.minutes (like sluice.bucket_deltas including defaults including generated,
  primary key (at, provider, doubt)) with (fillfactor = 80);
create table sluice.quarters (like sluice.bucket_deltas including defaults including generated,
  primary key (at, provider, doubt)) with (fillfactor = 80);
-- Charts read thousands of these texts; not compressed, they need no unpacking.
alter table sluice.buckets alter column bins_text set storage external;
alter table sluice.minutes alter column bins_text set storage external;
alter table sluice.quarters alter column bins_text set storage external;
alter table sluice.bucket_deltas enable row level security;
alter table sluice.buckets enable row level security;
alter table sluice.minutes enable row level security;
alter table sluice.quarters enable row level security;

-- The right end of the span of this width that holds an instant; spans are closed on the right.
create function sluice.span_end(instant timestamptz, width interval) returns timestamptz stable language sql
return date_bin(width, instant - interval '1 microsecond', timestamptz '0001-01-01 00:00:00+00') + width;

-- binOf of lib/rule/buckets/bucket.ts, in the same double arithmetic.
create function sluice.bin_of(latency double precision) returns double precision immutable language sql
return case
  when latency is null then null
  when latency < 1 then floor(latency * 100) / 100
  when log10(latency) + 1e-12 >= 2 then
    floor(latency / power(10::float8, floor(log10(latency) + 1e-12) - 2))
      * power(10::float8, floor(log10(latency) + 1e-12) - 2)
  when log10(latency) + 1e-12 >= 1 then floor(latency * 10) / 10
  else floor(latency * 100) / 100 end;

-- The provider that made what a request got; '' when unknown. It does not look while its index is missing, as on a table
-- just adopted: it would read the whole table within an insert. Rows are found by the index first and sorted afterwards;
-- asked for the newest in one step, the planner walks the log from its end in every partition. A row inserted as a role
-- of browsers may not say who made an image.
create function sluice.provider_of_request(request text) returns text language plpgsql stable
set search_path = '' as $$
declare found text;
begin
  if request is null or not exists (
      select from pg_catalog.pg_index i
      where i.indexrelid = to_regclass('public.analytics_logs_gen_ok_request') and i.indisvalid) then
    return '';
  end if;
  with generated as materialized (
    select g.created_at, g.event_data ->> 'provider' as provider
    from public.analytics_logs g
    where g.event_type = 'gen_ok' and g.event_data ->> 'request_id' = request
      and (g.event_data ? 'inserted_as') is not true
  )
  select g.provider into found from generated g order by g.created_at desc limit 1;
  return coalesce(found, '');
end $$;

-- One statement trigger on the parent and the same on every partition: an insert into the parent, COPY included, fires
-- the parent's, an insert straight into a partition fires the partition's, never both.
--
-- Events that are alike in all that is counted are put together first, so that only those few groups are taken apart into
-- bags. Sorting is off because the planner knows nothing of a statement's rows and would sort by seven columns to group.
create function sluice.count_events() returns trigger language plpgsql security definer
set search_path = '' set enable_sort = off as $$
begin
  insert into sluice.bucket_deltas (at, provider, doubt, requests, failures, refused, bins, kinds, bases, strays,
    priced, cost_nano, cost_nano_squared, generated, vouchers)
  with alike as materialized (
    select f.at, f.provider, f.doubt, f.latency_bin, f.kind, f.basis, f.stray, count(*) as rows,
      count(*) filter (where f.is_route) as requests, count(*) filter (where f.is_route and f.is_error) as failures,
      count(*) filter (where f.is_refused) as refused, count(f.nano) as priced, sum(f.nano) as cost_nano,
      sum(f.nano * f.nano) as cost_nano_squared, count(*) filter (where f.event_type = 'gen_ok') as generated,
      count(*) filter (where f.event_type = 'voucher_issued') as vouchers
    from (
      select e.event_type, e.is_route, e.is_error, e.doubt, sluice.span_end(e.created_at, interval '10 seconds') as at,
        case when e.event_type = 'voucher_issued' and e.provider is null
          then sluice.provider_of_request(e.event_data ->> 'request_id') else coalesce(e.provider, '') end as provider,
        e.is_route and not e.is_error and coalesce(e.event_data ->> 'refused', 'false') <> 'false' as is_refused,
        case when e.is_route then sluice.bin_of(e.latency) end as latency_bin,
        case when e.is_route and e.is_error then left(coalesce(e.event_data ->> 'error_kind', 'unknown'), 64) end as kind,
        case when e.is_route and e.cost is not null
          then left(coalesce(e.event_data ->> 'cost_basis', 'unknown'), 64) end as basis,
        case when e.is_route then nullif(e.event_data ->> 'assigned', e.provider) end as stray,
        case when e.is_route then round(e.cost * 1e9) end as nano
      from (
        select a.event_type, a.event_data, a.created_at, a.event_data ->> 'provider' as provider,
          a.event_type = 'gen_route' as is_route, a.event_data ->> 'error' is not null as is_error,
          sluice.doubt_of(a.event_data) as doubt,
          case when a.event_type = 'gen_route' and jsonb_typeof(a.event_data -> 'latency_ms') = 'number'
            then (a.event_data -> 'latency_ms')::float8 end as latency,
          case when a.event_type = 'gen_route' and jsonb_typeof(a.event_data -> 'cost_per_image') = 'number'
            then (a.event_data -> 'cost_per_image')::numeric end as cost
        from added a
        where a.event_type = 'gen_ok'
          or a.event_type = 'gen_route' and coalesce(a.event_data -> 'attempt', 'null') in ('1', 'null')
          or a.event_type = 'voucher_issued' and a.event_data ->> 'reason' = 'regenerate'
        offset 0 -- computes each of these once
      ) e
      offset 0
    ) f
    group by f.at, f.provider, f.doubt, f.latency_bin, f.kind, f.basis, f.stray
  ), bag as (
    select c.at, c.provider, c.doubt, jsonb_object_agg(c.key, c.n) filter (where c.bag = 'bin') as bins,
      jsonb_object_agg(c.key, c.n) filter (where c.bag = 'kind') as kinds,
      jsonb_object_agg(c.key, c.n) filter (where c.bag = 'basis') as bases,
      jsonb_object_agg(c.key, c.n) filter (where c.bag = 'stray') as strays
    from (
      select a.at, a.provider, a.doubt, b.bag, b.key, sum(a.rows) as n
      from alike a cross join lateral (
        values ('bin', a.latency_bin::text), ('kind', a.kind), ('basis', a.basis), ('stray', a.stray)) b (bag, key)
      where b.key is not null
      group by a.at, a.provider, a.doubt, b.bag, b.key
    ) c
    group by c.at, c.provider, c.doubt
  )
  select t.at, t.provider, t.doubt, t.requests, t.failures, t.refused, coalesce(b.bins, '{}'), coalesce(b.kinds, '{}'),
    coalesce(b.bases, '{}'), coalesce(b.strays, '{}'), t.priced, t.cost_nano, t.cost_nano_squared, t.generated, t.vouchers
  from (
    select a.at, a.provider, a.doubt, sum(a.requests) as requests, sum(a.failures) as failures, sum(a.refused) as refused,
      sum(a.priced) as priced, coalesce(sum(a.cost_nano), 0) as cost_nano,
      coalesce(sum(a.cost_nano_squared), 0) as cost_nano_squared, sum(a.generated) as generated, sum(a.vouchers) as vouchers
    from alike a group by a.at, a.provider, a.doubt
  ) t left join bag b on b.at = t.at and b.provider = t.provider and b.doubt = t.doubt;
  return null;
end $$;

create function sluice.count_events_of(target regclass) returns void language plpgsql set search_path = '' as $$
begin
  execute format('create trigger sluice_count after insert on %s referencing new table as added
    for each statement execute function sluice.count_events()', target);
end $$;

do $$
declare target regclass;
begin
  for target in select t.relid from pg_partition_tree('public.analytics_logs') t loop
    perform sluice.count_events_of(target);
  end loop;
  if not exists (select from pg_partition_tree('public.analytics_logs')) then
    perform sluice.count_events_of('public.analytics_logs');
  end if;
end $$;

-- Adds up bags of counts: {"100": 2, "101": 1} + {"100": 1} = {"100": 3, "101": 1}.
create function sluice.add_counts(bags jsonb[]) returns jsonb immutable language sql set search_path = ''
begin atomic
  select coalesce(jsonb_object_agg(s.key, s.n), '{}')
  from (
    select e.key, sum(e.value::bigint) as n
    from unnest(bags) b (bag) cross join lateral jsonb_each_text(b.bag) e
    group by e.key
  ) s;
end;

-- add_counts with the usual cases first: one bag, or all but one empty.
create function sluice.merge_counts(bags jsonb[]) returns jsonb immutable language sql
return case when cardinality(bags) = 1 then bags[1] else
  case cardinality(array_remove(bags, '{}')) when 0 then '{}'::jsonb when 1 then (array_remove(bags, '{}'))[1]
    else sluice.add_counts(array_remove(bags, '{}')) end end;

-- Quarters serve charts of days, where bins of one percent are finer than needed: a third of the bins, still within
-- 0.9 %. A coarse bin has the name of the fine bin in its middle; from 300 on each multiple of five is an edge (8000,
-- 12500).
create function sluice.coarse_bin(edge double precision) returns double precision immutable language plpgsql
set search_path = '' as $$
declare
  digits integer;
  lead integer;
begin
  if edge < 1 then
    return edge;
  end if;
  digits := floor(log10(edge) + 1e-12);
  lead := round(edge * power(10::float8, 2 - digits));
  lead := case when lead < 200 then lead when lead < 300 then least(lead - mod(lead - 200, 3) + 1, 299)
    else lead - mod(lead, 5) + 2 end;
  return case when digits >= 2 then lead * power(10::float8, digits - 2) else lead / power(10::float8, 2 - digits) end;
end $$;

create function sluice.coarsen(bins jsonb) returns jsonb immutable language sql set search_path = ''
begin atomic
  select coalesce(jsonb_object_agg(c.key, c.n), '{}')
  from (
    select sluice.coarse_bin(e.key::float8)::text as key, sum(e.value::bigint) as n
    from jsonb_each_text(bins) e group by 1
  ) c;
end;

create function sluice.fold_into(target regclass, width interval, taken sluice.bucket_deltas[]) returns void
language plpgsql set search_path = '' as $$
begin
  -- In one order always, so that two of these never wait for each other crosswise.
  execute format($sql$
    insert into %1$s as old (at, provider, doubt, requests, failures, refused, bins, kinds, bases, strays, priced, cost_nano,
      cost_nano_squared, generated, vouchers, xid)
    select sluice.span_end(d.at, $2), d.provider, d.doubt, sum(d.requests), sum(d.failures), sum(d.refused),
      %2$s(sluice.merge_counts(array_agg(d.bins))), sluice.merge_counts(array_agg(d.kinds)),
      sluice.merge_counts(array_agg(d.bases)), sluice.merge_counts(array_agg(d.strays)), sum(d.priced),
      sum(d.cost_nano), sum(d.cost_nano_squared), sum(d.generated), sum(d.vouchers), pg_current_xact_id()
    from unnest($1) d
    group by 1, 2, 3 order by 1, 2, 3
    on conflict (at, provider, doubt) do update set
      requests = old.requests + excluded.requests, failures = old.failures + excluded.failures,
      refused = old.refused + excluded.refused, bins = sluice.merge_counts(array[old.bins, excluded.bins]),
      kinds = sluice.merge_counts(array[old.kinds, excluded.kinds]),
      bases = sluice.merge_counts(array[old.bases, excluded.bases]),
      strays = sluice.merge_counts(array[old.strays, excluded.strays]), priced = old.priced + excluded.priced,
      cost_nano = old.cost_nano + excluded.cost_nano,
      cost_nano_squared = old.cost_nano_squared + excluded.cost_nano_squared,
      generated = old.generated + excluded.generated, vouchers = old.vouchers + excluded.vouchers, xid = excluded.xid
    $sql$, target, case when target = 'sluice.quarters'::regclass then 'sluice.coarsen' else '' end) using taken, width;
end $$;

-- Folds deltas that have settled (their bucket ended 15 s ago, so few more will come) into the three tables, in one
-- transaction: a reader's snapshot sees each delta exactly once, as itself or folded. Any number of processes may call it
-- at any rate; it never waits for a writer and no writer waits for it. Returns how many deltas it took.
create function sluice.compact(most integer default 20000) returns integer language plpgsql security definer set search_path = '' set jit = off
as $$
declare
  taken sluice.bucket_deltas[];
begin
  with settled as materialized (
    select d.ctid from sluice.bucket_deltas d
    where d.at < now() - interval '15 seconds'
    limit most for update skip locked
  ), gone as (
    delete from sluice.bucket_deltas d using settled s where d.ctid = s.ctid returning d
  )
  select array_agg(g.d) into taken from gone g;
  if taken is null then
    return 0;
  end if;
  perform sluice.fold_into('sluice.buckets', interval '10 seconds', taken);
  perform sluice.fold_into('sluice.minutes', interval '1 minute', taken);
  perform sluice.fold_into('sluice.quarters', interval '15 minutes', taken);
  return cardinality(taken);
end $$;
