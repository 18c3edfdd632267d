-- Jobs. Whether one is accepted is judged like a request, by when the answer came. What becomes of it is known later, and
-- belongs to the bucket in which the job began: there one that never ends is missing, and not merely unseen.

alter table sluice.bucket_deltas add column jobs jsonb;
alter table sluice.buckets add column jobs jsonb;
alter table sluice.minutes add column jobs jsonb;
alter table sluice.quarters add column jobs jsonb;
comment on column sluice.buckets.jobs is
  'Of the jobs that began in the span: begun, done, failed (given up ones too) and cancelled → jobs; and the lower edge of the time to the end in ms → jobs that ended by themselves.';

-- The instant that a text says; null where it says none.
create function sluice.instant_of(said jsonb) returns timestamptz stable language plpgsql set search_path = '' as $$
declare
  text_of text := said #>> '{}';
  found timestamptz;
begin
  if jsonb_typeof(said) is distinct from 'string' or length(text_of) > 40 or text_of !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:' then
    return null;
  end if;
  found := text_of::timestamptz;
  return found;
exception when others then
  return null;
end $$;

-- When a job began: its create was answered so long after the call; its end names it, else says how long it took. Never
-- after the event, and no more than a month before it.
create function sluice.job_began(of_type text, event_data jsonb, at timestamptz) returns timestamptz stable language sql
set search_path = ''
return least(at, greatest(at - interval '30 days', coalesce(
  case when of_type <> 'split_route' then sluice.instant_of(event_data -> 'created_at') end,
  at - make_interval(secs => case
    when of_type = 'split_route' and jsonb_typeof(event_data -> 'latency_ms') = 'number' then (event_data -> 'latency_ms')::float8
    when of_type <> 'split_route' and jsonb_typeof(event_data -> 'duration_ms') = 'number' then (event_data -> 'duration_ms')::float8
    else 0 end / 1000))));

-- As before, and what the end of a job says.
create or replace function sluice.clean_event(of_type text, event_data jsonb, providers text[]) returns jsonb stable language plpgsql
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
      ('attempt', sluice.in_range(event_data -> 'attempt', 1, 1000)),
      -- What the end of a job says, which the first split has none of.
      ('created_at', of_type not like 'split\_%' or not event_data ? 'created_at'
        or sluice.instant_of(event_data -> 'created_at') is not null),
      ('duration_ms', of_type not like 'split\_%' or sluice.in_range(event_data -> 'duration_ms', 0, 2592000000)),
      ('units', of_type not like 'split\_%' or sluice.in_range(event_data -> 'units', 0, 10000000)),
      ('cost_usd', of_type not like 'split\_%' or sluice.in_range(event_data -> 'cost_usd', 0, 100000)),
      ('cost_per_unit', of_type not like 'split\_%' or sluice.in_range(event_data -> 'cost_per_unit', 0, 1000))) k (name, is_good)
    where not k.is_good);
  if lies = '{}' then
    return event_data;
  end if;
  kept := case when jsonb_typeof(event_data -> 'invalid') = 'object' then event_data -> 'invalid' else '{}' end;
  return (event_data - lies) || jsonb_build_object('invalid',
    kept || (select jsonb_object_agg(name, event_data -> name) from unnest(lies) name));
end $$;

-- As before, and jobs: accepted ones when they began, and what became of them.
create or replace function sluice.count_events() returns trigger language plpgsql security definer
set search_path = '' set enable_sort = off as $$
begin
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
            when a.event_data ->> 'outcome' in ('cancelled', 'refused') then 'cancelled' when a.event_type = 'split_ok' then 'done' else 'failed' end as word,
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

-- As before, and jobs.
create or replace function sluice.fold_into(target regclass, width interval, taken sluice.bucket_deltas[]) returns void
language plpgsql set search_path = '' as $$
begin
  -- In one order always, so that two of these never wait for each other crosswise.
  execute format($sql$
    insert into %1$s as old (split, at, provider, doubt, requests, failures, refused, bins, kinds, bases, strays, priced,
      cost_nano, cost_nano_squared, generated, vouchers, ages, prices, jobs, xid)
    select d.split, sluice.span_end(d.at, $2), d.provider, d.doubt, sum(d.requests), sum(d.failures), sum(d.refused),
      %2$s(sluice.merge_counts(array_agg(d.bins))), sluice.merge_counts(array_agg(d.kinds)),
      sluice.merge_counts(array_agg(d.bases)), sluice.merge_counts(array_agg(d.strays)), sum(d.priced),
      sum(d.cost_nano), sum(d.cost_nano_squared), sum(d.generated), sum(d.vouchers),
      sluice.sum_ages(array_agg(d.ages) filter (where d.ages is not null)),
      sluice.sum_prices(array_agg(d.prices) filter (where d.prices is not null)),
      sluice.sum_ages(array_agg(d.jobs) filter (where d.jobs is not null)), pg_current_xact_id()
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
      prices = sluice.sum_prices(array_remove(array[old.prices, excluded.prices], null)),
      jobs = sluice.sum_ages(array_remove(array[old.jobs, excluded.jobs], null)), xid = excluded.xid
    $sql$, target, case when target = 'sluice.quarters'::regclass then 'sluice.coarsen' else '' end) using taken, width;
end $$;

create or replace function sluice.changed_buckets_of(splits text[], sinces timestamptz[], seens pg_snapshot[])
returns table (split text, figures json, bins text)
language plpgsql stable rows 100
set search_path = '' set jit = off set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
begin
  return query
  select c.split, s.figures, s.bins
  from (
    select a.split, array(
        select d.at from sluice.bucket_deltas d
        where a.seen is null and d.split = a.split and d.at > a.since and d.doubt = ''
        union
        select b.at from sluice.buckets b
        where a.seen is null and b.split = a.split and b.at > a.since and b.doubt = ''
        union
        select n.at from (
          select d.at, d.doubt from sluice.bucket_deltas d
          where d.split = a.split and d.xid >= pg_snapshot_xmin(a.seen) and not pg_visible_in_snapshot(d.xid, a.seen)
          offset 0
        ) n where n.at > a.since and n.doubt = ''
        union
        select n.at from (
          select b.at, b.doubt from sluice.buckets b
          where b.split = a.split and b.xid >= pg_snapshot_xmin(a.seen) and not pg_visible_in_snapshot(b.xid, a.seen)
          offset 0
        ) n where n.at > a.since and n.doubt = '') as changed
    from unnest(splits, sinces, seens) a (split, since, seen)
    offset 0
  ) c
  cross join lateral (
    select json_agg(case when t.jobs is null
        then json_build_array((extract(epoch from t.at) * 1000)::bigint, t.provider, t.requests, t.failures,
          t.refused, t.priced, t.cost_nano, t.cost_nano_squared, t.generated, t.vouchers, t.ages, t.prices)
        else json_build_array((extract(epoch from t.at) * 1000)::bigint, t.provider, t.requests, t.failures,
          t.refused, t.priced, t.cost_nano, t.cost_nano_squared, t.generated, t.vouchers, t.ages, t.prices, t.jobs)
        end) as figures,
      string_agg(t.bins, E'\n') as bins
    from (
      select r.at, r.provider, sum(r.requests) as requests, sum(r.failures) as failures, sum(r.refused) as refused,
        string_agg(r.bins, ',') as bins, sum(r.priced) as priced, sum(r.cost_nano) as cost_nano,
        sum(r.cost_nano_squared) as cost_nano_squared, sum(r.generated) as generated, sum(r.vouchers) as vouchers,
        sluice.sum_ages(array_agg(r.ages) filter (where r.ages is not null)) as ages,
        sluice.sum_prices(array_agg(r.prices) filter (where r.prices is not null)) as prices,
        sluice.sum_ages(array_agg(r.jobs) filter (where r.jobs is not null)) as jobs
      from (
        select b.at, b.provider, b.requests, b.failures, b.refused, b.bins_text as bins,
          b.priced, b.cost_nano, b.cost_nano_squared, b.generated, b.vouchers, b.ages, b.prices, b.jobs
        from sluice.buckets b where b.split = c.split and b.at = any (c.changed) and b.doubt = ''
        union all
        select d.at, d.provider, d.requests, d.failures, d.refused, d.bins_text,
          d.priced, d.cost_nano, d.cost_nano_squared, d.generated, d.vouchers, d.ages, d.prices, d.jobs
        from sluice.bucket_deltas d where d.split = c.split and d.at = any (c.changed) and d.doubt = ''
      ) r
      group by r.at, r.provider order by r.at, r.provider
    ) t
  ) s
  where s.figures is not null;
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
    and a.event_type in ('gen_route', 'gen_ok', 'voucher_issued', 'split_route', 'split_ok', 'split_failed');
  truncate sluice.backfill_rows;
  if low <= step.until then
    delete from sluice.backfill;
    return false;
  end if;
  update sluice.backfill set done_to = low;
  return true;
end $$;

do $$
declare
  made record;
  grantee text;
begin
  for made in
    select p.oid::regprocedure as function from pg_catalog.pg_proc p
    where p.pronamespace = 'sluice'::regnamespace and p.proname = any ('{instant_of,job_began}'::text[])
  loop
    execute format('revoke all on function %s from public', made.function);
    -- The default privileges of a Supabase project hand out what is made.
    for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
      execute format('revoke all on function %s from %I', made.function, grantee);
    end loop;
  end loop;
end $$;
select sluice.grant_roles(on_adopted => false);
