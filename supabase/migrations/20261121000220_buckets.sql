-- Ten-second buckets per provider, exactly as lib/rule/buckets/bucket.ts reads them. Inserts, by anyone, only ever append
-- deltas: an upsert would make a forgotten transaction block every writer of its bucket, and two transactions in
-- opposite order deadlock. `compact` folds settled deltas into buckets, minutes and quarters of an hour.
--
-- Buckets say what was logged: UPDATE and DELETE of raw rows (retention above all) change none of them.

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
  xid xid8 not null default pg_current_xact_id()
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_insert_threshold = -1);
create index bucket_deltas_at on sluice.bucket_deltas (at);
create index bucket_deltas_xid on sluice.bucket_deltas (xid);

create table sluice.buckets (like sluice.bucket_deltas including defaults, primary key (at, provider)) with (fillfactor = 80);
create index buckets_xid on sluice.buckets (xid);
create table sluice.minutes (like sluice.bucket_deltas including defaults, primary key (at, provider)) with (fillfactor = 80);
create table sluice.quarters (like sluice.bucket_deltas including defaults, primary key (at, provider)) with (fillfactor = 80);
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

-- The provider that made what a request got; '' when unknown. Without its index (an adopted table, just adopted) it
-- would read the whole table inside somebody's insert, so then it does not look.
create function sluice.provider_of_request(request text) returns text language plpgsql stable set search_path = '' as $$
declare found text;
begin
  if request is null or not exists (
      select from pg_catalog.pg_index i
      where i.indexrelid = to_regclass('public.analytics_logs_gen_ok_request') and i.indisvalid) then
    return '';
  end if;
  select g.event_data ->> 'provider' into found
  from public.analytics_logs g
  where g.event_type = 'gen_ok' and g.event_data ->> 'request_id' = request
  order by g.created_at desc limit 1;
  return coalesce(found, '');
end $$;

-- One statement trigger on the parent and the same on every partition: an insert into the parent, COPY included, fires
-- the parent's, an insert straight into a partition fires the partition's, never both.
create function sluice.count_events() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into sluice.bucket_deltas (at, provider, requests, failures, refused, bins, kinds, bases, strays,
    priced, cost_nano, cost_nano_squared, generated, vouchers)
  with fact as materialized (
    select sluice.span_end(e.created_at, interval '10 seconds') as at,
      case when e.event_type = 'voucher_issued' and e.provider is null
        then sluice.provider_of_request(e.event_data ->> 'request_id') else coalesce(e.provider, '') end as provider,
      e.is_route as request, e.is_route and e.is_error as failure,
      e.is_route and not e.is_error and coalesce(e.event_data ->> 'refused', 'false') <> 'false' as refused,
      e.event_type = 'gen_ok' as generated, e.event_type = 'voucher_issued' as voucher,
      case when e.is_route then sluice.bin_of(e.latency)::text end as bin,
      case when e.is_route and e.is_error then left(coalesce(e.event_data ->> 'error_kind', 'unknown'), 64) end as kind,
      case when e.is_route and e.cost is not null
        then left(coalesce(e.event_data ->> 'cost_basis', 'unknown'), 64) end as basis,
      case when e.is_route then nullif(e.event_data ->> 'assigned', e.provider) end as stray,
      case when e.is_route then round(e.cost * 1e9) end as nano
    from (
      select a.event_type, a.event_data, a.created_at, a.event_data ->> 'provider' as provider,
        a.event_type = 'gen_route' as is_route, a.event_data ->> 'error' is not null as is_error,
        case when jsonb_typeof(a.event_data -> 'latency_ms') = 'number'
          then (a.event_data -> 'latency_ms')::float8 end as latency,
        case when jsonb_typeof(a.event_data -> 'cost_per_image') = 'number'
          then (a.event_data -> 'cost_per_image')::numeric end as cost
      from added a
      where a.event_type = 'gen_ok'
        or a.event_type = 'gen_route' and coalesce(a.event_data -> 'attempt', 'null') in ('1', 'null')
        or a.event_type = 'voucher_issued' and a.event_data ->> 'reason' = 'regenerate'
      offset 0 -- computes each of these once
    ) e
  ), total as (
    select f.at, f.provider, count(*) filter (where f.request) as requests, count(*) filter (where f.failure) as failures,
      count(*) filter (where f.refused) as refused, count(f.nano) as priced, coalesce(sum(f.nano), 0) as cost_nano,
      coalesce(sum(f.nano * f.nano), 0) as cost_nano_squared, count(*) filter (where f.generated) as generated,
      count(*) filter (where f.voucher) as vouchers
    from fact f group by f.at, f.provider
  ), bag as (
    select c.at, c.provider, jsonb_object_agg(c.key, c.n) filter (where c.bag = 'bin') as bins,
      jsonb_object_agg(c.key, c.n) filter (where c.bag = 'kind') as kinds,
      jsonb_object_agg(c.key, c.n) filter (where c.bag = 'basis') as bases,
      jsonb_object_agg(c.key, c.n) filter (where c.bag = 'stray') as strays
    from (
      select f.at, f.provider, b.bag, b.key, count(*) as n
      from fact f cross join lateral (
        values ('bin', f.bin), ('kind', f.kind), ('basis', f.basis), ('stray', f.stray)) b (bag, key)
      where b.key is not null
      group by f.at, f.provider, b.bag, b.key
    ) c
    group by c.at, c.provider
  )
  select t.at, t.provider, t.requests, t.failures, t.refused, coalesce(b.bins, '{}'), coalesce(b.kinds, '{}'),
    coalesce(b.bases, '{}'), coalesce(b.strays, '{}'), t.priced, t.cost_nano, t.cost_nano_squared, t.generated, t.vouchers
  from total t left join bag b on b.at = t.at and b.provider = t.provider;
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
