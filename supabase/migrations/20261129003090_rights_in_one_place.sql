-- Figures of the first split alone, from before there were others: the functions that take a split are called instead.
drop function sluice.read_buckets(timestamptz, timestamptz), sluice.read_spans(interval, timestamptz, timestamptz),
  sluice.read_spans_of(text, interval, timestamptz, timestamptz), sluice.changed_buckets(timestamptz, pg_snapshot),
  sluice.chart_spans(interval, timestamptz, timestamptz), sluice.sums(text, timestamptz, timestamptz),
  sluice.mean_cost(text, timestamptz, timestamptz), sluice.cost_bases(timestamptz, timestamptz),
  sluice.neighbours(text, timestamptz, timestamptz, double precision),
  sluice.failure_kinds(timestamptz, timestamptz), sluice.failure_examples(timestamptz, timestamptz, integer),
  sluice.top_errors(text, timestamptz, timestamptz, integer), sluice.voucher_delays(text, timestamptz, timestamptz),
  sluice.prices_by_key(text, timestamptz, timestamptz), sluice.latency_bins(text, timestamptz, timestamptz),
  sluice.repeats(text, timestamptz, timestamptz, double precision, timestamptz),
  sluice.first_of_users(text, text, timestamptz, timestamptz, double precision[]),
  sluice.observed_split(timestamptz, timestamptz), sluice.observed_split_of(text, timestamptz, timestamptz),
  sluice.policy_change_fault(jsonb);

-- Who may do what, all of it in two tables, to which a later file adds its rows. `everyone`: what the triggers of
-- analytics_logs call as the role that inserts; these functions reveal nothing but the names of the providers.
-- `authenticated`: what operators who sign in through Supabase read through the data API. `anon` may do nothing.
alter table sluice.role_grants add column authenticated text;
alter table sluice.role_calls add column authenticated boolean not null default false,
  add column everyone boolean not null default false;
insert into sluice.role_grants (relation, web, watchdog, cli)
select b.relation, b.web, b.watchdog, b.cli from sluice.role_tables_of_before() b on conflict do nothing;
insert into sluice.role_calls (name, web, watchdog, cli)
select b.name, b.web, b.watchdog, b.cli from sluice.role_functions_of_before() b on conflict do nothing;
insert into sluice.role_calls (name, web, watchdog, cli)
select f, false, false, false
from unnest('{provider_names,in_range,is_known,is_clean,is_believed,mark_inserted_as,jwt_role,may_read}'::text[]) f
on conflict do nothing;
update sluice.role_calls set everyone = true
where name in ('provider_names', 'in_range', 'is_known', 'is_clean', 'is_believed', 'mark_inserted_as', 'doubt_of');
update sluice.role_calls set authenticated = true where name in ('jwt_role', 'may_read');
update sluice.role_grants set authenticated = 'select'
where relation in ('sluice.instances', 'sluice.ticks', 'sluice.alerts', 'sluice.journal', 'sluice.providers',
  'sluice.buckets', 'sluice.minutes');
delete from sluice.role_calls c
where c.name not in (select p.proname from pg_catalog.pg_proc p where p.pronamespace = 'sluice'::regnamespace);

create or replace function sluice.role_policies() returns table (relation text, grantee text, name text, command text, rows text)
language sql stable set search_path = '' as $$
  select g.relation, r.grantee, r.grantee, case g.relation when 'public.analytics_logs' then 'select' else 'all' end,
    case
      when g.relation = 'public.feature_flags' and r.grantee = 'sluice_watchdog' then 'flag_key in (select s.key from sluice.splits s)'
      when g.relation = 'public.feature_flags' then 'flag_key in (select o from sluice.own_flags() o)'
      when g.relation = 'sluice.journal' and r.grantee = 'sluice_watchdog' then 'flag_key <> ''sluice.access'''
      else 'true' end
  from sluice.role_grants g
  cross join lateral (values ('sluice_web', g.web), ('sluice_watchdog', g.watchdog), ('sluice_cli', g.cli)) r (grantee, may)
  -- A view has no row security of its own.
  where r.may is not null and g.relation <> 'sluice.arm_state'
  union all
  values ('public.feature_flags', 'sluice_watchdog', 'sluice_watchdog_reads', 'select', 'flag_key in (select o from sluice.own_flags() o)')
  union all
  select g.relation, 'authenticated', 'operators_read', 'select', '(select sluice.may_read())'
  from sluice.role_grants g where g.authenticated is not null $$;

-- Gives the roles that exist what the two tables say, and takes from them and from `public` what else they have in our
-- schema: Postgres lets everybody execute a new function, and the default privileges of a Supabase project hand out what
-- is made. Each later file ends with grant_roles(on_adopted => false); the owner calls it again after a role was made
-- later. An adopted table keeps its grants and policies until its owner asks.
create or replace function sluice.grant_roles(on_adopted boolean default true) returns void
language plpgsql set search_path = '' as $$
declare
  left_alone text[] := '{}';
  who text;
  what text;
  item record;
begin
  if not on_adopted and obj_description('public.feature_flags'::regclass, 'pg_class') is distinct from
      'One row per flag. GEN_PROVIDER_WEIGHTS routes live traffic.' then
    left_alone := left_alone || 'public.feature_flags'::text;
  end if;
  if not on_adopted and not sluice.owns_partitions() then
    left_alone := left_alone || 'public.analytics_logs'::text;
  end if;
  revoke all on all functions in schema sluice from public;
  for item in
    select p.oid::regprocedure as function
    from sluice.role_calls c join pg_catalog.pg_proc p on p.proname = c.name
    where c.everyone and p.pronamespace = 'sluice'::regnamespace
  loop
    execute format('grant execute on function %s to public', item.function);
  end loop;
  for who in
    select r.rolname from pg_catalog.pg_roles r
    where r.rolname in ('sluice_web', 'sluice_watchdog', 'sluice_cli', 'authenticated', 'anon')
  loop
    foreach what in array '{tables,sequences,functions}'::text[] loop
      execute format('revoke all on all %s in schema sluice from %I', what, who);
    end loop;
    if who = 'anon' then
      execute 'revoke all on schema sluice from anon';
      continue;
    end if;
    execute format('grant usage on schema sluice to %I', who);
    if who <> 'authenticated' and not pg_catalog.has_schema_privilege(who, 'public', 'usage') then
      execute format('grant usage on schema public to %I', who);
    end if;
    for item in
      select g.relation, to_jsonb(g) ->> replace(who, 'sluice_', '') as may from sluice.role_grants g
      -- What they may do with the two tables in `public` is said where those are made, and by your own policies.
      where who <> 'authenticated' or g.relation like 'sluice.%'
    loop
      continue when item.relation = any (left_alone);
      execute format('revoke all on %s from %I', item.relation, who);
      continue when item.may is null;
      execute format('grant %s on %s to %I', item.may, item.relation, who);
    end loop;
    for item in
      select p.oid::regprocedure as function
      from sluice.role_calls c join pg_catalog.pg_proc p on p.proname = c.name
      where p.pronamespace = 'sluice'::regnamespace and (to_jsonb(c) ->> replace(who, 'sluice_', ''))::boolean
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
drop function sluice.role_tables(), sluice.role_tables_of_before(), sluice.role_functions(), sluice.role_functions_of_before();

select sluice.grant_roles(on_adopted => false);
