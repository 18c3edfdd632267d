-- What every statement pays, cut. The events of a statement are first put together where they are alike in all that is
-- counted, once, and only those few are looked at again; before, each event was taken apart into its four bags.
-- Without sorting: the planner knows nothing of a statement's rows and would sort them by six columns to group them.
create or replace function sluice.count_events() returns trigger language plpgsql security definer
set search_path = '' set enable_sort = off as $$
begin
  insert into sluice.bucket_deltas (at, provider, requests, failures, refused, bins, kinds, bases, strays,
    priced, cost_nano, cost_nano_squared, generated, vouchers)
  with alike as materialized (
    select f.at, f.provider, f.latency_bin, f.kind, f.basis, f.stray, count(*) as rows,
      count(*) filter (where f.is_route) as requests, count(*) filter (where f.is_route and f.is_error) as failures,
      count(*) filter (where f.is_refused) as refused, count(f.nano) as priced, sum(f.nano) as cost_nano,
      sum(f.nano * f.nano) as cost_nano_squared, count(*) filter (where f.event_type = 'gen_ok') as generated,
      count(*) filter (where f.event_type = 'voucher_issued') as vouchers
    from (
      select e.event_type, e.is_route, e.is_error, sluice.span_end(e.created_at, interval '10 seconds') as at,
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
    group by f.at, f.provider, f.latency_bin, f.kind, f.basis, f.stray
  ), bag as (
    select c.at, c.provider, jsonb_object_agg(c.key, c.n) filter (where c.bag = 'bin') as bins,
      jsonb_object_agg(c.key, c.n) filter (where c.bag = 'kind') as kinds,
      jsonb_object_agg(c.key, c.n) filter (where c.bag = 'basis') as bases,
      jsonb_object_agg(c.key, c.n) filter (where c.bag = 'stray') as strays
    from (
      select a.at, a.provider, b.bag, b.key, sum(a.rows) as n
      from alike a cross join lateral (
        values ('bin', a.latency_bin::text), ('kind', a.kind), ('basis', a.basis), ('stray', a.stray)) b (bag, key)
      where b.key is not null
      group by a.at, a.provider, b.bag, b.key
    ) c
    group by c.at, c.provider
  )
  select t.at, t.provider, t.requests, t.failures, t.refused, coalesce(b.bins, '{}'), coalesce(b.kinds, '{}'),
    coalesce(b.bases, '{}'), coalesce(b.strays, '{}'), t.priced, t.cost_nano, t.cost_nano_squared, t.generated, t.vouchers
  from (
    select a.at, a.provider, sum(a.requests) as requests, sum(a.failures) as failures, sum(a.refused) as refused,
      sum(a.priced) as priced, coalesce(sum(a.cost_nano), 0) as cost_nano,
      coalesce(sum(a.cost_nano_squared), 0) as cost_nano_squared, sum(a.generated) as generated, sum(a.vouchers) as vouchers
    from alike a group by a.at, a.provider
  ) t left join bag b on b.at = t.at and b.provider = t.provider;
  return null;
end $$;

-- A request's rows are found by its index first and put in order afterwards: asked for the newest in one step, the planner
-- went through the log from its end, in every partition.
create or replace function sluice.provider_of_request(request text) returns text language plpgsql stable
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
  )
  select g.provider into found from generated g order by g.created_at desc limit 1;
  return coalesce(found, '');
end $$;
