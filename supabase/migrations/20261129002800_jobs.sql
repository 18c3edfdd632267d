-- A request whose result comes later. Its row is written before the provider is called, and is the only truth about where
-- the job lives: it is asked for, cancelled and read there, whatever became of the weights since.
create table sluice.jobs (
  -- Ours, opaque; also what the vendor is told where it lets us name the job.
  id uuid primary key default gen_random_uuid(),
  -- '' where no split decided.
  split text not null,
  door text not null check (door ~ '^[a-z]{1,16}$'),
  caller text not null,
  user_hash text,
  request_id text not null,
  state text not null default 'attempting',
  arm text not null,
  assigned text not null,
  pinned boolean not null default false,
  stage text,
  weights_version bigint,
  provider text not null,
  adapter text not null,
  -- 0: the environment's.
  key_version integer not null,
  base_url text not null,
  -- As it was asked for, and as the provider calls it.
  model text not null,
  provider_model text not null,
  -- The provider's own id, and whatever else it takes to ask for it.
  upstream_id text check (char_length(upstream_id) <= 512),
  upstream jsonb not null default '{}',
  -- What the doors say of it again: prompt, seconds, size; never the bytes of an input.
  request jsonb not null default '{}',
  attempts jsonb not null default '[]',
  progress real check (progress between 0 and 1),
  queue_position integer check (queue_position >= 0),
  logs jsonb not null default '[]',
  -- [{url, kind, content_type, width, height, seconds, bytes, thumbnail_url}], and the vendor's own answer where it is small.
  outputs jsonb not null default '[]',
  payload jsonb,
  error_kind text,
  error text,
  http_status integer,
  cost_usd numeric check (cost_usd >= 0 and cost_usd < 100000),
  cost_basis text,
  units numeric check (units >= 0 and units < 10000000),
  charged text not null default 'unknown' check (charged in ('yes', 'no', 'unknown')),
  remix_of uuid,
  webhook_url text,
  created_at timestamptz not null default now(),
  accepted_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  -- When the vendor's link dies.
  expires_at timestamptz,
  -- When it is looked at next; null once it has ended.
  due_at timestamptz default now() + interval '2 minutes',
  leased_until timestamptz,
  leased_by text,
  polls integer not null default 0,
  -- Looks in a row that taught nothing.
  misses integer not null default 0,
  -- Why it cannot be looked at: a key that is gone, a provider that is off. It waits, and is never failed for it.
  blocked text,
  cancel_asked_at timestamptz,
  deleted_at timestamptz,
  constraint jobs_state check (state in ('attempting', 'accepted', 'running', 'unknown', 'completed', 'failed',
    'cancelled', 'expired', 'refused', 'unknown_final')),
  constraint jobs_bound check (state not in ('accepted', 'running', 'completed') or upstream_id is not null),
  constraint jobs_due check ((due_at is null) = (ended_at is not null)),
  constraint jobs_ended check ((ended_at is null) = (state in ('attempting', 'accepted', 'running', 'unknown')))
) with (fillfactor = 80);
create index jobs_due on sluice.jobs (due_at) where due_at is not null;
create index jobs_of_caller on sluice.jobs (caller, created_at desc, id desc) where deleted_at is null;
create index jobs_created on sluice.jobs (created_at desc, id desc);
create index jobs_upstream on sluice.jobs (provider, upstream_id) where upstream_id is not null;
create index jobs_open on sluice.jobs (split, arm) where ended_at is null;
alter table sluice.jobs enable row level security;
insert into sluice.role_grants (relation, web, watchdog, cli) values
  ('sluice.jobs', 'select, insert, update', 'select, insert, update', 'select, update');

-- The same steps as lib/jobs/job-state.ts; a test holds the two together.
create function sluice.job_may_step(old_state text, new_state text) returns boolean immutable language sql
return case old_state
  when 'attempting' then new_state in ('accepted', 'refused', 'unknown')
  when 'accepted' then new_state in ('running', 'completed', 'failed', 'cancelled', 'expired')
  when 'running' then new_state in ('completed', 'failed', 'cancelled', 'expired')
  when 'unknown' then new_state in ('accepted', 'unknown_final')
  else false end;

create function sluice.guard_job() returns trigger language plpgsql set search_path = '' as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'attempting' then
      raise exception 'The job was not written: its state is "%", and a job begins as "attempting".', new.state
        using errcode = 'check_violation';
    end if;
  elsif new.state <> old.state and not sluice.job_may_step(old.state, new.state) then
    raise exception 'The job % was not changed: it is "%", and from there no job becomes "%".', old.id, old.state, new.state
      using errcode = 'check_violation', hint = 'Read the row again: somebody else has moved it.';
  elsif new.id <> old.id or new.caller <> old.caller or new.created_at <> old.created_at then
    raise exception 'The job % was not changed: its id, caller and time of creation stay what they are.', old.id
      using errcode = 'check_violation';
  elsif old.upstream_id is not null and
    (new.upstream_id, new.provider, new.base_url, new.key_version) is distinct from
    (old.upstream_id, old.provider, old.base_url, old.key_version) then
    raise exception 'The job % was not changed: it lives at %, and is found nowhere else.', old.id, old.provider
      using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger guard_job before insert or update on sluice.jobs for each row execute function sluice.guard_job();
alter table sluice.jobs enable always trigger guard_job;
insert into sluice.role_calls (name, web, watchdog) values ('job_may_step', true, true);

create or replace function sluice.guards() returns table (relation text, guard text, is_always boolean, calls text)
language sql immutable set search_path = '' as $$
  select * from sluice.guards_before_models()
  union all values ('sluice.models', 'a_own_model', true, 'sluice.own_model'),
    ('sluice.jobs', 'guard_job', true, 'sluice.guard_job') $$;

do $$
declare
  grantee text;
begin
  revoke all on function sluice.job_may_step(text, text), sluice.guard_job() from public;
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on function sluice.job_may_step(text, text), sluice.guard_job() from %I', grantee);
    execute format('revoke all on sluice.jobs from %I', grantee);
  end loop;
end $$;

select sluice.grant_roles(on_adopted => false);
