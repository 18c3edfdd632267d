-- How much of a split's traffic is pinned: requests that not every arm can be told, by the arm they went to and the first
-- field that pinned them. They are in no bucket, since no draw decided them.
create table sluice.pinned_minutes (
  split text not null,
  at timestamptz not null,
  arm text not null,
  field text not null,
  requests bigint not null,
  primary key (split, at, arm, field)
);
alter table sluice.pinned_minutes enable row level security;
insert into sluice.role_grants (relation, web, watchdog, cli) values ('sluice.pinned_minutes', 'select', 'select', 'select');

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

create or replace function sluice.prune(keep_buckets interval default '60 days', keep_spans interval default '400 days')
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
  pruned := pruned + n;
  delete from sluice.pinned_minutes p where p.at < now() - interval '8 days';
  get diagnostics n = row_count;
  return pruned + n;
end $$;

-- As before, and `maxPinned`.
create or replace function sluice.policy_fault_of(split text, policy_text text) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
  given jsonb; policy jsonb; fault text; line jsonb; i int := 0; seen text[] := '{}'; n numeric;
begin
  if policy_text is null and split = 'GEN_PROVIDER_WEIGHTS' then
    return 'the policy is null; write an object such as {"minRequests":150}, or delete the row for the default';
  elsif policy_text is null then
    return 'the policy is null; write an object with baseline, candidate, stages and rollback';
  elsif length(policy_text) > 16384 then
    return format('the policy is %s characters long; at most 16384 are allowed', length(policy_text));
  end if;
  begin
    given := policy_text::jsonb;
  exception when others then
    return format('the policy %s is not JSON; write an object such as {"minRequests":150}', quote_literal(left(policy_text, 64)));
  end;
  if jsonb_typeof(given) <> 'object' then
    return sluice.place_fault('policy', given, 'must be an object such as {"minRequests":150}');
  end if;
  fault := sluice.key_fault('policy', given, '{baseline,candidate,candidates,stages,rollback,redLines,evidence,sharedCause,
    warningTolerance,minRequests,maxPinned,baselineCostUsd,autoAdvance}');
  if fault is not null then return fault; end if;
  policy := sluice.whole_policy(split, given);
  fault := sluice.roles_fault(split, given, policy);
  if fault is not null then return fault; end if;
  fault := sluice.stages_fault_of(policy, sluice.arms_of_split(split));
  if fault is not null then return fault; end if;

  if jsonb_typeof(policy -> 'redLines') <> 'array' then
    return sluice.place_fault('policy.redLines', policy -> 'redLines', 'must be a list of red lines');
  elsif jsonb_array_length(policy -> 'redLines') = 0 then
    return 'policy.redLines is []; it must have at least one red line';
  end if;
  for line in select * from jsonb_array_elements(policy -> 'redLines') loop
    fault := sluice.red_line_fault(format('policy.redLines[%s]', i), line);
    if fault is not null then return fault; end if;
    if line ->> 'metric' = any (seen) then
      return format('policy.redLines has %s twice; one line a metric', line ->> 'metric');
    end if;
    seen := seen || (line ->> 'metric');
    i := i + 1;
  end loop;

  if policy -> 'evidence' not in ('"confirmed"', '"observed"') then
    return sluice.place_fault('policy.evidence', policy -> 'evidence', 'must be "confirmed" or "observed"');
  end if;
  if policy ? 'sharedCause' and policy -> 'sharedCause' not in ('"block"', '"act"') then
    return sluice.place_fault('policy.sharedCause', policy -> 'sharedCause', 'must be "block" or "act"');
  end if;
  n := sluice.number_of(policy -> 'warningTolerance');
  if policy ? 'warningTolerance' and (n is null or n not between 0 and 1) then
    return sluice.place_fault('policy.warningTolerance', policy -> 'warningTolerance',
      'must be a share from 0 to 1: a tenth is 0.1');
  end if;
  n := sluice.number_of(policy -> 'minRequests');
  if n is null or n not between 0 and 1000000 or n <> trunc(n) then
    return sluice.place_fault('policy.minRequests', policy -> 'minRequests', 'must be a whole number from 0 to 1000000');
  end if;
  n := sluice.number_of(policy -> 'maxPinned');
  if policy ? 'maxPinned' and (n is null or n not between 0 and 1) then
    return sluice.place_fault('policy.maxPinned', policy -> 'maxPinned', 'must be a share from 0 to 1: a twentieth is 0.05');
  end if;
  n := sluice.number_of(policy -> 'baselineCostUsd');
  if policy -> 'baselineCostUsd' <> 'null' and (n is null or n <= 0 or n > 100) then
    return sluice.place_fault('policy.baselineCostUsd', policy -> 'baselineCostUsd', 'must be null or US dollars above 0, at most 100');
  end if;
  if jsonb_typeof(policy -> 'autoAdvance') <> 'boolean' then
    return sluice.place_fault('policy.autoAdvance', policy -> 'autoAdvance', 'must be true or false');
  end if;
  return null;
end $$;
select sluice.grant_roles(on_adopted => false);
