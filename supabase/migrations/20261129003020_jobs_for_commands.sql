-- Commands read of a job what they show: not what its caller wrote, not the links to its files, nor where it is told. They
-- change when it is looked at, and ask for its cancellation.
update sluice.role_grants set cli = 'select (id, split, door, caller, request_id, state, arm, assigned, pinned, stage,
  weights_version, provider, adapter, key_version, base_url, model, provider_model, upstream_id, attempts, progress,
  queue_position, error_kind, error, http_status, cost_usd, cost_basis, units, charged, created_at, accepted_at, started_at,
  ended_at, expires_at, due_at, leased_until, leased_by, polls, misses, blocked, cancel_asked_at, cancel_said, deleted_at,
  hold_usd), update (due_at, blocked, cancel_asked_at)'
where relation = 'sluice.jobs';

-- The host of an address, and nothing of it that may be secret.
create function sluice.host_of(address text) returns text immutable language sql set search_path = ''
return substring(address from '^[A-Za-z]+://(?:[^/?#]*@)?([^/?#@]+)');

create function sluice.told_of_job(of_job uuid) returns table (outputs jsonb, webhook_host text)
language sql stable security definer set search_path = '' as $$
  select coalesce((select jsonb_agg(jsonb_build_object('kind', o.value -> 'kind', 'content_type', o.value -> 'content_type',
      'host', sluice.host_of(o.value ->> 'url'), 'width', o.value -> 'width', 'height', o.value -> 'height',
      'seconds', o.value -> 'seconds', 'bytes', o.value -> 'bytes') order by o.ordinality)
    from jsonb_array_elements(j.outputs) with ordinality o), '[]'), sluice.host_of(j.webhook_url)
  from sluice.jobs j where j.id = of_job $$;

-- Of each arm, how many jobs nobody can follow.
create function sluice.untracked_since(since timestamptz) returns table (split text, arm text, jobs bigint)
language sql stable security definer set search_path = '' as $$
  select j.split, j.arm, count(*) from sluice.jobs j where j.upstream ? 'untracked' and j.created_at > since group by 1, 2 $$;
insert into sluice.role_calls (name, web, watchdog, cli) values
  ('told_of_job', false, false, true), ('untracked_since', false, false, true);

do $$
declare
  grantee text;
begin
  revoke all on function sluice.host_of(text), sluice.told_of_job(uuid), sluice.untracked_since(timestamptz) from public;
  -- The default privileges of a Supabase project hand out what is made.
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on function sluice.host_of(text), sluice.told_of_job(uuid), sluice.untracked_since(timestamptz)
      from %I', grantee);
  end loop;
end $$;
select sluice.grant_roles(on_adopted => false);
