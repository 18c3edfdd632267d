-- What is asked of a few jobs is found by the index, however many there are: a plan that was made while the table was
-- small, or by what was known of it then, would read all of it from then on.

-- What came of calling providers, for orders that nobody has ended meanwhile. A relay's caller that has a job of this id
-- already, at another provider, has a twin: asking by that id means the first one. A job that another session holds is not
-- waited for: orders of other callers stand in the same commit.
create function sluice.bind_jobs(ends jsonb) returns table (id uuid, is_twin boolean)
language plpgsql set search_path = '' set lock_timeout = '200ms' set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
begin
  return query
  update sluice.jobs j set state = e.state, upstream_id = e.upstream_id, attempts = e.attempts,
    upstream = case when e.state = 'accepted' and j.door = 'relay' and exists (
        select 1 from sluice.jobs o
        where o.door = 'relay' and o.caller = j.caller and o.upstream_id = e.upstream_id and o.id <> j.id
          and o.deleted_at is null and o.upstream ->> 'prefix' = e.upstream ->> 'prefix'
          and (o.provider, o.base_url) <> (j.provider, j.base_url))
      then e.upstream || '{"untracked": "twin"}' else e.upstream end,
    error_kind = e.error_kind, error = e.error, charged = e.charged,
    accepted_at = case e.state when 'accepted' then now() - e.ago_ms * interval '1 millisecond' end,
    ended_at = case e.state when 'refused' then now() end,
    due_at = case when e.state = 'refused' then null when j.cancel_asked_at is not null then now()
      else now() + greatest(0, e.first_ms - e.ago_ms) * interval '1 millisecond' end
  from jsonb_to_recordset(ends) e (id uuid, state text, upstream_id text, upstream jsonb, attempts jsonb,
    error_kind text, error text, charged text, first_ms float8, ago_ms float8)
  where j.id = e.id and j.id = any (array(select (v.value ->> 'id')::uuid from jsonb_array_elements(ends) v))
    and sluice.job_may_step(j.state, e.state)
  returning j.id, j.upstream ->> 'untracked' is not distinct from 'twin';
end $$;

-- The two writes that orders wait for, of many orders in one commit: their rows, as sluice.begin_jobs, and what came of them.
-- All of it is done before the first line is answered.
create function sluice.write_orders(rows jsonb, ends jsonb, waits boolean)
returns table (id uuid, created_at timestamptz, over jsonb, is_twin boolean)
language plpgsql set search_path = '' as $$
begin
  if rows <> '[]' then
    return query select b.id, b.created_at, b.over, false from sluice.begin_jobs(rows, waits) b;
  end if;
  if ends <> '[]' then
    return query select b.id, null::timestamptz, null::jsonb, b.is_twin from sluice.bind_jobs(ends) b;
  end if;
end $$;

-- Those that are due and not leased, the oldest first. Rows that another process is just leasing are passed over.
create function sluice.lease_jobs(lease text, most bigint, for_ms float8, not_at text[])
returns table (job sluice.jobs, was_held boolean)
language plpgsql set search_path = '' set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  due uuid[];
  held uuid[];
begin
  select array_agg(d.id), array_agg(d.id) filter (where d.is_held) into due, held
  from (
    select j.id, j.leased_by is not null as is_held from sluice.jobs j
    where j.due_at <= now() and (j.leased_until is null or j.leased_until <= now())
      and not (j.provider || ' ' || j.key_version = any (not_at))
    order by j.due_at limit most for update skip locked
  ) d;
  if due is null then return; end if;
  return query
  update sluice.jobs j set leased_until = now() + for_ms * interval '1 millisecond', leased_by = lease
  where j.id = any (due) returning j, coalesce(j.id = any (held), false);
end $$;

-- As before.
create or replace function sluice.settle_jobs(seen jsonb) returns table (id uuid, state text)
language plpgsql security definer
set search_path = '' set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  ids uuid[];
  states text[];
  ended uuid[];
begin
  with looks as materialized (
    select s.* from jsonb_to_recordset(seen) s (id uuid, lease text, was text, due_was bigint, state text,
      due_ms double precision, looked boolean, misses integer, blocked text, upstream_id text, upstream jsonb, progress real,
      queue_position integer, logs jsonb, outputs jsonb, payload jsonb, error_kind text, error text, http_status integer,
      cost_usd numeric, cost_basis text, units numeric, charged text, links_for_ms double precision, cancel_said text,
      knew_cancel boolean)
  ),
  settled as (
    update sluice.jobs j set
      state = s.state,
      upstream_id = coalesce(j.upstream_id, s.upstream_id),
      upstream = case when j.upstream_id is null and s.upstream_id is not null then coalesce(s.upstream, '{}')
        else j.upstream end,
      progress = case when s.state = 'completed' then 1 else greatest(j.progress, s.progress) end,
      queue_position = case when s.looked then s.queue_position else j.queue_position end,
      logs = coalesce(s.logs, j.logs),
      outputs = coalesce(s.outputs, j.outputs),
      payload = coalesce(s.payload, j.payload),
      error_kind = coalesce(s.error_kind, j.error_kind),
      error = coalesce(s.error, j.error),
      http_status = coalesce(s.http_status, j.http_status),
      cost_usd = coalesce(s.cost_usd, j.cost_usd),
      cost_basis = coalesce(s.cost_basis, j.cost_basis),
      units = coalesce(s.units, j.units),
      charged = coalesce(s.charged, j.charged),
      cancel_said = coalesce(s.cancel_said, j.cancel_said),
      accepted_at = coalesce(j.accepted_at, case when s.state = 'accepted' then now() end),
      started_at = coalesce(j.started_at, case when s.state = 'running' then now() end),
      ended_at = case when s.due_ms is null then now() end,
      expires_at = coalesce(now() + s.links_for_ms * interval '1 millisecond', j.expires_at),
      -- A cancellation that came during a look is the next thing to do, also where the job was due already when it came.
      due_at = case when s.due_ms is null then null
        when (extract(epoch from j.due_at) * 1000000)::bigint = s.due_was and (j.cancel_asked_at is null or s.knew_cancel)
          then now() + s.due_ms * interval '1 millisecond'
        else least(j.due_at, now() + s.due_ms * interval '1 millisecond') end,
      leased_until = null,
      leased_by = null,
      polls = j.polls + s.looked::integer,
      misses = s.misses,
      blocked = s.blocked
    from looks s
    where j.id = s.id and j.id = any (array(select l.id from looks l)) and j.state = s.was and j.leased_by = s.lease
    returning j.id, j.state, j.split, j.ended_at
  )
  select array_agg(t.id), array_agg(t.state),
    -- A create that nobody answered and that is not found was counted when it was made: it never began, and has no end.
    array_agg(t.id) filter (where t.ended_at is not null and t.state <> 'unknown_final' and t.split <> '')
  into ids, states, ended from settled t;
  -- The log counts what comes to it also where nothing does.
  if ended is not null then
    insert into public.analytics_logs (event_type, event_data, created_at)
    select case j.state when 'completed' then 'split_ok' else 'split_failed' end, sluice.job_end_event(j), j.ended_at
    from sluice.jobs j where j.id = any (ended);
  end if;
  return query select * from unnest(ids, states);
end $$;

insert into sluice.role_calls (name, web, watchdog) values
  ('bind_jobs', true, false), ('write_orders', true, false), ('lease_jobs', true, true);

do $$
declare
  made regprocedure;
  grantee text;
begin
  foreach made in array '{sluice.bind_jobs(jsonb),"sluice.write_orders(jsonb,jsonb,boolean)",
    "sluice.lease_jobs(text,bigint,float8,text[])"}'::regprocedure[] loop
    execute format('revoke all on function %s from public', made);
    -- The default privileges of a Supabase project hand out what is made.
    for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
      execute format('revoke all on function %s from %I', made, grantee);
    end loop;
  end loop;
end $$;

select sluice.grant_roles(on_adopted => false);
