-- What is said beside a verdict counts what the verdict counts: rows that are doubted explain none, and name no error.

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

create or replace function sluice.failure_examples(since timestamptz, until timestamptz, most integer)
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

create or replace function sluice.top_errors(of_provider text, since timestamptz, until timestamptz, most integer default 5)
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

create or replace function sluice.observed_split(since timestamptz, until timestamptz)
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
