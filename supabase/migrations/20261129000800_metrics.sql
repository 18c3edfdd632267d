-- What is read of the buckets and of the log. What the rule reads, and what is said beside a verdict, leaves doubted
-- events out; charts show them. Plans are small and frequent, so JIT only costs here.

-- Which table keeps spans of this width.
create function sluice.table_of_width(width interval) returns text immutable language plpgsql set search_path = '' as $$
begin
  case width
    when interval '10 seconds' then return 'buckets';
    when interval '1 minute' then return 'minutes';
    when interval '15 minutes' then return 'quarters';
    else raise exception using errcode = '22023',
      message = format('spans of %s are not kept; kept are 10 seconds, 1 minute and 15 minutes', width);
  end case;
end $$;

-- What the evaluator reads at each tick: the ten-second buckets after `since` that hold anything the snapshot `seen` did
-- not show; all of them when `seen` is null. A delta that was folded meanwhile counts as change; its bucket reads the same.
-- `figures` is one JSON array and `bins` has a line for each of them. Bins of deltas are put one after the other, not
-- added up: the reader does that for a tenth of the cost. Sums are made here, where they are exact.
create function sluice.changed_buckets(since timestamptz, seen pg_snapshot, out figures json, out bins text)
language plpgsql stable set search_path = '' set jit = off as $$
declare
  oldest xid8 := pg_snapshot_xmin(seen);
  changed timestamptz[];
begin
  if seen is null then
    changed := array(
      select b.at from sluice.buckets b where b.at > since and b.doubt = ''
      union select d.at from sluice.bucket_deltas d where d.at > since and d.doubt = '');
  else
    changed := array(
      select d.at from sluice.bucket_deltas d
      where d.xid >= oldest and not pg_visible_in_snapshot(d.xid, seen) and d.at > since and d.doubt = ''
      union
      select b.at from sluice.buckets b
      where b.xid >= oldest and not pg_visible_in_snapshot(b.xid, seen) and b.at > since and b.doubt = '');
  end if;
    select coalesce(json_agg(json_build_array((extract(epoch from s.at) * 1000)::bigint, s.provider, s.requests,
        s.failures, s.refused, s.priced, s.cost_nano, s.cost_nano_squared, s.generated, s.vouchers)), '[]'),
      coalesce(string_agg(s.bins, E'\n'), '')
  into figures, bins
  from (
      select r.at, r.provider, sum(r.requests) as requests, sum(r.failures) as failures, sum(r.refused) as refused,
        string_agg(r.bins, ',') as bins, sum(r.priced) as priced, sum(r.cost_nano) as cost_nano,
        sum(r.cost_nano_squared) as cost_nano_squared, sum(r.generated) as generated, sum(r.vouchers) as vouchers
      from (
        select b.at as at, b.provider, b.requests, b.failures, b.refused, b.bins_text as bins,
          b.priced, b.cost_nano, b.cost_nano_squared, b.generated, b.vouchers
        from sluice.buckets b where b.at = any (changed) and b.doubt = ''
        union all
        select d.at as at, d.provider, d.requests, d.failures, d.refused, d.bins_text as bins,
          d.priced, d.cost_nano, d.cost_nano_squared, d.generated, d.vouchers
        from sluice.bucket_deltas d where d.at = any (changed) and d.doubt = ''
      ) r
      group by r.at, r.provider order by r.at, r.provider
  ) s;
end $$;

-- What charts read: the spans of one of the three tables with since < at <= until, by time and provider, deltas not yet
-- folded included. A span that is partly folded comes as two: the folded part, and the rest. The reader adds them up.
create function sluice.chart_spans(width interval, since timestamptz, until timestamptz, out figures json, out bins text)
language plpgsql stable set search_path = '' set jit = off as $$
begin
  execute format($sql$
    select coalesce(json_agg(json_build_array((extract(epoch from s.at) * 1000)::bigint, s.provider, s.requests,
        s.failures, s.refused, s.priced, s.cost_nano, s.cost_nano_squared, s.generated, s.vouchers)), '[]'),
      coalesce(string_agg(s.bins, E'\n'), '')
    from (
      select b.at as at, b.provider, b.requests, b.failures, b.refused, b.bins_text as bins,
        b.priced, b.cost_nano, b.cost_nano_squared, b.generated, b.vouchers
      from sluice.%I b where b.at > $1 and b.at <= $2
      union all
      select sluice.span_end(d.at, $3), d.provider, sum(d.requests), sum(d.failures), sum(d.refused),
        string_agg(d.bins_text, ','), sum(d.priced), sum(d.cost_nano), sum(d.cost_nano_squared),
        sum(d.generated), sum(d.vouchers)
      from sluice.bucket_deltas d
      where d.at > $1 - $3 and d.at <= $2 and sluice.span_end(d.at, $3) > $1 and sluice.span_end(d.at, $3) <= $2
      group by 1, 2
      order by 1, 2
    ) s $sql$, sluice.table_of_width(width)) into figures, bins using since, until, width;
end $$;

-- The merged rows of one of the three tables with since < at <= until, deltas not yet folded included.
create function sluice.read_spans(width interval, since timestamptz, until timestamptz)
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
      from sluice.%1$I b where b.at > $1 and b.at <= $2
      union all
      select sluice.span_end(d.at, $3), d.provider, d.requests, d.failures, d.refused, %2$s(d.bins), d.kinds, d.bases,
        d.strays, d.priced, d.cost_nano, d.cost_nano_squared, d.generated, d.vouchers
      from sluice.bucket_deltas d
      where d.at > $1 - $3 and d.at <= $2 and sluice.span_end(d.at, $3) > $1 and sluice.span_end(d.at, $3) <= $2
    ) r
    group by r.at, r.provider order by r.at, r.provider $sql$, sluice.table_of_width(width),
    case when width = interval '15 minutes' then 'sluice.coarsen' else '' end) using since, until, width;
end $$;

-- One merged row per provider and ten seconds, with since < at <= until.
create function sluice.read_buckets(since timestamptz, until timestamptz)
returns table (at timestamptz, provider text, requests bigint, failures bigint, refused bigint, bins jsonb, kinds jsonb,
  bases jsonb, strays jsonb, priced bigint, cost_nano numeric, cost_nano_squared numeric, generated bigint, vouchers bigint)
language sql stable set search_path = ''
begin atomic
  select * from sluice.read_spans(interval '10 seconds', since, until);
end;

-- The whole quarters of an hour inside (since, until]: (first_edge, last_edge]; both are `until` when there is none.
create function sluice.whole_quarters(since timestamptz, until timestamptz,
  out first_edge timestamptz, out last_edge timestamptz)
stable language plpgsql set search_path = '' as $$
begin
  first_edge := greatest(sluice.span_end(since, interval '15 minutes'), since);
  last_edge := sluice.span_end(until + interval '1 microsecond', interval '15 minutes') - interval '15 minutes';
  if last_edge < first_edge then
    first_edge := until;
    last_edge := until;
  end if;
end $$;

-- The sums of the ten-second buckets that lie whole in (since, until], without the bags: cheap over weeks.
create function sluice.sums(of_provider text, since timestamptz, until timestamptz,
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
    from sluice.quarters q where q.at > first_edge and q.at <= last_edge and q.doubt = ''
    union all
    select b.provider, b.requests, b.failures, b.refused, b.priced, b.cost_nano, b.cost_nano_squared, b.generated, b.vouchers
    from sluice.buckets b
    where b.doubt = '' and (b.at > from_edge and b.at <= first_edge and b.at <= until or b.at > last_edge and b.at <= until)
    union all
    select d.provider, d.requests, d.failures, d.refused, d.priced, d.cost_nano, d.cost_nano_squared, d.generated, d.vouchers
    from sluice.bucket_deltas d where d.at > from_edge and d.at <= until and d.doubt = ''
  ) r
  where of_provider is null or r.provider = of_provider;
  requests := coalesce(requests, 0); failures := coalesce(failures, 0); refused := coalesce(refused, 0);
  priced := coalesce(priced, 0); cost_nano := coalesce(cost_nano, 0); cost_nano_squared := coalesce(cost_nano_squared, 0);
  generated := coalesce(generated, 0); vouchers := coalesce(vouchers, 0);
end $$;

-- Mean cost_per_image (USD) of a provider's first attempts; null when none has a price.
create function sluice.mean_cost(of_provider text, since timestamptz, until timestamptz) returns numeric
language sql stable set search_path = ''
begin atomic
  select s.cost_nano / nullif(s.priced, 0) / 1e9 from sluice.sums(of_provider, since, until) s;
end;

-- The baseline's cost that a rollout starting at `until` is measured against.
create function sluice.baseline_mean(of_provider text, until timestamptz) returns numeric
language sql stable set search_path = ''
begin atomic
  select sluice.mean_cost(of_provider, until - interval '24 hours', until);
end;

-- The latencies on either side of a line, from the raw rows: they decide when the counts alone cannot.
create function sluice.neighbours(of_provider text, since timestamptz, until timestamptz, line double precision,
  out below double precision, out at_or_above double precision)
language sql stable set search_path = '' set jit = off
begin atomic
  select max(r.latency) filter (where r.latency < line), min(r.latency) filter (where r.latency >= line)
  from (
    select case when jsonb_typeof(a.event_data -> 'latency_ms') = 'number'
      then (a.event_data -> 'latency_ms')::float8 end as latency
    from public.analytics_logs a
    where a.event_type = 'gen_route' and a.created_at > since and a.created_at <= until
      and a.event_data ->> 'provider' = of_provider
      and coalesce(a.event_data -> 'attempt', 'null') in ('1', 'null') and sluice.doubt_of(a.event_data) = ''
  ) r;
end;

-- The newest failures of a span, newest first.
create function sluice.failure_examples(since timestamptz, until timestamptz, most integer)
returns table (at timestamptz, provider text, kind text, error text, request_id text)
language sql stable set search_path = '' set jit = off
begin atomic
  select a.created_at, coalesce(a.event_data ->> 'provider', ''), coalesce(a.event_data ->> 'error_kind', 'unknown'),
    left(a.event_data ->> 'error', 300), a.event_data ->> 'request_id'
  from public.analytics_logs a
  where a.event_type = 'gen_route' and a.event_data ->> 'error' is not null
    and coalesce(a.event_data -> 'attempt', 'null') in ('1', 'null') and sluice.doubt_of(a.event_data) = ''
    and a.created_at > since and a.created_at <= until
  order by a.created_at desc limit most;
end;

-- Failures by provider and kind in (since, until]: over days from quarters, and from ten-second buckets at the ends.
create function sluice.failure_kinds(since timestamptz, until timestamptz)
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
      where q.at > first_edge and q.at <= last_edge and q.failures > 0 and q.doubt = ''
      union all
      select b.provider, b.kinds from sluice.buckets b
      where (b.at > since and b.at <= first_edge or b.at > last_edge and b.at <= until) and b.failures > 0 and b.doubt = ''
      union all
      select d.provider, d.kinds from sluice.bucket_deltas d
      where d.at > since and d.at <= until and d.failures > 0 and d.doubt = ''
    ) r cross join lateral jsonb_each_text(r.kinds) e
    group by r.provider, e.key order by 3 desc, 1, 2;
end $$;

-- The most frequent kinds of a provider's failures, each with the text of its newest error.
create function sluice.top_errors(of_provider text, since timestamptz, until timestamptz, most integer default 5)
returns table (kind text, failures bigint, example text)
language sql stable set search_path = '' set jit = off
begin atomic
  select k.kind, k.failures, (
    select left(a.event_data ->> 'error', 300)
    from public.analytics_logs a
    where a.event_type = 'gen_route' and a.event_data ->> 'error' is not null
      and a.created_at > since and a.created_at <= until
      and a.event_data ->> 'provider' = of_provider and sluice.doubt_of(a.event_data) = ''
      and left(coalesce(a.event_data ->> 'error_kind', 'unknown'), 64) = k.kind
    order by a.created_at desc limit 1)
  from sluice.failure_kinds(since, until) k
  where k.provider = of_provider
  order by k.failures desc, k.kind limit most;
end;

-- Priced rows by provider and by what their price rests on.
create function sluice.cost_bases(since timestamptz, until timestamptz)
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
      where q.at > first_edge and q.at <= last_edge and q.priced > 0 and q.doubt = ''
      union all
      select b.provider, b.bases from sluice.buckets b
      where (b.at > since and b.at <= first_edge or b.at > last_edge and b.at <= until) and b.priced > 0 and b.doubt = ''
      union all
      select d.provider, d.bases from sluice.bucket_deltas d
      where d.at > since and d.at <= until and d.priced > 0 and d.doubt = ''
    ) r cross join lateral jsonb_each_text(r.bases) e
    group by r.provider, e.key order by 1, 3 desc, 2;
end $$;

-- First attempts by the provider they were assigned to: the attempted one, less the strays, plus those that strayed.
create function sluice.observed_split(since timestamptz, until timestamptz)
returns table (provider text, assigned bigint)
language sql stable set search_path = '' set jit = off
begin atomic
  select s.provider, sum(s.n)::bigint
  from (
    select r.provider, r.requests as n from (
      select b.provider, b.requests from sluice.buckets b where b.at > since and b.at <= until and b.doubt = ''
      union all
      select d.provider, d.requests from sluice.bucket_deltas d where d.at > since and d.at <= until and d.doubt = '') r
    union all
    select m.provider, m.n
    from (
      select b.provider, b.strays from sluice.buckets b
      where b.at > since and b.at <= until and b.strays <> '{}' and b.doubt = ''
      union all
      select d.provider, d.strays from sluice.bucket_deltas d
      where d.at > since and d.at <= until and d.strays <> '{}' and d.doubt = ''
    ) r
    cross join lateral jsonb_each_text(r.strays) e
    cross join lateral (values (e.key, e.value::bigint), (r.provider, -e.value::bigint)) m (provider, n)
  ) s
  where s.provider <> ''
  group by s.provider having sum(s.n) <> 0 order by s.provider;
end;
