-- Turning a bag of bins into text is most of what reading it costs, and folding happens once where reading happens often:
-- folded rows keep the text "200:1,201:4" beside the bag. Readers get two values: the figures as one JSON array, and for
-- each of them a line of bins. The bins of rows that are not folded yet are not added up but put one after the other:
-- adding up a few dozen small bags costs the reader a tenth of what it costs here. Sums are made here, where they are exact.
create function sluice.bins_text(bins jsonb) returns text immutable language sql
return translate(bins::text, '{}" ', '');

alter table sluice.buckets add column bins_text text generated always as (sluice.bins_text(bins)) stored;
alter table sluice.minutes add column bins_text text generated always as (sluice.bins_text(bins)) stored;
alter table sluice.quarters add column bins_text text generated always as (sluice.bins_text(bins)) stored;

-- What the evaluator reads at each tick: the ten-second buckets after `since` that hold anything the snapshot `seen` did
-- not show; all of them when `seen` is null. A delta that was folded meanwhile counts as change; its bucket reads the same.
drop function sluice.read_changes(timestamptz, pg_snapshot);
create function sluice.changed_buckets(since timestamptz, seen pg_snapshot, out figures json, out bins text)
language plpgsql stable set search_path = '' set jit = off as $$
declare
  oldest xid8 := pg_snapshot_xmin(seen);
  changed timestamptz[];
begin
  if seen is null then
    changed := array(
      select b.at from sluice.buckets b where b.at > since union select d.at from sluice.bucket_deltas d where d.at > since);
  else
    changed := array(
      select d.at from sluice.bucket_deltas d
      where d.xid >= oldest and not pg_visible_in_snapshot(d.xid, seen) and d.at > since
      union
      select b.at from sluice.buckets b
      where b.xid >= oldest and not pg_visible_in_snapshot(b.xid, seen) and b.at > since);
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
        from sluice.buckets b where b.at = any (changed)
        union all
        select d.at as at, d.provider, d.requests, d.failures, d.refused, sluice.bins_text(d.bins) as bins,
          d.priced, d.cost_nano, d.cost_nano_squared, d.generated, d.vouchers
        from sluice.bucket_deltas d where d.at = any (changed)
      ) r
      group by r.at, r.provider order by r.at, r.provider
  ) s;
end $$;

-- What charts read: the spans of one of the three tables with since < at <= until, deltas not yet folded included.
create function sluice.chart_spans(width interval, since timestamptz, until timestamptz, out figures json, out bins text)
language plpgsql stable set search_path = '' set jit = off as $$
begin
  execute format($sql$
    select coalesce(json_agg(json_build_array((extract(epoch from s.at) * 1000)::bigint, s.provider, s.requests,
        s.failures, s.refused, s.priced, s.cost_nano, s.cost_nano_squared, s.generated, s.vouchers)), '[]'),
      coalesce(string_agg(s.bins, E'\n'), '')
    from (
      select r.at, r.provider, sum(r.requests) as requests, sum(r.failures) as failures, sum(r.refused) as refused,
        string_agg(r.bins, ',') as bins, sum(r.priced) as priced, sum(r.cost_nano) as cost_nano,
        sum(r.cost_nano_squared) as cost_nano_squared, sum(r.generated) as generated, sum(r.vouchers) as vouchers
      from (
        select b.at as at, b.provider, b.requests, b.failures, b.refused, b.bins_text as bins,
          b.priced, b.cost_nano, b.cost_nano_squared, b.generated, b.vouchers
        from sluice.%I b where b.at > $1 and b.at <= $2
        union all
        select sluice.span_end(d.at, $3) as at, d.provider, d.requests, d.failures, d.refused, sluice.bins_text(d.bins) as bins,
          d.priced, d.cost_nano, d.cost_nano_squared, d.generated, d.vouchers
        from sluice.bucket_deltas d
        where d.at > $1 - $3 and d.at <= $2 and sluice.span_end(d.at, $3) > $1 and sluice.span_end(d.at, $3) <= $2
      ) r
      group by r.at, r.provider order by r.at, r.provider
    ) s $sql$, sluice.table_of_width(width)) into figures, bins using since, until, width;
end $$;

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

-- As before, with its columns named: the folded tables have one more now.
create or replace function sluice.read_spans(width interval, since timestamptz, until timestamptz)
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

-- The whole quarters of an hour inside (since, until]: (first_edge, last_edge]; both `until` when there is none.
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

create or replace function sluice.sums(of_provider text, since timestamptz, until timestamptz,
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
    from sluice.quarters q where q.at > first_edge and q.at <= last_edge
    union all
    select b.provider, b.requests, b.failures, b.refused, b.priced, b.cost_nano, b.cost_nano_squared, b.generated, b.vouchers
    from sluice.buckets b where b.at > from_edge and b.at <= first_edge and b.at <= until or b.at > last_edge and b.at <= until
    union all
    select d.provider, d.requests, d.failures, d.refused, d.priced, d.cost_nano, d.cost_nano_squared, d.generated, d.vouchers
    from sluice.bucket_deltas d where d.at > from_edge and d.at <= until
  ) r
  where of_provider is null or r.provider = of_provider;
  requests := coalesce(requests, 0); failures := coalesce(failures, 0); refused := coalesce(refused, 0);
  priced := coalesce(priced, 0); cost_nano := coalesce(cost_nano, 0); cost_nano_squared := coalesce(cost_nano_squared, 0);
  generated := coalesce(generated, 0); vouchers := coalesce(vouchers, 0);
end $$;

-- Over days these two read quarters of an hour too, and ten-second buckets only at the ragged ends.
create or replace function sluice.failure_kinds(since timestamptz, until timestamptz)
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
      select q.provider, q.kinds from sluice.quarters q where q.at > first_edge and q.at <= last_edge and q.failures > 0
      union all
      select b.provider, b.kinds from sluice.buckets b
      where (b.at > since and b.at <= first_edge or b.at > last_edge and b.at <= until) and b.failures > 0
      union all
      select d.provider, d.kinds from sluice.bucket_deltas d where d.at > since and d.at <= until and d.failures > 0
    ) r cross join lateral jsonb_each_text(r.kinds) e
    group by r.provider, e.key order by 3 desc, 1, 2;
end $$;

create or replace function sluice.cost_bases(since timestamptz, until timestamptz)
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
      select q.provider, q.bases from sluice.quarters q where q.at > first_edge and q.at <= last_edge and q.priced > 0
      union all
      select b.provider, b.bases from sluice.buckets b
      where (b.at > since and b.at <= first_edge or b.at > last_edge and b.at <= until) and b.priced > 0
      union all
      select d.provider, d.bases from sluice.bucket_deltas d where d.at > since and d.at <= until and d.priced > 0
    ) r cross join lateral jsonb_each_text(r.bases) e
    group by r.provider, e.key order by 1, 3 desc, 2;
end $$;

revoke all on function sluice.bins_text(jsonb), sluice.table_of_width(interval),
  sluice.changed_buckets(timestamptz, pg_snapshot), sluice.chart_spans(interval, timestamptz, timestamptz),
  sluice.whole_quarters(timestamptz, timestamptz) from public;
