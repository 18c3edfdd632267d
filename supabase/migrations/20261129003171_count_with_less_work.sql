-- What the counting of a batch looks at, looked at with less work: the counts are the same.

-- Between powers of ten, and not so near to one that its logarithm could round to another's, the digits are known.
create or replace function sluice.bin_of(latency double precision) returns double precision immutable language sql
return case
  when latency is null then null
  when latency < 9.9 then floor(latency * 100) / 100
  when latency between 10 and 99 then floor(latency * 10) / 10
  when latency between 100 and 990 then floor(latency)
  when latency between 1000 and 9900 then floor(latency / 10) * 10
  when latency between 10000 and 99000 then floor(latency / 100) * 100
  when log10(latency) + 1e-12 >= 2 then
    floor(latency / power(10::float8, floor(log10(latency) + 1e-12) - 2))
      * power(10::float8, floor(log10(latency) + 1e-12) - 2)
  when log10(latency) + 1e-12 >= 1 then floor(latency * 10) / 10
  else floor(latency * 100) / 100 end;

-- As before: keys and counts are numbers.
create or replace function sluice.bins_text(bins jsonb) returns text immutable language sql
return replace(replace(btrim(bins::text, '{}'), '"', ''), ' ', '');

create or replace function sluice.doubt_of(event_data jsonb) returns text immutable language sql
return case
  when (event_data ? 'backfilled' or event_data ? 'inserted_as') is not true then ''
  when event_data ->> 'inserted_as' in ('anon', 'authenticated') then event_data ->> 'inserted_as'
  else 'backfilled' end;

create or replace function sluice.count_events() returns trigger language plpgsql security definer
set search_path = '' set enable_sort = off as $$
begin
  -- Few batches hold what is pinned, or jobs: one look tells.
  if exists (select from added a where a.event_data ?| '{pinned,phase}') then
    if exists (select from added a where (a.event_data -> 'pinned') = 'true') then
      insert into sluice.pinned_minutes as p (split, at, arm, field, requests)
      select r.split, date_trunc('minute', r.created_at), r.arm, r.field, count(*)
      from (
        select case a.event_type when 'gen_route' then 'GEN_PROVIDER_WEIGHTS' else a.event_data ->> 'split' end as split,
          coalesce(a.event_data ->> 'arm', a.event_data ->> 'provider', '') as arm, a.created_at,
          -- A name that a caller made up is not kept: there is no end of them.
          coalesce(substring(a.event_data -> 'pinned_by' ->> 0 from '^[a-z][a-z_]{0,31}$'), 'other') as field
        from added a
        where a.event_type in ('gen_route', 'split_route') and (a.event_data -> 'pinned') = 'true'
          and coalesce(a.event_data -> 'attempt', 'null') in ('1', 'null')) r
      where r.split is not null
      group by 1, 2, 3, 4 order by 1, 2, 3, 4
      on conflict (split, at, arm, field) do update set requests = p.requests + excluded.requests;
    end if;
    if exists (select from added a
        where a.event_type in ('split_route', 'split_ok', 'split_failed') and a.event_data ? 'phase') then
      insert into sluice.bucket_deltas (split, at, provider, doubt, requests, failures, refused, bins, kinds, bases, strays,
        priced, cost_nano, cost_nano_squared, generated, vouchers, prices, jobs)
      with job as materialized (
        select j.split, j.arm, j.doubt, sluice.span_end(j.began, interval '10 seconds') as at, j.word, j.took, j.nano,
          case when j.nano is not null then sluice.word_of(j.price_key, 128) end as price_key
        from (
          select a.event_data ->> 'split' as split, coalesce(a.event_data ->> 'arm', '') as arm,
            sluice.doubt_of(a.event_data) as doubt, sluice.job_began(a.event_type, a.event_data, a.created_at) as began,
            -- What its caller took back, or asked for in words that the provider refuses, speaks for no arm and against none.
            case when a.event_type = 'split_route' then 'begun'
              when a.event_data ->> 'outcome' in ('cancelled', 'refused') then 'cancelled'
                when a.event_type = 'split_ok' then 'done' else 'failed' end as word,
            -- One that was given up never came to an end of its own, whenever that was.
            case when a.event_type <> 'split_route'
                and coalesce(a.event_data ->> 'outcome' not in ('cancelled', 'refused'), true)
                and (a.event_data ->> 'error_kind') is distinct from 'timeout'
                and jsonb_typeof(a.event_data -> 'duration_ms') = 'number'
              then sluice.bin_of((a.event_data -> 'duration_ms')::float8) end as took,
            case when a.event_type <> 'split_route' and jsonb_typeof(a.event_data -> 'cost_per_unit') = 'number'
              then round((a.event_data -> 'cost_per_unit')::numeric * 1e9) end as nano,
            a.event_data -> 'price_key' as price_key
          from added a
          where a.event_type in ('split_route', 'split_ok', 'split_failed') and a.event_data ->> 'split' <> 'GEN_PROVIDER_WEIGHTS'
            and (a.event_data -> 'pinned') is distinct from 'true'
            and case a.event_type when 'split_route' then a.event_data ->> 'phase' = 'create' and a.event_data ->> 'error' is null
                and coalesce(a.event_data ->> 'refused', 'false') = 'false'
                and coalesce(a.event_data -> 'attempt', 'null') in ('1', 'null')
              -- Only where it was drawn: what another arm took over is none of that one's draws.
              else a.event_data ->> 'phase' = 'end'
                and coalesce(a.event_data ->> 'assigned', a.event_data ->> 'arm') is not distinct from a.event_data ->> 'arm' end
          offset 0) j
      ), bag as (
        select c.split, c.at, c.arm, c.doubt, jsonb_object_agg(c.key, c.n) as jobs
        from (
          select j.split, j.at, j.arm, j.doubt, k.key, count(*) as n
          from job j cross join lateral (values (j.word), (j.took::text)) k (key)
          where k.key is not null
          group by 1, 2, 3, 4, 5) c
        group by 1, 2, 3, 4
      ), price as (
        select k.split, k.at, k.arm, k.doubt, case when count(*) <= 32 then jsonb_object_agg(k.price_key, k.sums)
          else sluice.add_prices(array_agg(jsonb_build_object(k.price_key, k.sums))) end as prices
        from (
          select j.split, j.at, j.arm, j.doubt, j.price_key,
            jsonb_build_array(count(*), sum(j.nano), sum(j.nano * j.nano)) as sums
          from job j where j.price_key is not null
          group by 1, 2, 3, 4, 5) k
        group by 1, 2, 3, 4
      )
      select t.split, t.at, t.arm, t.doubt, 0, 0, 0, '{}', '{}', '{}', '{}', t.priced, t.cost_nano, t.cost_nano_squared,
        t.generated, 0, p.prices, b.jobs
      from (
        select j.split, j.at, j.arm, j.doubt, count(j.nano) as priced, coalesce(sum(j.nano), 0) as cost_nano,
          coalesce(sum(j.nano * j.nano), 0) as cost_nano_squared, count(*) filter (where j.word = 'done') as generated
        from job j group by 1, 2, 3, 4
      ) t
      join bag b on b.split = t.split and b.at = t.at and b.arm = t.arm and b.doubt = t.doubt
      left join price p on p.split = t.split and p.at = t.at and p.arm = t.arm and p.doubt = t.doubt;
    end if;
  end if;
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
        select a.event_data, a.created_at,
          a.event_type in ('gen_route', 'split_route') and a.event_data ->> 'error' is not null as is_error,
          a.event_type in ('gen_route', 'split_route') as is_route, a.event_type in ('gen_ok', 'split_ok') as is_ok,
          case when a.event_type in ('gen_route', 'gen_ok') then 'GEN_PROVIDER_WEIGHTS' else a.event_data ->> 'split' end as split,
          case when a.event_type in ('gen_route', 'gen_ok')
            then coalesce(a.event_data ->> 'arm', a.event_data ->> 'provider') else a.event_data ->> 'arm' end as arm,
          sluice.doubt_of(a.event_data) as doubt,
          case when a.event_type = 'voucher_issued'
            then sluice.generation_of_request(a.event_data ->> 'request_id', a.event_data ->> 'split') end as made,
          case when a.event_type in ('gen_route', 'split_route') and jsonb_typeof(a.event_data -> 'latency_ms') = 'number'
            then (a.event_data -> 'latency_ms')::float8 end as latency,
          -- What a job costs is known at its end.
          case when a.event_type in ('gen_route', 'split_route') and jsonb_typeof(a.event_data -> 'cost_per_image') = 'number'
              and not (a.event_type = 'split_route' and a.event_data ? 'phase')
            then (a.event_data -> 'cost_per_image')::numeric end as cost
        from added a
        where a.event_type = 'gen_ok'
          or a.event_type = 'split_ok' and a.event_data ->> 'split' <> 'GEN_PROVIDER_WEIGHTS'
            and (a.event_data ->> 'phase') is distinct from 'end'
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
      select b.split, b.at, b.arm, b.doubt, b.bag, b.key, sum(b.rows) as n
      from (
        select a.split, a.at, a.arm, a.doubt, 'bin' as bag, a.latency_bin::text as key, a.rows
        from alike a where a.latency_bin is not null
        union all select a.split, a.at, a.arm, a.doubt, 'kind', a.kind, a.rows from alike a where a.kind is not null
        union all select a.split, a.at, a.arm, a.doubt, 'basis', a.basis, a.rows from alike a where a.basis is not null
        union all select a.split, a.at, a.arm, a.doubt, 'stray', a.stray, a.rows from alike a where a.stray is not null
        union all select a.split, a.at, a.arm, a.doubt, 'age', a.age_bin::text, a.rows from alike a where a.age_bin is not null
      ) b
      group by b.split, b.at, b.arm, b.doubt, b.bag, b.key
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

select sluice.grant_roles(on_adopted => false);
