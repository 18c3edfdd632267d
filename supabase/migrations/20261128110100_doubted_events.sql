-- Rows that the rule does not judge by. They are kept, and counted apart: charts show them, a live verdict never moves.
-- Two kinds: what somebody reported about times long past (`event_data.backfilled`, written by our own door), and what
-- was inserted as a role of browsers (`event_data.inserted_as`, written here, whatever the row says of itself).

-- To believe such a role after all:
--   insert into sluice.believed_roles (role, reason) values ('authenticated', 'our server signs in as a user');
create table sluice.believed_roles (
  role text primary key check (role in ('anon', 'authenticated')),
  reason text not null,
  since timestamptz not null default now()
);
alter table sluice.believed_roles enable row level security;
comment on table sluice.believed_roles is
  'Events inserted as anon or authenticated are not judged by, but for the roles named here.';

create function sluice.is_believed(role name) returns boolean stable security definer language plpgsql set search_path = ''
as $$ begin return exists (select from sluice.believed_roles b where b.role = is_believed.role::text); end $$;

-- Not SECURITY DEFINER: it must see who inserts.
create function sluice.mark_inserted_as() returns trigger language plpgsql set search_path = '' as $$
begin
  new.event_data := case
      when new.event_data is null then '{}'
      when jsonb_typeof(new.event_data) = 'object' then new.event_data
      else jsonb_build_object('invalid', jsonb_build_object('event_data', new.event_data)) end
    || jsonb_build_object('inserted_as', current_user);
  return new;
end $$;

-- Before a_sluice_guard, which may write a row again under its owner's name. Also when such a role changes a row.
create trigger a_sluice_believe before insert or update on public.analytics_logs for each row
when (current_user in ('anon', 'authenticated') and not sluice.is_believed(current_user))
execute function sluice.mark_inserted_as();

-- Why the rule does not judge by an event; '' when it does.
create function sluice.doubt_of(event_data jsonb) returns text immutable language sql
return case
  when (event_data ?| array['backfilled', 'inserted_as']) is not true then ''
  when event_data ->> 'inserted_as' in ('anon', 'authenticated') then event_data ->> 'inserted_as'
  else 'backfilled' end;

alter table sluice.bucket_deltas add column doubt text not null default '';
alter table sluice.buckets add column doubt text not null default '',
  drop constraint buckets_pkey, add primary key (at, provider, doubt);
alter table sluice.minutes add column doubt text not null default '',
  drop constraint minutes_pkey, add primary key (at, provider, doubt);
alter table sluice.quarters add column doubt text not null default '',
  drop constraint quarters_pkey, add primary key (at, provider, doubt);

create or replace function sluice.count_events() returns trigger language plpgsql security definer
set search_path = '' set enable_sort = off as $$
begin
  insert into sluice.bucket_deltas (at, provider, doubt, requests, failures, refused, bins, kinds, bases, strays,
    priced, cost_nano, cost_nano_squared, generated, vouchers)
  with alike as materialized (
    select f.at, f.provider, f.doubt, f.latency_bin, f.kind, f.basis, f.stray, count(*) as rows,
      count(*) filter (where f.is_route) as requests, count(*) filter (where f.is_route and f.is_error) as failures,
      count(*) filter (where f.is_refused) as refused, count(f.nano) as priced, sum(f.nano) as cost_nano,
      sum(f.nano * f.nano) as cost_nano_squared, count(*) filter (where f.event_type = 'gen_ok') as generated,
      count(*) filter (where f.event_type = 'voucher_issued') as vouchers
    from (
      select e.event_type, e.is_route, e.is_error, e.doubt, sluice.span_end(e.created_at, interval '10 seconds') as at,
        case when e.event_type = 'voucher_issued' and e.provider is null
          then sluice.provider_of_request(e.event_data ->> 'request_id') else coalesce(e.provider, '') end as provider,
        e.is_route and not e.is_error and coalesce(e.event_data ->> 'refused', 'false') <> 'false' as is_refused,
        case when e.is_route then sluice.bin_of(e.latency) end as latency_bin,
        case when e.is_route and e.is_error then left(coalesce(e.event_data ->> 'error_kind', 'unknown'), 64) end as kind,
        case when e.is_route and e.cost is not null
          then left(coalesce(e.event_data ->> 'cost_basis', 'unknown'), 64) end as basis,
        case when e.is_route then nullif(e.event_data ->> 'assigned', e.provider) end as stray,
        case when e.is_route then round(e.cost * 1e9) end as nano
      from (
        select a.event_type, a.event_data, a.created_at, a.event_data ->> 'provider' as provider,
          a.event_type = 'gen_route' as is_route, a.event_data ->> 'error' is not null as is_error,
          sluice.doubt_of(a.event_data) as doubt,
          case when a.event_type = 'gen_route' and jsonb_typeof(a.event_data -> 'latency_ms') = 'number'
            then (a.event_data -> 'latency_ms')::float8 end as latency,
          case when a.event_type = 'gen_route' and jsonb_typeof(a.event_data -> 'cost_per_image') = 'number'
            then (a.event_data -> 'cost_per_image')::numeric end as cost
        from added a
        where a.event_type = 'gen_ok'
          or a.event_type = 'gen_route' and coalesce(a.event_data -> 'attempt', 'null') in ('1', 'null')
          or a.event_type = 'voucher_issued' and a.event_data ->> 'reason' = 'regenerate'
        offset 0 -- computes each of these once
      ) e
      offset 0
    ) f
    group by f.at, f.provider, f.doubt, f.latency_bin, f.kind, f.basis, f.stray
  ), bag as (
    select c.at, c.provider, c.doubt, jsonb_object_agg(c.key, c.n) filter (where c.bag = 'bin') as bins,
      jsonb_object_agg(c.key, c.n) filter (where c.bag = 'kind') as kinds,
      jsonb_object_agg(c.key, c.n) filter (where c.bag = 'basis') as bases,
      jsonb_object_agg(c.key, c.n) filter (where c.bag = 'stray') as strays
    from (
      select a.at, a.provider, a.doubt, b.bag, b.key, sum(a.rows) as n
      from alike a cross join lateral (
        values ('bin', a.latency_bin::text), ('kind', a.kind), ('basis', a.basis), ('stray', a.stray)) b (bag, key)
      where b.key is not null
      group by a.at, a.provider, a.doubt, b.bag, b.key
    ) c
    group by c.at, c.provider, c.doubt
  )
  select t.at, t.provider, t.doubt, t.requests, t.failures, t.refused, coalesce(b.bins, '{}'), coalesce(b.kinds, '{}'),
    coalesce(b.bases, '{}'), coalesce(b.strays, '{}'), t.priced, t.cost_nano, t.cost_nano_squared, t.generated, t.vouchers
  from (
    select a.at, a.provider, a.doubt, sum(a.requests) as requests, sum(a.failures) as failures, sum(a.refused) as refused,
      sum(a.priced) as priced, coalesce(sum(a.cost_nano), 0) as cost_nano,
      coalesce(sum(a.cost_nano_squared), 0) as cost_nano_squared, sum(a.generated) as generated, sum(a.vouchers) as vouchers
    from alike a group by a.at, a.provider, a.doubt
  ) t left join bag b on b.at = t.at and b.provider = t.provider and b.doubt = t.doubt;
  return null;
end $$;

create or replace function sluice.fold_into(target regclass, width interval, taken sluice.bucket_deltas[]) returns void
language plpgsql set search_path = '' as $$
begin
  -- In one order always, so that two of these never wait for each other crosswise.
  execute format($sql$
    insert into %1$s as old (at, provider, doubt, requests, failures, refused, bins, kinds, bases, strays, priced, cost_nano,
      cost_nano_squared, generated, vouchers, xid)
    select sluice.span_end(d.at, $2), d.provider, d.doubt, sum(d.requests), sum(d.failures), sum(d.refused),
      %2$s(sluice.merge_counts(array_agg(d.bins))), sluice.merge_counts(array_agg(d.kinds)),
      sluice.merge_counts(array_agg(d.bases)), sluice.merge_counts(array_agg(d.strays)), sum(d.priced),
      sum(d.cost_nano), sum(d.cost_nano_squared), sum(d.generated), sum(d.vouchers), pg_current_xact_id()
    from unnest($1) d
    group by 1, 2, 3 order by 1, 2, 3
    on conflict (at, provider, doubt) do update set
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

-- What the rule reads: nothing that is doubted.
create or replace function sluice.changed_buckets(since timestamptz, seen pg_snapshot, out figures json, out bins text)
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

create or replace function sluice.neighbours(of_provider text, since timestamptz, until timestamptz, line double precision,
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

-- A row that is not believed may not say who made an image either.
create or replace function sluice.provider_of_request(request text) returns text language plpgsql stable
set search_path = '' as $$
declare found text;
begin
  if request is null or not exists (
      select from pg_catalog.pg_index i
      where i.indexrelid = to_regclass('public.analytics_logs_gen_ok_request') and i.indisvalid) then
    return '';
  end if;
  with generated as materialized (
    select g.created_at, g.event_data ->> 'provider' as provider
    from public.analytics_logs g
    where g.event_type = 'gen_ok' and g.event_data ->> 'request_id' = request
      and (g.event_data ? 'inserted_as') is not true
  )
  select g.provider into found from generated g order by g.created_at desc limit 1;
  return coalesce(found, '');
end $$;

-- Raises an alert while events come that nobody is believed for, and ends it ten minutes after the last.
create function sluice.tell_doubted_events() returns void language plpgsql set search_path = '' as $$
declare
  doubted record;
begin
  for doubted in
    select w.role, sum(r.n)::bigint as n
    from (values ('anon'), ('authenticated')) w (role)
    left join (
      select b.doubt, b.requests + b.generated + b.vouchers as n
      from sluice.buckets b where b.at > now() - interval '10 minutes' and b.doubt <> ''
      union all
      select d.doubt, d.requests + d.generated + d.vouchers
      from sluice.bucket_deltas d where d.at > now() - interval '10 minutes' and d.doubt <> ''
    ) r on r.doubt = w.role
    group by w.role
  loop
    if doubted.n > 0 then
      perform sluice.raise_alert('events_doubted', doubted.role, format(
        'Events were inserted as the database role %1$s (%2$s in the last 10 minutes). They are kept and charted, and '
        'the watchdog does not judge by them. If they are yours: insert into sluice.believed_roles (role, reason) '
        'values (''%1$s'', ''why''). If not: revoke insert on analytics_logs from %1$s.', doubted.role, doubted.n),
        jsonb_build_object('key', doubted.role, 'role', doubted.role, 'rows', doubted.n), false, null);
    else
      update sluice.alerts a set resolved_at = clock_timestamp()
      where a.kind = 'events_doubted' and a.key = doubted.role and a.resolved_at is null;
    end if;
  end loop;
end $$;

-- What runs as whoever inserts stays everybody's: `is_believed` and `mark_inserted_as`.
do $$
declare grantee text;
begin
  revoke all on function sluice.tell_doubted_events() from public;
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on sluice.believed_roles from %I', grantee);
    execute format('revoke all on function sluice.tell_doubted_events() from %I', grantee);
  end loop;
end $$;
