-- Charts read thousands of spans, nearly all of them folded: adding each up with nothing, and unpacking its line of bins,
-- was more than half of the work. Readers add up what has the same end and provider, as they do for the spans of a step.
alter table sluice.buckets alter column bins_text set storage external;
alter table sluice.minutes alter column bins_text set storage external;
alter table sluice.quarters alter column bins_text set storage external;

-- As before, in order of time and provider, but a span that is partly folded comes as two: the folded, and the rest.
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
        string_agg(sluice.bins_text(d.bins), ','), sum(d.priced), sum(d.cost_nano), sum(d.cost_nano_squared),
        sum(d.generated), sum(d.vouchers)
      from sluice.bucket_deltas d
      where d.at > $1 - $3 and d.at <= $2 and sluice.span_end(d.at, $3) > $1 and sluice.span_end(d.at, $3) <= $2
      group by 1, 2
      order by 1, 2
    ) s $sql$, sluice.table_of_width(width)) into figures, bins using since, until, width;
end $$;
