-- The salt of `user_hash`: events say which requests are of one user, and never which user that is. It is made here, once,
-- and is the same for every process; only a process that serves requests may read it. Who deletes the row gets no hashes
-- until another is inserted, and the users of before are strangers to those after.
create table sluice.user_salt (
  one boolean primary key default true check (one),
  salt bytea not null check (octet_length(salt) = 32)
);
alter table sluice.user_salt enable row level security;
-- Each of the two has 122 bits of the server's strong randomness; no extension is needed.
insert into sluice.user_salt (salt)
values (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));

do $$
declare grantee text;
begin
  -- The default privileges of a Supabase project hand out what is made.
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on sluice.user_salt from %I', grantee);
  end loop;
end $$;

create or replace function sluice.role_tables() returns table (relation text, web text, watchdog text, cli text)
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
    ('sluice.user_salt', 'select', null, null),
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

select sluice.grant_roles(on_adopted => false);
