-- What is read of the buckets and of the log, by split: `x_of(split, …)`. The functions of before say it of the first one.

-- Rows of the log that are a split's, and the arm of one; `a` is the log. They are written into the statement, so that the
-- planner sees which of the partial indexes serves.
create function sluice.rows_of(of_split text, what text) returns text immutable language sql
return case when of_split = 'GEN_PROVIDER_WEIGHTS' then format('a.event_type = %L', 'gen_' || what)
  else format('a.event_type = %L and a.event_data ->> ''split'' = %L', 'split_' || what, of_split) end;
create function sluice.arm_of(of_split text) returns text immutable language sql
return case when of_split = 'GEN_PROVIDER_WEIGHTS'
  then 'coalesce(a.event_data ->> ''arm'', a.event_data ->> ''provider'')' else 'a.event_data ->> ''arm''' end;
-- First attempts whose origin nobody doubts.
create function sluice.first_attempts_of(of_split text) returns text immutable language sql
return sluice.rows_of(of_split, 'route') || ' and coalesce(a.event_data -> ''attempt'', ''null'') in (''1'', ''null'')
  and sluice.doubt_of(a.event_data) = ''''';
-- Of them what a draw decided.
create function sluice.drawn_attempts_of(of_split text) returns text immutable language sql
return sluice.first_attempts_of(of_split) || ' and (a.event_data -> ''pinned'') is distinct from ''true''';

-- What the evaluator reads at each tick, of all the splits it judges in one statement: the ten-second buckets after
-- `sinces` that hold anything the snapshots `seens` did not show; all of them where that is null. A delta that was folded
-- meanwhile counts as change; its bucket reads the same. A split of which nothing changed has no row. `figures` is one JSON
-- array and `bins` has a line for each of them. Bins of deltas are put one after the other, not added up: the reader does
-- that for a tenth of the cost. Sums are made here, where they are exact.
--
-- `offset 0` keeps the condition on time from choosing the index that leads through all of a split's buckets. All is found
-- by index whatever is asked for, so it is planned once and not at each tick, which would cost more than to run it.
create function sluice.changed_buckets_of(splits text[], sinces timestamptz[], seens pg_snapshot[])
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
    select json_agg(json_build_array((extract(epoch from t.at) * 1000)::bigint, t.provider, t.requests, t.failures,
        t.refused, t.priced, t.cost_nano, t.cost_nano_squared, t.generated, t.vouchers, t.ages, t.prices)) as figures,
      string_agg(t.bins, E'\n') as bins
    from (
      select r.at, r.provider, sum(r.requests) as requests, sum(r.failures) as failures, sum(r.refused) as refused,
        string_agg(r.bins, ',') as bins, sum(r.priced) as priced, sum(r.cost_nano) as cost_nano,
        sum(r.cost_nano_squared) as cost_nano_squared, sum(r.generated) as generated, sum(r.vouchers) as vouchers,
        sluice.sum_ages(array_agg(r.ages) filter (where r.ages is not null)) as ages,
        sluice.sum_prices(array_agg(r.prices) filter (where r.prices is not null)) as prices
      from (
        select b.at, b.provider, b.requests, b.failures, b.refused, b.bins_text as bins,
          b.priced, b.cost_nano, b.cost_nano_squared, b.generated, b.vouchers, b.ages, b.prices
        from sluice.buckets b where b.split = c.split and b.at = any (c.changed) and b.doubt = ''
        union all
        select d.at, d.provider, d.requests, d.failures, d.refused, d.bins_text,
          d.priced, d.cost_nano, d.cost_nano_squared, d.generated, d.vouchers, d.ages, d.prices
        from sluice.bucket_deltas d where d.split = c.split and d.at = any (c.changed) and d.doubt = ''
      ) r
      group by r.at, r.provider order by r.at, r.provider
    ) t
  ) s
  where s.figures is not null;
end $$;

create or replace function sluice.changed_buckets(since timestamptz, seen pg_snapshot, out figures json, out bins text)
language sql stable set search_path = ''
begin atomic
  select coalesce(c.figures, '[]'), coalesce(c.bins, '')
  from (values (true)) one (row)
  left join sluice.changed_buckets_of(array['GEN_PROVIDER_WEIGHTS'], array[since], array[seen]) c on true;
end;

-- What charts read: the spans of one of the three tables with since < at <= until, by time and arm, deltas not yet folded
-- included. A span that is partly folded comes as two: the folded part, and the rest. The reader adds them up.
create function sluice.chart_spans_of(of_split text, width interval, since timestamptz, until timestamptz,
  out figures json, out bins text)
language plpgsql stable set search_path = '' set jit = off as $$
begin
  execute format($sql$
    select coalesce(json_agg(json_build_array((extract(epoch from s.at) * 1000)::bigint, s.provider, s.requests,
        s.failures, s.refused, s.priced, s.cost_nano, s.cost_nano_squared, s.generated, s.vouchers)), '[]'),
      coalesce(string_agg(s.bins, E'\n'), '')
    from (
      select b.at as at, b.provider, b.requests, b.failures, b.refused, b.bins_text as bins,
        b.priced, b.cost_nano, b.cost_nano_squared, b.generated, b.vouchers
      from sluice.%I b where b.split = $4 and b.at > $1 and b.at <= $2
      union all
      select sluice.span_end(d.at, $3), d.provider, sum(d.requests), sum(d.failures), sum(d.refused),
        string_agg(d.bins_text, ','), sum(d.priced), sum(d.cost_nano), sum(d.cost_nano_squared),
        sum(d.generated), sum(d.vouchers)
      from sluice.bucket_deltas d
      where d.split = $4 and d.at > $1 - $3 and d.at <= $2
        and sluice.span_end(d.at, $3) > $1 and sluice.span_end(d.at, $3) <= $2
      group by 1, 2
      order by 1, 2
    ) s $sql$, sluice.table_of_width(width)) into figures, bins using since, until, width, of_split;
end $$;

create or replace function sluice.chart_spans(width interval, since timestamptz, until timestamptz, out figures json, out bins text)
language sql stable set search_path = ''
begin atomic
  select s.figures, s.bins from sluice.chart_spans_of('GEN_PROVIDER_WEIGHTS', width, since, until) s;
end;

-- The merged rows of one of the three tables with since < at <= until, deltas not yet folded included.
create function sluice.read_spans_of(of_split text, width interval, since timestamptz, until timestamptz)
returns table (at timestamptz, provider text, requests bigint, failures bigint, refused bigint, bins jsonb, kinds jsonb,
  bases jsonb, strays jsonb, priced bigint, cost_nano numeric, cost_nano_squared numeric, generated bigint, vouchers bigint)
language plpgsql stable set search_path = '' set jit = off as $$
begin
  return query execute format($sql$
    select r.at, r.provider, sum(r.requests)::bigint, sum(r.failures)::bigint, sum(r.refused)::bigint,
      sluice.merge_counts(array_agg(r.bins)), sluice.merge_counts(array_agg(r.kinds)),
      sluice.merge_counts(array_agg(r.bases)), sluice.merge_counts(array_agg(r.strays)), sum(r.priced)::bigint,
      sum(r.cost_nano), sum(r.cost_nano_squared), sum(r.generated)::bigint, sum(r.vouchers)::bigint
    from (
      select b.at, b.provider, b.requests, b.failures, b.refused, b.bins, b.kinds, b.bases, b.strays, b.priced,
        b.cost_nano, b.cost_nano_squared, b.generated, b.vouchers
      from sluice.%1$I b where b.split = $4 and b.at > $1 and b.at <= $2
      union all
      select sluice.span_end(d.at, $3), d.provider, d.requests, d.failures, d.refused, %2$s(d.bins), d.kinds, d.bases,
        d.strays, d.priced, d.cost_nano, d.cost_nano_squared, d.generated, d.vouchers
      from sluice.bucket_deltas d
      where d.split = $4 and d.at > $1 - $3 and d.at <= $2
        and sluice.span_end(d.at, $3) > $1 and sluice.span_end(d.at, $3) <= $2
    ) r
    group by r.at, r.provider order by r.at, r.provider $sql$, sluice.table_of_width(width),
    case when width = interval '15 minutes' then 'sluice.coarsen' else '' end) using since, until, width, of_split;
end $$;

create or replace function sluice.read_spans(width interval, since timestamptz, until timestamptz)
returns table (at timestamptz, provider text, requests bigint, failures bigint, refused bigint, bins jsonb, kinds jsonb,
  bases jsonb, strays jsonb, priced bigint, cost_nano numeric, cost_nano_squared numeric, generated bigint, vouchers bigint)
language sql stable set search_path = ''
begin atomic
  select * from sluice.read_spans_of('GEN_PROVIDER_WEIGHTS', width, since, until);
end;

-- The sums of the ten-second buckets that lie whole in (since, until], without the bags: cheap over weeks. Of one arm, or
-- of the whole split.
create function sluice.sums_of(of_split text, of_arm text, since timestamptz, until timestamptz,
  out requests bigint, out failures bigint, out refused bigint, out priced bigint, out cost_nano numeric,
  out cost_nano_squared numeric, out generated bigint, out vouchers bigint)
language plpgsql stable set search_path = '' set jit = off as $$
declare
  -- Whole quarters come from their table; the ragged ends, and what is not folded yet, from the small ones.
  first_edge timestamptz;
  last_edge timestamptz;
  from_edge timestamptz := sluice.span_end(since, interval '10 seconds');
begin
  select w.first_edge, w.last_edge into first_edge, last_edge from sluice.whole_quarters(since, until) w;
  select sum(r.requests), sum(r.failures), sum(r.refused), sum(r.priced), sum(r.cost_nano), sum(r.cost_nano_squared),
    sum(r.generated), sum(r.vouchers)
  into requests, failures, refused, priced, cost_nano, cost_nano_squared, generated, vouchers
  from (
    select q.provider, q.requests, q.failures, q.refused, q.priced, q.cost_nano, q.cost_nano_squared, q.generated, q.vouchers
    from sluice.quarters q where q.split = of_split and q.at > first_edge and q.at <= last_edge and q.doubt = ''
    union all
    select b.provider, b.requests, b.failures, b.refused, b.priced, b.cost_nano, b.cost_nano_squared, b.generated, b.vouchers
    from sluice.buckets b
    where b.split = of_split and b.doubt = '' and b.at > from_edge and b.at <= first_edge and b.at <= until
    union all
    select b.provider, b.requests, b.failures, b.refused, b.priced, b.cost_nano, b.cost_nano_squared, b.generated, b.vouchers
    from sluice.buckets b where b.split = of_split and b.doubt = '' and b.at > last_edge and b.at <= until
    union all
    select d.provider, d.requests, d.failures, d.refused, d.priced, d.cost_nano, d.cost_nano_squared, d.generated, d.vouchers
    from sluice.bucket_deltas d where d.split = of_split and d.at > from_edge and d.at <= until and d.doubt = ''
  ) r
  where of_arm is null or r.provider = of_arm;
  requests := coalesce(requests, 0); failures := coalesce(failures, 0); refused := coalesce(refused, 0);
  priced := coalesce(priced, 0); cost_nano := coalesce(cost_nano, 0); cost_nano_squared := coalesce(cost_nano_squared, 0);
  generated := coalesce(generated, 0); vouchers := coalesce(vouchers, 0);
end $$;

create or replace function sluice.sums(of_provider text, since timestamptz, until timestamptz,
  out requests bigint, out failures bigint, out refused bigint, out priced bigint, out cost_nano numeric,
  out cost_nano_squared numeric, out generated bigint, out vouchers bigint)
language sql stable set search_path = ''
begin atomic
  select s.* from sluice.sums_of('GEN_PROVIDER_WEIGHTS', of_provider, since, until) s;
end;

-- Mean cost_per_image (USD) of an arm's first attempts; null when none has a price.
create function sluice.mean_cost_of(of_split text, of_arm text, since timestamptz, until timestamptz) returns numeric
language sql stable set search_path = ''
begin atomic
  select s.cost_nano / nullif(s.priced, 0) / 1e9 from sluice.sums_of(of_split, of_arm, since, until) s;
end;

create or replace function sluice.mean_cost(of_provider text, since timestamptz, until timestamptz) returns numeric
language sql stable set search_path = ''
begin atomic
  select sluice.mean_cost_of('GEN_PROVIDER_WEIGHTS', of_provider, since, until);
end;

-- The baseline's cost that a rollout starting at `until` is measured against.
create function sluice.baseline_mean_of(of_split text, of_arm text, until timestamptz) returns numeric
language sql stable set search_path = ''
begin atomic
  select sluice.mean_cost_of(of_split, of_arm, until - interval '24 hours', until);
end;

create or replace function sluice.baseline_mean(of_provider text, until timestamptz) returns numeric
language sql stable set search_path = ''
begin atomic
  select sluice.baseline_mean_of('GEN_PROVIDER_WEIGHTS', of_provider, until);
end;

-- The latencies on either side of a line, from the raw rows: they decide when the counts alone cannot.
create function sluice.neighbours_of(of_split text, arm text, since timestamptz, until timestamptz, line double precision,
  out below double precision, out at_or_above double precision)
language plpgsql stable set search_path = '' set jit = off as $$
begin
  execute format($sql$
    select max(r.latency) filter (where r.latency < $4), min(r.latency) filter (where r.latency >= $4)
    from (
      select case when jsonb_typeof(a.event_data -> 'latency_ms') = 'number'
        then (a.event_data -> 'latency_ms')::float8 end as latency
      from public.analytics_logs a
      where a.created_at > $1 and a.created_at <= $2 and %s = $3 and %s
    ) r $sql$, sluice.arm_of(of_split), sluice.drawn_attempts_of(of_split))
  into below, at_or_above using since, until, arm, line;
end $$;

create or replace function sluice.neighbours(of_provider text, since timestamptz, until timestamptz, line double precision,
  out below double precision, out at_or_above double precision)
language sql stable set search_path = ''
begin atomic
  select n.below, n.at_or_above from sluice.neighbours_of('GEN_PROVIDER_WEIGHTS', of_provider, since, until, line) n;
end;

-- The newest failures of a span, newest first.
create function sluice.failure_examples_of(of_split text, since timestamptz, until timestamptz, most integer)
returns table (at timestamptz, provider text, kind text, error text, request_id text)
language plpgsql stable set search_path = '' set jit = off as $$
begin
  return query execute format($sql$
    select a.created_at, coalesce(%s, ''), coalesce(a.event_data ->> 'error_kind', 'unknown'),
      left(a.event_data ->> 'error', 300), a.event_data ->> 'request_id'
    from public.analytics_logs a
    where %s and a.event_data ->> 'error' is not null and a.created_at > $1 and a.created_at <= $2
    order by a.created_at desc limit $3 $sql$, sluice.arm_of(of_split), sluice.first_attempts_of(of_split))
  using since, until, most;
end $$;

create or replace function sluice.failure_examples(since timestamptz, until timestamptz, most integer)
returns table (at timestamptz, provider text, kind text, error text, request_id text)
language sql stable set search_path = ''
begin atomic
  select e.* from sluice.failure_examples_of('GEN_PROVIDER_WEIGHTS', since, until, most) e;
end;

-- Failures by arm and kind in (since, until]: over days from quarters, and from ten-second buckets at the ends.
create function sluice.failure_kinds_of(of_split text, since timestamptz, until timestamptz)
returns table (provider text, kind text, failures bigint)
language plpgsql stable set search_path = '' set jit = off as $$
declare
  first_edge timestamptz;
  last_edge timestamptz;
begin
  select w.first_edge, w.last_edge into first_edge, last_edge from sluice.whole_quarters(since, until) w;
  return query
    select r.provider, e.key, sum(e.value::bigint)::bigint
    from (
      select q.provider, q.kinds from sluice.quarters q
      where q.split = of_split and q.at > first_edge and q.at <= last_edge and q.failures > 0 and q.doubt = ''
      union all
      select b.provider, b.kinds from sluice.buckets b
      where b.split = of_split and b.at > since and b.at <= first_edge and b.failures > 0 and b.doubt = ''
      union all
      select b.provider, b.kinds from sluice.buckets b
      where b.split = of_split and b.at > last_edge and b.at <= until and b.failures > 0 and b.doubt = ''
      union all
      select d.provider, d.kinds from sluice.bucket_deltas d
      where d.split = of_split and d.at > since and d.at <= until and d.failures > 0 and d.doubt = ''
    ) r cross join lateral jsonb_each_text(r.kinds) e
    group by r.provider, e.key order by 3 desc, 1, 2;
end $$;

create or replace function sluice.failure_kinds(since timestamptz, until timestamptz)
returns table (provider text, kind text, failures bigint)
language sql stable set search_path = ''
begin atomic
  select k.* from sluice.failure_kinds_of('GEN_PROVIDER_WEIGHTS', since, until) k;
end;

-- The most frequent kinds of an arm's failures, each with the text of its newest error.
create function sluice.top_errors_of(of_split text, arm text, since timestamptz, until timestamptz, most integer default 5)
returns table (kind text, failures bigint, example text)
language plpgsql stable set search_path = '' set jit = off as $$
begin
  return query execute format($sql$
    select k.kind, k.failures, (
      select left(a.event_data ->> 'error', 300)
      from public.analytics_logs a
      where %s and a.event_data ->> 'error' is not null and a.created_at > $3 and a.created_at <= $4
        and %s = $2 and sluice.doubt_of(a.event_data) = ''
        and left(coalesce(a.event_data ->> 'error_kind', 'unknown'), 64) = k.kind
      order by a.created_at desc limit 1)
    from sluice.failure_kinds_of($1, $3, $4) k
    where k.provider = $2
    order by k.failures desc, k.kind limit $5 $sql$, sluice.rows_of(of_split, 'route'), sluice.arm_of(of_split))
  using of_split, arm, since, until, most;
end $$;

create or replace function sluice.top_errors(of_provider text, since timestamptz, until timestamptz, most integer default 5)
returns table (kind text, failures bigint, example text)
language sql stable set search_path = ''
begin atomic
  select e.* from sluice.top_errors_of('GEN_PROVIDER_WEIGHTS', of_provider, since, until, most) e;
end;

-- Priced rows by arm and by what their price rests on.
create function sluice.cost_bases_of(of_split text, since timestamptz, until timestamptz)
returns table (provider text, basis text, priced bigint)
language plpgsql stable set search_path = '' set jit = off as $$
declare
  first_edge timestamptz;
  last_edge timestamptz;
begin
  select w.first_edge, w.last_edge into first_edge, last_edge from sluice.whole_quarters(since, until) w;
  return query
    select r.provider, e.key, sum(e.value::bigint)::bigint
    from (
      select q.provider, q.bases from sluice.quarters q
      where q.split = of_split and q.at > first_edge and q.at <= last_edge and q.priced > 0 and q.doubt = ''
      union all
      select b.provider, b.bases from sluice.buckets b
      where b.split = of_split and b.at > since and b.at <= first_edge and b.priced > 0 and b.doubt = ''
      union all
      select b.provider, b.bases from sluice.buckets b
      where b.split = of_split and b.at > last_edge and b.at <= until and b.priced > 0 and b.doubt = ''
      union all
      select d.provider, d.bases from sluice.bucket_deltas d
      where d.split = of_split and d.at > since and d.at <= until and d.priced > 0 and d.doubt = ''
    ) r cross join lateral jsonb_each_text(r.bases) e
    group by r.provider, e.key order by 1, 3 desc, 2;
end $$;

create or replace function sluice.cost_bases(since timestamptz, until timestamptz)
returns table (provider text, basis text, priced bigint)
language sql stable set search_path = ''
begin atomic
  select b.* from sluice.cost_bases_of('GEN_PROVIDER_WEIGHTS', since, until) b;
end;

-- First attempts by the arm they were assigned to: the attempted one, less the strays, plus those that strayed.
create function sluice.observed_split_of(of_split text, since timestamptz, until timestamptz)
returns table (provider text, assigned bigint)
language sql stable set search_path = '' set jit = off
begin atomic
  select s.provider, sum(s.n)::bigint
  from (
    select r.provider, r.requests as n from (
      select b.provider, b.requests from sluice.buckets b
      where b.split = of_split and b.at > since and b.at <= until and b.doubt = ''
      union all
      select d.provider, d.requests from sluice.bucket_deltas d
      where d.split = of_split and d.at > since and d.at <= until and d.doubt = '') r
    union all
    select m.provider, m.n
    from (
      select b.provider, b.strays from sluice.buckets b
      where b.split = of_split and b.at > since and b.at <= until and b.strays <> '{}' and b.doubt = ''
      union all
      select d.provider, d.strays from sluice.bucket_deltas d
      where d.split = of_split and d.at > since and d.at <= until and d.strays <> '{}' and d.doubt = ''
    ) r
    cross join lateral jsonb_each_text(r.strays) e
    cross join lateral (values (e.key, e.value::bigint), (r.provider, -e.value::bigint)) m (provider, n)
  ) s
  where s.provider <> ''
  group by s.provider having sum(s.n) <> 0 order by s.provider;
end;

create or replace function sluice.observed_split(since timestamptz, until timestamptz)
returns table (provider text, assigned bigint)
language sql stable set search_path = ''
begin atomic
  select o.* from sluice.observed_split_of('GEN_PROVIDER_WEIGHTS', since, until) o;
end;

-- How long the vouchers of an arm took, in the ten-second buckets that lie whole in (since, until].
create function sluice.voucher_delays_of(of_split text, arm text, since timestamptz, until timestamptz)
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
      where q.split = of_split and q.at > first_edge and q.at <= last_edge and q.provider = arm and q.doubt = '' and q.ages is not null
      union all
      select b.ages from sluice.buckets b
      where b.split = of_split and b.at > from_edge and b.at <= first_edge and b.at <= until
        and b.provider = arm and b.doubt = '' and b.ages is not null
      union all
      select b.ages from sluice.buckets b
      where b.split = of_split and b.at > last_edge and b.at <= until and b.provider = arm and b.doubt = '' and b.ages is not null
      union all
      select d.ages from sluice.bucket_deltas d
      where d.split = of_split and d.at > from_edge and d.at <= until and d.provider = arm and d.doubt = '' and d.ages is not null
    ) r cross join lateral jsonb_each_text(r.ages) e
    group by 1 order by 1;
end $$;

create or replace function sluice.voucher_delays(of_provider text, since timestamptz, until timestamptz)
returns table (seconds double precision, vouchers bigint)
language sql stable set search_path = ''
begin atomic
  select d.* from sluice.voucher_delays_of('GEN_PROVIDER_WEIGHTS', of_provider, since, until) d;
end;

-- The priced rows of an arm by price_key over the same buckets; those without one under ''.
create function sluice.prices_by_key_of(of_split text, arm text, since timestamptz, until timestamptz)
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
        where q.split = of_split and q.at > first_edge and q.at <= last_edge and q.provider = arm and q.doubt = '' and q.prices is not null
        union all
        select b.prices from sluice.buckets b
        where b.split = of_split and b.at > from_edge and b.at <= first_edge and b.at <= until
          and b.provider = arm and b.doubt = '' and b.prices is not null
        union all
        select b.prices from sluice.buckets b
        where b.split = of_split and b.at > last_edge and b.at <= until and b.provider = arm and b.doubt = '' and b.prices is not null
        union all
        select d.prices from sluice.bucket_deltas d
        where d.split = of_split and d.at > from_edge and d.at <= until and d.provider = arm and d.doubt = '' and d.prices is not null
      ) r cross join lateral jsonb_each(r.prices) e
      group by e.key
    ), rest as (
      select '', (s.priced - coalesce(sum(k.priced), 0))::bigint as priced, s.cost_nano - coalesce(sum(k.cost_nano), 0),
        s.cost_nano_squared - coalesce(sum(k.cost_nano_squared), 0)
      from sluice.sums_of(of_split, arm, since, until) s left join keyed k on true
      group by s.priced, s.cost_nano, s.cost_nano_squared
    )
    select * from keyed union all select * from rest where rest.priced > 0
    order by 1;
end $$;

create or replace function sluice.prices_by_key(of_provider text, since timestamptz, until timestamptz)
returns table (key text, priced bigint, cost_nano numeric, cost_nano_squared numeric)
language sql stable set search_path = ''
begin atomic
  select p.* from sluice.prices_by_key_of('GEN_PROVIDER_WEIGHTS', of_provider, since, until) p;
end;

-- The latency bins of an arm over the same buckets. Not from quarters, whose bins are coarse.
create function sluice.latency_bins_of(of_split text, arm text, since timestamptz, until timestamptz)
returns table (edge double precision, rows bigint)
language sql stable set search_path = '' set jit = off
begin atomic
  select e.key::float8, sum(e.value::bigint)::bigint
  from (
    select b.bins from sluice.buckets b
    where b.split = of_split and b.at > sluice.span_end(since, interval '10 seconds') and b.at <= until
      and b.provider = arm and b.doubt = ''
    union all
    select d.bins from sluice.bucket_deltas d
    where d.split = of_split and d.at > sluice.span_end(since, interval '10 seconds') and d.at <= until
      and d.provider = arm and d.doubt = ''
  ) r cross join lateral jsonb_each_text(r.bins) e
  group by 1 order by 1;
end;

create or replace function sluice.latency_bins(of_provider text, since timestamptz, until timestamptz)
returns table (edge double precision, rows bigint)
language sql stable set search_path = ''
begin atomic
  select b.* from sluice.latency_bins_of('GEN_PROVIDER_WEIGHTS', of_provider, since, until) b;
end;

-- How an arm's first attempts in (since, until] cluster by user: sums over the users who have at most a fifth of the rows
-- since `part_since` each, with n rows and h hits of one user. Hits are failures; with `slow_from` they are latencies from
-- there on, and rows are those with a latency.
create function sluice.repeats_of(of_split text, arm text, since timestamptz, until timestamptz, slow_from double precision,
  part_since timestamptz, out rows bigint, out rows_squared bigint, out hits_squared bigint, out hits_times_rows bigint)
language plpgsql stable set search_path = '' set jit = off as $$
begin
  execute format($sql$
    select coalesce(sum(u.rows), 0)::bigint, coalesce(sum(u.rows * u.rows), 0)::bigint,
      coalesce(sum(u.hits * u.hits), 0)::bigint, coalesce(sum(u.hits * u.rows), 0)::bigint
    from (
      select r.user_hash, count(*) as part, sum(count(*)) over () as of_all, count(*) filter (where r.is_inside) as rows,
        count(*) filter (where r.is_inside and r.is_hit) as hits
      from (
        select sluice.word_of(a.event_data -> 'user_hash', 64) as user_hash, a.created_at > $1 as is_inside,
          case when $4 is null then a.event_data ->> 'error' is not null
            when jsonb_typeof(a.event_data -> 'latency_ms') = 'number'
              then (a.event_data -> 'latency_ms')::float8 >= $4 end as is_hit
        from public.analytics_logs a
        where a.created_at > least($1, $5) and a.created_at <= $2 and %s = $3 and %s
      ) r
      where r.is_hit is not null
      group by r.user_hash
    ) u
    where u.user_hash is not null and u.part * 5 <= u.of_all $sql$, sluice.arm_of(of_split), sluice.drawn_attempts_of(of_split))
  into rows, rows_squared, hits_squared, hits_times_rows using since, until, arm, slow_from, part_since;
end $$;

create or replace function sluice.repeats(of_provider text, since timestamptz, until timestamptz, slow_from double precision,
  part_since timestamptz, out rows bigint, out rows_squared bigint, out hits_squared bigint, out hits_times_rows bigint)
language sql stable set search_path = ''
begin atomic
  select r.* from sluice.repeats_of('GEN_PROVIDER_WEIGHTS', of_provider, since, until, slow_from, part_since) r;
end;

-- First attempts of (since, until] by the end of their bucket: each user's first only, and every row without a user.
-- `slow` says how many took as long as each of the `slow_from`. At most the newest two million rows are read.
create function sluice.first_of_users_of(of_split text, candidate text, baseline text, since timestamptz, until timestamptz,
  slow_from double precision[])
returns table (at timestamptz, provider text, rows bigint, failed bigint, slow bigint[])
language plpgsql stable set search_path = '' set jit = off as $$
begin
  return query execute format($sql$
    with judged as materialized (
      select a.created_at, %2$s as arm, a.event_data ->> 'error' is not null as is_failed,
        sluice.word_of(a.event_data -> 'user_hash', 64) as user_hash,
        case when jsonb_typeof(a.event_data -> 'latency_ms') = 'number' then (a.event_data -> 'latency_ms')::float8 end as latency
      from public.analytics_logs a
      where a.created_at > $3 and a.created_at <= $4 and %2$s in ($1, $2) and %1$s
      order by a.created_at desc limit 2000000
    ), firsts as (
      (select distinct on (j.user_hash) j.created_at, j.arm, j.is_failed, j.latency
        from judged j where j.user_hash is not null order by j.user_hash, j.created_at, j.arm)
      union all
      select j.created_at, j.arm, j.is_failed, j.latency from judged j where j.user_hash is null
    )
    select sluice.span_end(f.created_at, interval '10 seconds'), f.arm, count(*), count(*) filter (where f.is_failed),
      array[count(*) filter (where f.latency >= $5[1]), count(*) filter (where f.latency >= $5[2]),
        count(*) filter (where f.latency >= $5[3])]
    from firsts f group by 1, 2 order by 1, 2 $sql$, sluice.drawn_attempts_of(of_split), sluice.arm_of(of_split))
  using candidate, baseline, since, until, slow_from;
end $$;

create or replace function sluice.first_of_users(candidate text, baseline text, since timestamptz, until timestamptz,
  slow_from double precision[])
returns table (at timestamptz, provider text, rows bigint, failed bigint, slow bigint[])
language sql stable set search_path = ''
begin atomic
  select f.* from sluice.first_of_users_of('GEN_PROVIDER_WEIGHTS', candidate, baseline, since, until, slow_from) f;
end;

insert into sluice.role_calls (name)
select unnest('{rows_of,arm_of,first_attempts_of,drawn_attempts_of,changed_buckets_of,chart_spans_of,sums_of,mean_cost_of,
  baseline_mean_of,neighbours_of,failure_examples_of,failure_kinds_of,top_errors_of,cost_bases_of,observed_split_of,
  voucher_delays_of,prices_by_key_of,latency_bins_of,repeats_of,first_of_users_of}'::text[]);

do $$
declare
  made record;
  grantee text;
begin
  for made in
    select p.oid::regprocedure as function from pg_catalog.pg_proc p
    where p.pronamespace = 'sluice'::regnamespace and p.proname = any (
      '{rows_of,arm_of,first_attempts_of,drawn_attempts_of,changed_buckets_of,chart_spans_of,read_spans_of,sums_of,mean_cost_of,
        baseline_mean_of,neighbours_of,failure_examples_of,failure_kinds_of,top_errors_of,cost_bases_of,observed_split_of,
        voucher_delays_of,prices_by_key_of,latency_bins_of,repeats_of,first_of_users_of}'::text[])
  loop
    execute format('revoke all on function %s from public', made.function);
    -- The default privileges of a Supabase project hand out what is made.
    for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
      execute format('revoke all on function %s from %I', made.function, grantee);
    end loop;
  end loop;
end $$;
select sluice.grant_roles(on_adopted => false);
