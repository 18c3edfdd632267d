-- A login for each process that may do what that process does, and nothing else:
--   create role web_app login password '…' in role sluice_web;
-- Roles are the whole cluster's: several databases may be migrating at once, and who migrates may not make any.
do $$
declare
  wanted text;
  missing text[] := '{}';
begin
  foreach wanted in array '{sluice_web,sluice_watchdog,sluice_cli}'::text[] loop
    continue when exists (select from pg_catalog.pg_roles r where r.rolname = wanted);
    begin
      execute format('create role %I nologin', wanted);
    exception
      -- Another database's migration was faster.
      when duplicate_object or unique_violation then null;
      when insufficient_privilege then missing := missing || wanted;
    end;
  end loop;
  if missing <> '{}' then
    raise notice '% may not make roles, so one login serves every process. To give each its own, an administrator runs: %; then the owner of the tables: select sluice.grant_roles();',
      current_user, (select string_agg(format('create role %I nologin', m), '; ') from unnest(missing) m);
  end if;
end $$;

-- Upkeep and the writing of events run as the owner, whoever asks: no role of ours owns, drops or truncates anything, or
-- writes a bucket, and what others have hung on an adopted log goes on as before.
alter function sluice.compact(integer) security definer;
alter function sluice.make_partitions(integer) security definer;
alter function sluice.drop_partitions(interval) security definer;
alter function sluice.delete_old_events(interval, integer) security definer;
alter function sluice.backfill_step(interval) security definer;
alter function sluice.tell_doubted_events() security definer;
alter function sluice.write_batch(uuid, jsonb) security definer;
alter function sluice.write_plain_batch(uuid, jsonb) security definer;
alter function sluice.write_batch_one_by_one(uuid, text[]) security definer;
alter function sluice.issue_voucher(text, jsonb) security definer;
alter function sluice.policy_fault(text) security definer;

-- Runs as the owner for whoever may ask for it, so it keeps a day too: nobody can take the evidence of this hour away.
create or replace function sluice.prune(keep_buckets interval default '60 days', keep_spans interval default '400 days')
returns integer language plpgsql security definer set search_path = '' as $$
declare
  pruned integer := 0;
  n integer;
begin
  if least(keep_buckets, keep_spans) < interval '1 day' then
    raise exception using errcode = '22023',
      message = format('keep is %s; at least one day of buckets is kept', least(keep_buckets, keep_spans));
  end if;
  delete from sluice.buckets b where b.at < now() - keep_buckets;
  get diagnostics n = row_count; pruned := pruned + n;
  delete from sluice.minutes m where m.at < now() - keep_spans;
  get diagnostics n = row_count; pruned := pruned + n;
  delete from sluice.quarters q where q.at < now() - keep_spans;
  get diagnostics n = row_count; pruned := pruned + n;
  delete from sluice.batches b where b.at < now() - interval '7 days';
  get diagnostics n = row_count; pruned := pruned + n;
  -- A request older than its events is not known any more, and gets no voucher.
  delete from sluice.vouchers v where v.at < now() - keep_spans;
  get diagnostics n = row_count; pruned := pruned + n;
  delete from sluice.rejected_events r where r.at < now() - interval '90 days';
  get diagnostics n = row_count;
  return pruned + n;
end $$;

-- What each role may do with each table. A column is null where a role has no business there.
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

-- What each role may call; what is not named here is the owner's.
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

-- Which rows: of the flags only ours, and the watchdog writes no policy. The journal tells it of the weights, not of who
-- comes in. Row security of an adopted table stays as it is: where it is off, these policies wait.
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

-- Gives those of the three roles that are there what they need, and takes what else they have of ours. By the owner, and
-- again after a role was made later. A table that was adopted keeps its grants and its policies until its owner asks.
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

do $$
declare grantee text;
begin
  for grantee in
    select 'public' union all
    select quote_ident(r.rolname) from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated')
  loop
    execute format('revoke all on function sluice.role_tables(), sluice.role_functions(), sluice.role_policies(),
      sluice.grant_roles(boolean) from %s', grantee);
  end loop;
end $$;

select sluice.grant_roles(on_adopted => false);
