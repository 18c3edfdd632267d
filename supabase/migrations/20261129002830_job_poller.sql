-- What the poller of jobs writes: what a round of looks taught, in one statement, with the ends' events in the same
-- transaction; and the secret of the addresses that vendors send their news to.

-- What the vendor said when it was asked to cancel; null: it was not asked yet, or did not answer.
alter table sluice.jobs add column cancel_said text check (cancel_said in ('asked', 'late', 'absent', 'impossible'));
create index jobs_blocked on sluice.jobs (provider) where blocked is not null;

-- One row of sluice.jobs as it ended, as the log has it. A caller's cancellation, a prompt that was refused, and a create
-- that nobody answered (which was counted when it was made) are no failures of the arm: they carry no `error`.
create function sluice.job_end_event(j sluice.jobs) returns jsonb stable language sql set search_path = '' as $$
select jsonb_strip_nulls(jsonb_build_object(
  'request_id', j.request_id, 'job_id', j.id, 'phase', 'end', 'split', j.split, 'arm', j.arm, 'assigned', j.assigned,
  'provider', j.provider, 'model', j.model, 'stage', j.stage, 'weights_version', j.weights_version,
  'pinned', case when j.pinned then true end,
  'created_at', to_char(j.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'duration_ms', round(extract(epoch from j.ended_at - j.created_at) * 1000),
  'cost_usd', j.cost_usd, 'cost_basis', j.cost_basis, 'units', j.units,
  'cost_per_unit', case when j.units > 0 then round(j.cost_usd / j.units, 9) end,
  'price_key', j.request ->> 'price_key', 'caller', j.caller, 'user_hash', j.user_hash,
  'error_kind', j.error_kind, 'http_status', j.http_status,
  'refused', case when j.error_kind = 'content_policy' then true end,
  'outcome', case when j.state = 'cancelled' then 'cancelled' when j.state = 'unknown_final' then 'unknown'
    when j.error_kind = 'content_policy' then 'refused' when j.state <> 'completed' then 'failed' end,
  'error', case when j.state in ('failed', 'expired') and j.error_kind is distinct from 'content_policy'
    then coalesce(j.error, 'it failed') end)) $$;

-- What was seen of jobs that the caller holds by a lease. A row that has moved on, or that another lease holds, stays as it
-- is; so each job ends once and is logged once, in one transaction. `due_ms` from now, null: it has ended. Where `due_at`
-- was moved meanwhile (by a cancellation, by a vendor's news) the earlier of both stands.
--
-- SECURITY DEFINER: no role of ours may write the log itself.
create function sluice.settle_jobs(seen jsonb) returns table (id uuid, state text)
language sql security definer set search_path = '' as $$
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
  where j.id = s.id and j.state = s.was and j.leased_by = s.lease
  returning j as job
),
logged as (
  insert into public.analytics_logs (event_type, event_data, created_at)
  select case (e.job).state when 'completed' then 'split_ok' else 'split_failed' end, sluice.job_end_event(e.job),
    (e.job).ended_at
  from settled e
  -- A create that nobody answered and that is not found was counted when it was made: it never began, and has no end.
  where (e.job).ended_at is not null and (e.job).state <> 'unknown_final' and (e.job).split <> ''
)
select (e.job).id, (e.job).state from settled e $$;

insert into sluice.role_calls (name, web, watchdog) values ('settle_jobs', true, true);

-- What the address carries that a vendor sends its news of a job to: whoever does not know the secret cannot make one up.
create table sluice.webhook_secret (
  one boolean primary key default true check (one),
  secret bytea not null check (octet_length(secret) = 32)
);
alter table sluice.webhook_secret enable row level security;
insert into sluice.webhook_secret (secret)
values (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));
insert into sluice.role_grants (relation, web) values ('sluice.webhook_secret', 'select');

do $$
declare
  grantee text;
begin
  revoke all on function sluice.settle_jobs(jsonb), sluice.job_end_event(sluice.jobs) from public;
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on function sluice.settle_jobs(jsonb), sluice.job_end_event(sluice.jobs) from %I', grantee);
    execute format('revoke all on sluice.webhook_secret from %I', grantee);
  end loop;
end $$;

select sluice.grant_roles(on_adopted => false);
