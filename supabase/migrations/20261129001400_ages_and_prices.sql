-- Buckets also say how long vouchers took and what images of one price cost, and leave out what no draw decided.

-- Null, and not an empty bag, where there is nothing: most buckets have no vouchers, rows of before have neither, and a
-- column without a default is added without rewriting a row.
alter table sluice.bucket_deltas add column ages jsonb, add column prices jsonb;
alter table sluice.buckets add column ages jsonb, add column prices jsonb;
alter table sluice.minutes add column ages jsonb, add column prices jsonb;
alter table sluice.quarters add column ages jsonb, add column prices jsonb;
comment on column sluice.buckets.ages is
  'How old the generation was when its voucher came: lower edge in seconds, as bin_of has it, to vouchers.';
comment on column sluice.buckets.prices is
  'Of the priced rows those with a price_key: key to [rows, nano-dollars, squares of nano-dollars]; at most 32 keys.';

-- A text that may be a key: no control character, at most `most` characters. Anything else is none.
create function sluice.word_of(value jsonb, most integer) returns text immutable language sql
return case when jsonb_typeof(value) = 'string' and char_length(value #>> '{}') between 1 and most
  and (value #>> '{}') !~ '[\x01-\x1f\x7f]' then value #>> '{}' end;

-- Adds up bags of prices. The keys with the most rows stay; what the others add up to is the bucket's sums less the bag's.
create function sluice.add_prices(bags jsonb[]) returns jsonb immutable language sql set search_path = ''
begin atomic
  select jsonb_object_agg(s.key, jsonb_build_array(s.priced, s.cost_nano, s.cost_nano_squared))
  from (
    select e.key, sum((e.value ->> 0)::numeric) as priced, sum((e.value ->> 1)::numeric) as cost_nano,
      sum((e.value ->> 2)::numeric) as cost_nano_squared
    from unnest(bags) b (bag) cross join lateral jsonb_each(b.bag) e
    group by e.key order by 2 desc, 1 limit 32
  ) s;
end;

-- The usual cases first: none, or one.
create function sluice.sum_prices(bags jsonb[]) returns jsonb immutable language sql
return case when cardinality(bags) > 1 then sluice.add_prices(bags) else bags[1] end;
create function sluice.sum_ages(bags jsonb[]) returns jsonb immutable language sql
return case when cardinality(bags) > 1 then sluice.add_counts(bags) else bags[1] end;

-- Who made what a request got, and when; null when unknown. It does not look while its index is missing, as on a table just
-- adopted: it would read the whole table within an insert. Rows are found by the index first and sorted afterwards; asked
-- for the newest in one step, the planner walks the log from its end in every partition. A row inserted as a role of
-- browsers may not say who made an image.
create type sluice.generation as (provider text, at timestamptz);
create function sluice.generation_of_request(request text) returns sluice.generation language plpgsql stable
set search_path = '' as $$
declare found sluice.generation;
begin
  if request is null or not exists (
      select from pg_catalog.pg_index i
      where i.indexrelid = to_regclass('public.analytics_logs_gen_ok_request') and i.indisvalid) then
    return null;
  end if;
  with generated as materialized (
    select g.created_at, g.event_data ->> 'provider' as provider
    from public.analytics_logs g
    where g.event_type = 'gen_ok' and g.event_data ->> 'request_id' = request
      and (g.event_data ? 'inserted_as') is not true
  )
  select g.provider, g.created_at into found from generated g order by g.created_at desc limit 1;
  return found;
end $$;

create or replace function sluice.count_events() returns trigger language plpgsql security definer
set search_path = '' set enable_sort = off as $$
begin
  insert into sluice.bucket_deltas (at, provider, doubt, requests, failures, refused, bins, kinds, bases, strays,
    priced, cost_nano, cost_nano_squared, generated, vouchers, ages, prices)
  with alike as materialized (
    select f.at, f.provider, f.doubt, f.latency_bin, f.kind, f.basis, f.stray, f.age_bin, f.price_key, count(*) as rows,
      count(*) filter (where f.is_route) as requests, count(*) filter (where f.is_route and f.is_error) as failures,
      count(*) filter (where f.is_refused) as refused, count(f.nano) as priced, sum(f.nano) as cost_nano,
      sum(f.nano * f.nano) as cost_nano_squared, count(*) filter (where f.event_type = 'gen_ok') as generated,
      count(*) filter (where f.event_type = 'voucher_issued') as vouchers
    from (
      select e.event_type, e.is_route, e.is_error, e.doubt, sluice.span_end(e.created_at, interval '10 seconds') as at,
        coalesce(e.provider, (e.made).provider, '') as provider,
        case when (e.made).at is not null then sluice.bin_of(
          least(greatest(extract(epoch from e.created_at - (e.made).at), 0), 86400)::float8) end as age_bin,
        case when e.cost is not null then sluice.word_of(e.event_data -> 'price_key', 128) end as price_key,
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
          case when a.event_type = 'voucher_issued'
            then sluice.generation_of_request(a.event_data ->> 'request_id') end as made,
          case when a.event_type = 'gen_route' and jsonb_typeof(a.event_data -> 'latency_ms') = 'number'
            then (a.event_data -> 'latency_ms')::float8 end as latency,
          case when a.event_type = 'gen_route' and jsonb_typeof(a.event_data -> 'cost_per_image') = 'number'
            then (a.event_data -> 'cost_per_image')::numeric end as cost
        from added a
        where a.event_type = 'gen_ok'
          or a.event_type = 'gen_route' and coalesce(a.event_data -> 'attempt', 'null') in ('1', 'null')
            and (a.event_data -> 'pinned') is distinct from 'true'
          or a.event_type = 'voucher_issued' and a.event_data ->> 'reason' = 'regenerate'
        offset 0 -- computes each of these once
      ) e
      offset 0
    ) f
    group by f.at, f.provider, f.doubt, f.latency_bin, f.kind, f.basis, f.stray, f.age_bin, f.price_key
  ), bag as (
    select c.at, c.provider, c.doubt, jsonb_object_agg(c.key, c.n) filter (where c.bag = 'bin') as bins,
      jsonb_object_agg(c.key, c.n) filter (where c.bag = 'kind') as kinds,
      jsonb_object_agg(c.key, c.n) filter (where c.bag = 'basis') as bases,
      jsonb_object_agg(c.key, c.n) filter (where c.bag = 'stray') as strays,
      jsonb_object_agg(c.key, c.n) filter (where c.bag = 'age') as ages
    from (
      select a.at, a.provider, a.doubt, b.bag, b.key, sum(a.rows) as n
      from alike a cross join lateral (
        values ('bin', a.latency_bin::text), ('kind', a.kind), ('basis', a.basis), ('stray', a.stray),
          ('age', a.age_bin::text)) b (bag, key)
      where b.key is not null
      group by a.at, a.provider, a.doubt, b.bag, b.key
    ) c
    group by c.at, c.provider, c.doubt
  ), price as (
    select k.at, k.provider, k.doubt, case when count(*) <= 32 then jsonb_object_agg(k.price_key, k.sums)
      else sluice.add_prices(array_agg(jsonb_build_object(k.price_key, k.sums))) end as prices
    from (
      select a.at, a.provider, a.doubt, a.price_key,
        jsonb_build_array(sum(a.priced), sum(a.cost_nano), sum(a.cost_nano_squared)) as sums
      from alike a where a.price_key is not null
      group by a.at, a.provider, a.doubt, a.price_key
    ) k
    group by k.at, k.provider, k.doubt
  )
  select t.at, t.provider, t.doubt, t.requests, t.failures, t.refused, coalesce(b.bins, '{}'), coalesce(b.kinds, '{}'),
    coalesce(b.bases, '{}'), coalesce(b.strays, '{}'), t.priced, t.cost_nano, t.cost_nano_squared, t.generated, t.vouchers,
    b.ages, p.prices
  from (
    select a.at, a.provider, a.doubt, sum(a.requests) as requests, sum(a.failures) as failures, sum(a.refused) as refused,
      sum(a.priced) as priced, coalesce(sum(a.cost_nano), 0) as cost_nano,
      coalesce(sum(a.cost_nano_squared), 0) as cost_nano_squared, sum(a.generated) as generated, sum(a.vouchers) as vouchers
    from alike a group by a.at, a.provider, a.doubt
  ) t
  left join bag b on b.at = t.at and b.provider = t.provider and b.doubt = t.doubt
  left join price p on p.at = t.at and p.provider = t.provider and p.doubt = t.doubt;
  return null;
end $$;

drop function sluice.provider_of_request(text);

create or replace function sluice.fold_into(target regclass, width interval, taken sluice.bucket_deltas[]) returns void
language plpgsql set search_path = '' as $$
begin
  -- In one order always, so that two of these never wait for each other crosswise.
  execute format($sql$
    insert into %1$s as old (at, provider, doubt, requests, failures, refused, bins, kinds, bases, strays, priced, cost_nano,
      cost_nano_squared, generated, vouchers, ages, prices, xid)
    select sluice.span_end(d.at, $2), d.provider, d.doubt, sum(d.requests), sum(d.failures), sum(d.refused),
      %2$s(sluice.merge_counts(array_agg(d.bins))), sluice.merge_counts(array_agg(d.kinds)),
      sluice.merge_counts(array_agg(d.bases)), sluice.merge_counts(array_agg(d.strays)), sum(d.priced),
      sum(d.cost_nano), sum(d.cost_nano_squared), sum(d.generated), sum(d.vouchers),
      sluice.sum_ages(array_agg(d.ages) filter (where d.ages is not null)),
      sluice.sum_prices(array_agg(d.prices) filter (where d.prices is not null)), pg_current_xact_id()
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
      generated = old.generated + excluded.generated, vouchers = old.vouchers + excluded.vouchers,
      ages = sluice.sum_ages(array_remove(array[old.ages, excluded.ages], null)),
      prices = sluice.sum_prices(array_remove(array[old.prices, excluded.prices], null)), xid = excluded.xid
    $sql$, target, case when target = 'sluice.quarters'::regclass then 'sluice.coarsen' else '' end) using taken, width;
end $$;

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
        s.failures, s.refused, s.priced, s.cost_nano, s.cost_nano_squared, s.generated, s.vouchers,
        s.ages, s.prices)), '[]'),
      coalesce(string_agg(s.bins, E'\n'), '')
  into figures, bins
  from (
      select r.at, r.provider, sum(r.requests) as requests, sum(r.failures) as failures, sum(r.refused) as refused,
        string_agg(r.bins, ',') as bins, sum(r.priced) as priced, sum(r.cost_nano) as cost_nano,
        sum(r.cost_nano_squared) as cost_nano_squared, sum(r.generated) as generated, sum(r.vouchers) as vouchers,
        sluice.sum_ages(array_agg(r.ages) filter (where r.ages is not null)) as ages,
        sluice.sum_prices(array_agg(r.prices) filter (where r.prices is not null)) as prices
      from (
        select b.at as at, b.provider, b.requests, b.failures, b.refused, b.bins_text as bins,
          b.priced, b.cost_nano, b.cost_nano_squared, b.generated, b.vouchers, b.ages, b.prices
        from sluice.buckets b where b.at = any (changed) and b.doubt = ''
        union all
        select d.at as at, d.provider, d.requests, d.failures, d.refused, d.bins_text as bins,
          d.priced, d.cost_nano, d.cost_nano_squared, d.generated, d.vouchers, d.ages, d.prices
        from sluice.bucket_deltas d where d.at = any (changed) and d.doubt = ''
      ) r
      group by r.at, r.provider order by r.at, r.provider
  ) s;
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
      and (a.event_data -> 'pinned') is distinct from 'true'
  ) r;
end;

create or replace function sluice.role_functions() returns table (name text, web boolean, watchdog boolean, cli boolean)
language sql immutable set search_path = '' as $$
  select f, true, true, true from unnest('{policy,policy_fault,weights_fault,stage_of,at_rest,same_weights,share_of,
    number_of,last_good_row,applied_migrations,guard_faults,live_faults,journal_faults,journal_heads,anchor_faults,
    raise_alert,free_flag,owns_partitions,span_end,table_of_width,whole_quarters,bins_text,changed_buckets,chart_spans,
    sums,mean_cost,neighbours,top_errors,failure_kinds,failure_examples,cost_bases,observed_split,
    add_counts,merge_counts,doubt_of,sum_ages,sum_prices,add_prices}'::text[]) f
  union all
  select f, true, true, false from unnest('{compact,make_partitions,partitions,missing_event_indexes,
    is_broken_index,backfill_step,tell_doubted_events,tidy,write_plain_batch}'::text[]) f
  union all
  select f, true, false, false from unnest('{write_batch,write_batch_one_by_one,issue_voucher,settle_keys}'::text[]) f
  union all
  select f, false, false, true from unnest('{drop_partitions,delete_old_events,prune}'::text[]) f $$;

-- Which rows they see: of the flags only ours, and the watchdog writes no policy. The watchdog reads the journal of the
-- weights, not that of who signs in. Row security of an adopted table stays as it is: where it is off, these policies
-- have no effect yet.
create or replace function sluice.role_policies() returns table (relation text, grantee text, name text, command text, rows text)
language sql stable set search_path = '' as $$
  select t.relation, r.grantee, r.grantee, case t.relation when 'public.analytics_logs' then 'select' else 'all' end,
    case
      when t.relation = 'public.feature_flags' and r.grantee = 'sluice_watchdog' then 'flag_key = ''GEN_PROVIDER_WEIGHTS'''
      when t.relation = 'public.feature_flags' then 'flag_key in (''GEN_PROVIDER_WEIGHTS'', ''GEN_ROLLOUT_POLICY'')'
      when t.relation = 'sluice.journal' and r.grantee = 'sluice_watchdog' then 'flag_key <> ''sluice.access'''
      else 'true' end
  from sluice.role_tables() t
  cross join lateral (values ('sluice_web', t.web), ('sluice_watchdog', t.watchdog), ('sluice_cli', t.cli)) r (grantee, may)
  where r.may is not null
  union all
  values ('public.feature_flags', 'sluice_watchdog', 'sluice_watchdog_reads', 'select', 'flag_key = ''GEN_ROLLOUT_POLICY''') $$;

-- Gives the roles that exist what they need, and takes from them what else they have of ours. The owner calls it again
-- after a role was made later. An adopted table keeps its grants and policies until its owner asks.
create or replace function sluice.grant_roles(on_adopted boolean default true) returns void
language plpgsql set search_path = '' as $$
declare
  left_alone text[] := '{}';
  who text;
  item record;
begin
  if not on_adopted and obj_description('public.feature_flags'::regclass, 'pg_class') is distinct from
      'One row per flag. GEN_PROVIDER_WEIGHTS routes live traffic.' then
    left_alone := left_alone || 'public.feature_flags'::text;
  end if;
  if not on_adopted and not sluice.owns_partitions() then
    left_alone := left_alone || 'public.analytics_logs'::text;
  end if;
  for who in
    select r.rolname from pg_catalog.pg_roles r where r.rolname in ('sluice_web', 'sluice_watchdog', 'sluice_cli')
  loop
    execute format('revoke all on all tables in schema sluice from %I', who);
    execute format('revoke all on all sequences in schema sluice from %I', who);
    execute format('revoke all on all functions in schema sluice from %I', who);
    execute format('grant usage on schema sluice to %I', who);
    if not pg_catalog.has_schema_privilege(who, 'public', 'usage') then
      execute format('grant usage on schema public to %I', who);
    end if;
    for item in
      select t.relation, case who when 'sluice_web' then t.web when 'sluice_cli' then t.cli else t.watchdog end as may
      from sluice.role_tables() t
    loop
      continue when item.relation = any (left_alone);
      execute format('revoke all on %s from %I', item.relation, who);
      continue when item.may is null;
      execute format('grant %s on %s to %I', item.may, item.relation, who);
    end loop;
    for item in
      select p.oid::regprocedure as function
      from sluice.role_functions() f join pg_catalog.pg_proc p on p.proname = f.name
      where p.pronamespace = 'sluice'::regnamespace
        and case who when 'sluice_web' then f.web when 'sluice_cli' then f.cli else f.watchdog end
    loop
      execute format('grant execute on function %s to %I', item.function, who);
    end loop;
    for item in select w.* from sluice.role_policies() w where w.grantee = who loop
      continue when item.relation = any (left_alone) or exists (select from pg_catalog.pg_policy p
        where p.polrelid = item.relation::regclass and p.polname = item.name);
      execute format('create policy %I on %s for %s to %I using (%s)', item.name, item.relation, item.command, who, item.rows);
    end loop;
  end loop;
end $$;

revoke all on function sluice.word_of(jsonb, integer), sluice.add_prices(jsonb[]), sluice.sum_prices(jsonb[]),
  sluice.sum_ages(jsonb[]), sluice.generation_of_request(text) from public;
do $$
declare grantee text;
begin
  -- The default privileges of a Supabase project hand out what is made.
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on function sluice.word_of(jsonb, integer), sluice.add_prices(jsonb[]),
      sluice.sum_prices(jsonb[]), sluice.sum_ages(jsonb[]), sluice.generation_of_request(text) from %I', grantee);
  end loop;
end $$;
select sluice.grant_roles(on_adopted => false);
