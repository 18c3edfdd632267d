-- Who may do what in the database. This is the last file of the first set, so that it covers all that the others made. A
-- later file that adds a function revokes it from `public` itself, names in role_tables and role_functions what our roles
-- need of it, and calls grant_roles(on_adopted => false) again.

-- Operators who sign in through Supabase read through the data API, by the role in their app_metadata. They do not write
-- there: every change goes through the product, which checks gates and records who made it. `anon` gets nothing.

-- Plain Postgres has no auth.jwt(); PostgREST leaves the verified claims in this setting either way.
create function sluice.jwt_role() returns text language sql stable set search_path = '' as $$
  select nullif(current_setting('request.jwt.claims', true), '')::jsonb -> 'app_metadata' ->> 'sluice_role'
$$;

create function sluice.may_read() returns boolean language sql stable set search_path = '' as $$
  select coalesce(sluice.jwt_role() in ('viewer', 'operator', 'admin'), false)
$$;

-- What each role of ours may do with each table; null where it may do nothing.
create function sluice.role_tables() returns table (relation text, web text, watchdog text, cli text)
language plpgsql immutable set search_path = '' as $$
declare
  flags constant text := 'select, insert (flag_key, flag_value, flag_value_text, description, created_at, updated_at),
    update (flag_value_text, description, updated_at)';
  operators constant text := 'select, insert (name, role, token_hash, expires_at, created_by),
    update (role, token_hash, expires_at, created_by, created_at, last_used_at, revoked_at)';
begin
  return query values
    ('public.feature_flags', flags, flags, flags),
    ('public.analytics_logs', 'select', 'select', 'select'),
    ('sluice.providers', 'select', 'select', 'select'),
    ('sluice.journal', 'select', 'select', 'select'),
    ('sluice.last_good', 'select', 'select', 'select'),
    ('sluice.believed_roles', 'select', 'select', 'select'),
    ('sluice.buckets', 'select', 'select', 'select'),
    ('sluice.bucket_deltas', 'select', 'select', 'select'),
    ('sluice.minutes', 'select', 'select', 'select'),
    ('sluice.quarters', 'select', 'select', 'select'),
    ('sluice.event_indexes', 'select', 'select', null),
    ('sluice.batches', 'select, delete', 'select, delete', null),
    ('sluice.instances', 'select, insert, update, delete', 'select, insert, update, delete', 'select'),
    ('sluice.ticks', 'select, insert, update', 'select, insert, update', 'select'),
    ('sluice.alerts', 'select, update (resolved_at, acknowledged_at, acknowledged_by, acknowledge_reason)',
      'select, update (resolved_at)', 'select, update (acknowledged_at, acknowledged_by, acknowledge_reason)'),
    ('sluice.alert_channels', 'select, insert (kind, url, secret, created_by), delete', 'select',
      'select, insert (kind, url, secret, created_by), delete'),
    ('sluice.outbox', 'select, update (attempts, next_attempt_at, delivered_at, last_error, dead_at), delete',
      'select, update (attempts, next_attempt_at, delivered_at, last_error, dead_at)', 'select, delete'),
    ('sluice.idempotency', 'select, insert, update, delete', null, null),
    ('sluice.operators', operators, null, operators),
    ('sluice.sessions',
      'select, insert (id_hash, operator, role, expires_at, way, credential), update (last_seen_at, revoked_at)', null,
      -- Not id_hash: what a browser's cookie is compared with.
      'select (id, operator, role, way, credential, created_at, last_seen_at, expires_at, revoked_at), update (revoked_at)'),
    ('sluice.sign_in_links', 'select, update (used_at)', null, 'insert (hash, operator, role, expires_at)');
end $$;

-- What each of them may call; what is not named here is the owner's.
create function sluice.role_functions() returns table (name text, web boolean, watchdog boolean, cli boolean)
language sql immutable set search_path = '' as $$
  select f, true, true, true from unnest('{policy,policy_fault,weights_fault,stage_of,at_rest,same_weights,share_of,
    number_of,last_good_row,applied_migrations,guard_faults,live_faults,journal_faults,journal_heads,anchor_faults,
    raise_alert,free_flag,owns_partitions,span_end,table_of_width,whole_quarters,bins_text,changed_buckets,chart_spans,
    sums,mean_cost,neighbours,top_errors,failure_kinds,failure_examples,cost_bases,observed_split,
    add_counts,merge_counts,doubt_of}'::text[]) f
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
create function sluice.role_policies() returns table (relation text, grantee text, name text, command text, rows text)
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
create function sluice.grant_roles(on_adopted boolean default true) returns void
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

-- Postgres lets everybody execute a new function, and some of these act as their owner.
revoke all on all functions in schema sluice from public;
-- The triggers of analytics_logs call these as the role that inserts. They reveal nothing but the names of the providers.
grant execute on function sluice.provider_names(), sluice.in_range(jsonb, numeric, numeric),
  sluice.is_known(text, text[]), sluice.is_clean(jsonb, text[]), sluice.is_believed(name), sluice.mark_inserted_as(),
  sluice.doubt_of(jsonb) to public;

-- The default privileges of a Supabase project hand out what is made. An adopted table keeps its grants and policies.
do $$
declare
  grantee text;
  relation text;
  ours text[] := '{}';
  readable text[] := '{sluice.instances,sluice.ticks,sluice.alerts,sluice.journal,sluice.providers,sluice.buckets,sluice.minutes}';
begin
  if obj_description('public.feature_flags'::regclass, 'pg_class') like 'One row per flag.%' then
    ours := ours || 'public.feature_flags'::text;
  end if;
  if sluice.owns_partitions() then
    ours := ours || 'public.analytics_logs'::text;
  end if;

  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on all tables in schema sluice from %I', grantee);
    execute format('revoke all on all sequences in schema sluice from %I', grantee);
    execute format('revoke all on all functions in schema sluice from %I', grantee);
    execute format('revoke all on schema sluice from %I', grantee);
    foreach relation in array ours loop
      execute format('revoke all on %s from %I', relation, grantee);
    end loop;
    if sluice.owns_partitions() then
      execute format('revoke all on sequence public.analytics_logs_id_seq from %I', grantee);
    end if;
  end loop;

  if not exists (select from pg_catalog.pg_roles r where r.rolname = 'authenticated') then
    return;
  end if;
  grant usage on schema sluice to authenticated;
  grant execute on function sluice.jwt_role(), sluice.may_read() to authenticated;
  foreach relation in array readable || ours loop
    execute format('grant select on %s to authenticated', relation);
    execute format('create policy operators_read on %s for select to authenticated using ((select sluice.may_read()))', relation);
  end loop;
end $$;

select sluice.grant_roles(on_adopted => false);
