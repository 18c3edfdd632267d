-- What the rule reads beside the buckets of a tick: seldom, and each answer is determined by its arguments but for rows
-- that come late.

-- How long the vouchers of a provider took, in the ten-second buckets that lie whole in (since, until].
create function sluice.voucher_delays(of_provider text, since timestamptz, until timestamptz)
returns table (seconds double precision, vouchers bigint)
language plpgsql stable set search_path = '' set jit = off as $$
declare
  first_edge timestamptz;
  last_edge timestamptz;
  from_edge timestamptz := sluice.span_end(since, interval '10 seconds');
begin
  select w.first_edge, w.last_edge into first_edge, last_edge from sluice.whole_quarters(since, until) w;
  return query
    select e.key::float8, sum(e.value::bigint)::bigint
    from (
      select q.ages from sluice.quarters q
      where q.at > first_edge and q.at <= last_edge and q.provider = of_provider and q.doubt = '' and q.ages is not null
      union all
      select b.ages from sluice.buckets b
      where (b.at > from_edge and b.at <= first_edge and b.at <= until or b.at > last_edge and b.at <= until)
        and b.provider = of_provider and b.doubt = '' and b.ages is not null
      union all
      select d.ages from sluice.bucket_deltas d
      where d.at > from_edge and d.at <= until and d.provider = of_provider and d.doubt = '' and d.ages is not null
    ) r cross join lateral jsonb_each_text(r.ages) e
    group by 1 order by 1;
end $$;

-- The priced rows of a provider by price_key over the same buckets; those without one under ''.
create function sluice.prices_by_key(of_provider text, since timestamptz, until timestamptz)
returns table (key text, priced bigint, cost_nano numeric, cost_nano_squared numeric)
language plpgsql stable set search_path = '' set jit = off as $$
declare
  first_edge timestamptz;
  last_edge timestamptz;
  from_edge timestamptz := sluice.span_end(since, interval '10 seconds');
begin
  select w.first_edge, w.last_edge into first_edge, last_edge from sluice.whole_quarters(since, until) w;
  return query
    with keyed as (
      select e.key, sum((e.value ->> 0)::bigint)::bigint as priced, sum((e.value ->> 1)::numeric) as cost_nano,
        sum((e.value ->> 2)::numeric) as cost_nano_squared
      from (
        select q.prices from sluice.quarters q
        where q.at > first_edge and q.at <= last_edge and q.provider = of_provider and q.doubt = '' and q.prices is not null
        union all
        select b.prices from sluice.buckets b
        where (b.at > from_edge and b.at <= first_edge and b.at <= until or b.at > last_edge and b.at <= until)
          and b.provider = of_provider and b.doubt = '' and b.prices is not null
        union all
        select d.prices from sluice.bucket_deltas d
        where d.at > from_edge and d.at <= until and d.provider = of_provider and d.doubt = '' and d.prices is not null
      ) r cross join lateral jsonb_each(r.prices) e
      group by e.key
    ), rest as (
      select '', (s.priced - coalesce(sum(k.priced), 0))::bigint as priced, s.cost_nano - coalesce(sum(k.cost_nano), 0),
        s.cost_nano_squared - coalesce(sum(k.cost_nano_squared), 0)
      from sluice.sums(of_provider, since, until) s left join keyed k on true
      group by s.priced, s.cost_nano, s.cost_nano_squared
    )
    select * from keyed union all select * from rest where rest.priced > 0
    order by 1;
end $$;

-- The latency bins of a provider over the same buckets. Not from quarters, whose bins are coarse.
create function sluice.latency_bins(of_provider text, since timestamptz, until timestamptz)
returns table (edge double precision, rows bigint)
language sql stable set search_path = '' set jit = off
begin atomic
  select e.key::float8, sum(e.value::bigint)::bigint
  from (
    select b.bins from sluice.buckets b
    where b.at > sluice.span_end(since, interval '10 seconds') and b.at <= until and b.provider = of_provider and b.doubt = ''
    union all
    select d.bins from sluice.bucket_deltas d
    where d.at > sluice.span_end(since, interval '10 seconds') and d.at <= until and d.provider = of_provider and d.doubt = ''
  ) r cross join lateral jsonb_each_text(r.bins) e
  group by 1 order by 1;
end;

-- How a provider's first attempts in (since, until] cluster by user: sums over the users who have at most a fifth of the
-- rows since `part_since` each, with n rows and h hits of one user. Hits are failures; with `slow_from` they are latencies
-- from there on, and rows are those with a latency.
create function sluice.repeats(of_provider text, since timestamptz, until timestamptz, slow_from double precision,
  part_since timestamptz, out rows bigint, out rows_squared bigint, out hits_squared bigint, out hits_times_rows bigint)
language sql stable set search_path = '' set jit = off
begin atomic
  select coalesce(sum(u.rows), 0)::bigint, coalesce(sum(u.rows * u.rows), 0)::bigint,
    coalesce(sum(u.hits * u.hits), 0)::bigint, coalesce(sum(u.hits * u.rows), 0)::bigint
  from (
    select r.user_hash, count(*) as part, sum(count(*)) over () as of_all, count(*) filter (where r.is_inside) as rows,
      count(*) filter (where r.is_inside and r.is_hit) as hits
    from (
      select sluice.word_of(a.event_data -> 'user_hash', 64) as user_hash, a.created_at > since as is_inside,
        case when slow_from is null then a.event_data ->> 'error' is not null
          when jsonb_typeof(a.event_data -> 'latency_ms') = 'number'
            then (a.event_data -> 'latency_ms')::float8 >= slow_from end as is_hit
      from public.analytics_logs a
      where a.event_type = 'gen_route' and a.created_at > least(since, part_since) and a.created_at <= until
        and a.event_data ->> 'provider' = of_provider
        and coalesce(a.event_data -> 'attempt', 'null') in ('1', 'null') and sluice.doubt_of(a.event_data) = ''
        and (a.event_data -> 'pinned') is distinct from 'true'
    ) r
    where r.is_hit is not null
    group by r.user_hash
  ) u
  where u.user_hash is not null and u.part * 5 <= u.of_all;
end;

-- First attempts of (since, until] by the end of their bucket: each user's first only, and every row without a user.
-- `slow` says how many took as long as each of the `slow_from`. At most the newest two million rows are read.
create function sluice.first_of_users(candidate text, baseline text, since timestamptz, until timestamptz,
  slow_from double precision[])
returns table (at timestamptz, provider text, rows bigint, failed bigint, slow bigint[])
language sql stable set search_path = '' set jit = off
begin atomic
  with judged as materialized (
    select a.created_at, a.event_data ->> 'provider' as provider, a.event_data ->> 'error' is not null as is_failed,
      sluice.word_of(a.event_data -> 'user_hash', 64) as user_hash,
      case when jsonb_typeof(a.event_data -> 'latency_ms') = 'number' then (a.event_data -> 'latency_ms')::float8 end as latency
    from public.analytics_logs a
    where a.event_type = 'gen_route' and a.created_at > since and a.created_at <= until
      and a.event_data ->> 'provider' in (candidate, baseline)
      and coalesce(a.event_data -> 'attempt', 'null') in ('1', 'null') and sluice.doubt_of(a.event_data) = ''
      and (a.event_data -> 'pinned') is distinct from 'true'
    order by a.created_at desc limit 2000000
  ), firsts as (
    (select distinct on (j.user_hash) j.created_at, j.provider, j.is_failed, j.latency
      from judged j where j.user_hash is not null order by j.user_hash, j.created_at, j.provider)
    union all
    select j.created_at, j.provider, j.is_failed, j.latency from judged j where j.user_hash is null
  )
  select sluice.span_end(f.created_at, interval '10 seconds'), f.provider, count(*), count(*) filter (where f.is_failed),
    array[count(*) filter (where f.latency >= slow_from[1]), count(*) filter (where f.latency >= slow_from[2]),
      count(*) filter (where f.latency >= slow_from[3])]
  from firsts f group by 1, 2 order by 1, 2;
end;

-- When the weights of a flag became others, oldest first; a write of equal ones is none.
create function sluice.weights_changed(of_flag text, since timestamptz, until timestamptz) returns setof timestamptz
language sql stable set search_path = ''
begin atomic
  select j.at from sluice.journal j
  where j.flag_key = of_flag and j.at > since and j.at <= until and j.was is distinct from j.becomes
    and case when sluice.weights_fault(j.was) is not null or sluice.weights_fault(j.becomes) is not null then true
      else not sluice.same_weights(j.was::jsonb, j.becomes::jsonb) end
  order by j.at, j.id;
end;

create or replace function sluice.role_functions() returns table (name text, web boolean, watchdog boolean, cli boolean)
language sql immutable set search_path = '' as $$
  select f, true, true, true from unnest('{policy,policy_fault,weights_fault,stage_of,at_rest,same_weights,share_of,
    number_of,last_good_row,applied_migrations,guard_faults,live_faults,journal_faults,journal_heads,anchor_faults,
    raise_alert,free_flag,owns_partitions,span_end,table_of_width,whole_quarters,bins_text,changed_buckets,chart_spans,
    sums,mean_cost,neighbours,top_errors,failure_kinds,failure_examples,cost_bases,observed_split,
    add_counts,merge_counts,doubt_of,sum_ages,sum_prices,add_prices,word_of,
    voucher_delays,prices_by_key,latency_bins,repeats,first_of_users,weights_changed}'::text[]) f
  union all
  select f, true, true, false from unnest('{compact,make_partitions,partitions,missing_event_indexes,
    is_broken_index,backfill_step,tell_doubted_events,tidy,write_plain_batch}'::text[]) f
  union all
  select f, true, false, false from unnest('{write_batch,write_batch_one_by_one,issue_voucher,settle_keys}'::text[]) f
  union all
  select f, false, false, true from unnest('{drop_partitions,delete_old_events,prune}'::text[]) f $$;

revoke all on function sluice.voucher_delays(text, timestamptz, timestamptz),
  sluice.prices_by_key(text, timestamptz, timestamptz), sluice.latency_bins(text, timestamptz, timestamptz),
  sluice.repeats(text, timestamptz, timestamptz, double precision, timestamptz),
  sluice.first_of_users(text, text, timestamptz, timestamptz, double precision[]),
  sluice.weights_changed(text, timestamptz, timestamptz) from public;
do $$
declare grantee text;
begin
  -- The default privileges of a Supabase project hand out what is made.
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on function sluice.voucher_delays(text, timestamptz, timestamptz),
      sluice.prices_by_key(text, timestamptz, timestamptz), sluice.latency_bins(text, timestamptz, timestamptz),
      sluice.repeats(text, timestamptz, timestamptz, double precision, timestamptz),
      sluice.first_of_users(text, text, timestamptz, timestamptz, double precision[]),
      sluice.weights_changed(text, timestamptz, timestamptz) from %I', grantee);
  end loop;
end $$;
select sluice.grant_roles(on_adopted => false);
