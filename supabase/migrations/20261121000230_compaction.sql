-- Adds up bags of counts: {"100": 2, "101": 1} + {"100": 1} = {"100": 3, "101": 1}.
create function sluice.add_counts(bags jsonb[]) returns jsonb immutable language sql set search_path = ''
begin atomic
  select coalesce(jsonb_object_agg(s.key, s.n), '{}')
  from (
    select e.key, sum(e.value::bigint) as n
    from unnest(bags) b (bag) cross join lateral jsonb_each_text(b.bag) e
    group by e.key
  ) s;
end;

-- The usual group has one row, or only empty bags but one.
create function sluice.merge_counts(bags jsonb[]) returns jsonb immutable language sql
return case when cardinality(bags) = 1 then bags[1] else
  case cardinality(array_remove(bags, '{}')) when 0 then '{}'::jsonb when 1 then (array_remove(bags, '{}'))[1]
    else sluice.add_counts(array_remove(bags, '{}')) end end;

-- Quarters serve charts of days, where a bin of one in a hundred is finer than needed: a third of the bins, still within
-- 0.9 %. A coarse bin is named by the fine bin in its middle; from 300 on each multiple of five is an edge (8000, 12500).
create function sluice.coarse_bin(edge double precision) returns double precision immutable language plpgsql
set search_path = '' as $$
declare
  digits integer;
  lead integer;
begin
  if edge < 1 then
    return edge;
  end if;
  digits := floor(log10(edge) + 1e-12);
  lead := round(edge * power(10::float8, 2 - digits));
  lead := case when lead < 200 then lead when lead < 300 then least(lead - mod(lead - 200, 3) + 1, 299)
    else lead - mod(lead, 5) + 2 end;
  return case when digits >= 2 then lead * power(10::float8, digits - 2) else lead / power(10::float8, 2 - digits) end;
end $$;

create function sluice.coarsen(bins jsonb) returns jsonb immutable language sql set search_path = ''
begin atomic
  select coalesce(jsonb_object_agg(c.key, c.n), '{}')
  from (
    select sluice.coarse_bin(e.key::float8)::text as key, sum(e.value::bigint) as n
    from jsonb_each_text(bins) e group by 1
  ) c;
end;

create function sluice.fold_into(target regclass, width interval, taken sluice.bucket_deltas[]) returns void
language plpgsql set search_path = '' as $$
begin
  -- In one order always, so that two of these never wait for each other crosswise.
  execute format($sql$
    insert into %1$s as old (at, provider, requests, failures, refused, bins, kinds, bases, strays, priced, cost_nano,
      cost_nano_squared, generated, vouchers, xid)
    select sluice.span_end(d.at, $2), d.provider, sum(d.requests), sum(d.failures), sum(d.refused),
      %2$s(sluice.merge_counts(array_agg(d.bins))), sluice.merge_counts(array_agg(d.kinds)),
      sluice.merge_counts(array_agg(d.bases)), sluice.merge_counts(array_agg(d.strays)), sum(d.priced),
      sum(d.cost_nano), sum(d.cost_nano_squared), sum(d.generated), sum(d.vouchers), pg_current_xact_id()
    from unnest($1) d
    group by 1, 2 order by 1, 2
    on conflict (at, provider) do update set
      requests = old.requests + excluded.requests, failures = old.failures + excluded.failures,
      refused = old.refused + excluded.refused, bins = sluice.merge_counts(array[old.bins, excluded.bins]),
      kinds = sluice.merge_counts(array[old.kinds, excluded.kinds]),
      bases = sluice.merge_counts(array[old.bases, excluded.bases]),
      strays = sluice.merge_counts(array[old.strays, excluded.strays]), priced = old.priced + excluded.priced,
      cost_nano = old.cost_nano + excluded.cost_nano,
      cost_nano_squared = old.cost_nano_squared + excluded.cost_nano_squared,
      generated = old.generated + excluded.generated, vouchers = old.vouchers + excluded.vouchers, xid = excluded.xid
    $sql$, target, case when target = 'sluice.quarters'::regclass then 'sluice.coarsen' else '' end) using taken, width;
end $$;

-- Folds deltas that have settled (their bucket ended 15 s ago, so few more will come) into the three tables, in one
-- transaction: a reader's one snapshot sees each delta exactly once, as itself or folded. Safe to call at any rate from
-- any number of processes; writers are never waited for and never made to wait. Returns how many deltas it took.
create function sluice.compact(most integer default 20000) returns integer language plpgsql set search_path = '' set jit = off
as $$
declare
  taken sluice.bucket_deltas[];
begin
  with settled as materialized (
    select d.ctid from sluice.bucket_deltas d
    where d.at < now() - interval '15 seconds'
    limit most for update skip locked
  ), gone as (
    delete from sluice.bucket_deltas d using settled s where d.ctid = s.ctid returning d
  )
  select array_agg(g.d) into taken from gone g;
  if taken is null then
    return 0;
  end if;
  perform sluice.fold_into('sluice.buckets', interval '10 seconds', taken);
  perform sluice.fold_into('sluice.minutes', interval '1 minute', taken);
  perform sluice.fold_into('sluice.quarters', interval '15 minutes', taken);
  return cardinality(taken);
end $$;
