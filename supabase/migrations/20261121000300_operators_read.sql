-- Operators who sign in through Supabase read through the data API, by the role in their app_metadata; nobody writes
-- there: every change goes through the product, which checks gates and says who. `anon` gets nothing.

-- Plain Postgres has no auth.jwt(); PostgREST leaves the verified claims in this setting either way.
create function sluice.jwt_role() returns text language sql stable set search_path = '' as $$
  select nullif(current_setting('request.jwt.claims', true), '')::jsonb -> 'app_metadata' ->> 'sluice_role'
$$;

create function sluice.may_read() returns boolean language sql stable set search_path = '' as $$
  select coalesce(sluice.jwt_role() in ('viewer', 'operator', 'admin'), false)
$$;

-- Functions are everybody's by default, and some of these act as their owner.
revoke all on all functions in schema sluice from public;
-- Whoever inserts an event evaluates the guard's condition; it reads nothing but the names of the providers.
grant execute on function sluice.provider_names(), sluice.in_range(jsonb, numeric, numeric),
  sluice.is_known(text, text[]), sluice.is_clean(jsonb, text[]) to public;

do $$
declare
  grantee text;
  relation text;
  readable text[] := '{sluice.instances,sluice.ticks,sluice.alerts,sluice.journal,sluice.providers,sluice.buckets,sluice.minutes}';
begin
  -- The tables of the plan only where we made them: an adopted table keeps its grants and its policies.
  if obj_description('public.feature_flags'::regclass, 'pg_class') like 'One row per flag.%' then
    readable := readable || 'public.feature_flags'::text;
  end if;
  if sluice.owns_partitions() then
    readable := readable || 'public.analytics_logs'::text;
  end if;

  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on all tables in schema sluice from %I', grantee);
    execute format('revoke all on all sequences in schema sluice from %I', grantee);
    execute format('revoke all on all functions in schema sluice from %I', grantee);
    execute format('revoke all on schema sluice from %I', grantee);
    foreach relation in array readable loop
      execute format('revoke all on %s from %I', relation, grantee);
    end loop;
  end loop;

  if not exists (select from pg_catalog.pg_roles r where r.rolname = 'authenticated') then
    return;
  end if;
  grant usage on schema sluice to authenticated;
  grant execute on function sluice.jwt_role(), sluice.may_read() to authenticated;
  foreach relation in array readable loop
    execute format('grant select on %s to authenticated', relation);
    execute format('create policy operators_read on %s for select to authenticated using ((select sluice.may_read()))', relation);
  end loop;
end $$;
