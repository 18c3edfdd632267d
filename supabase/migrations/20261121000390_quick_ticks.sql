-- At thousands of events a second a tick reads a hundred deltas of hundreds of bins each, and turning their bags into text
-- was nine tenths of it. They keep the text too, made once when they are written, and live too briefly to be packed.
alter table sluice.bucket_deltas
  add column bins_text text generated always as (sluice.bins_text(bins)) stored;
alter table sluice.bucket_deltas alter column bins_text set storage main;
alter table sluice.bucket_deltas set (toast_tuple_target = 8160);

create or replace function sluice.changed_buckets(since timestamptz, seen pg_snapshot, out figures json, out bins text)
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
        select d.at as at, d.provider, d.requests, d.failures, d.refused, d.bins_text as bins,
          d.priced, d.cost_nano, d.cost_nano_squared, d.generated, d.vouchers
        from sluice.bucket_deltas d where d.at = any (changed)
      ) r
      group by r.at, r.provider order by r.at, r.provider
  ) s;
end $$;

create or replace function sluice.chart_spans(width interval, since timestamptz, until timestamptz, out figures json, out bins text)
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
