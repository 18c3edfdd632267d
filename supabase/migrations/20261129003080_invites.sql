-- Operators who let themselves in: an admin says who and as what, and a link that works once lets that person choose a
-- password. Of link and password only what cannot be turned back is kept.

create table sluice.invites (
  id bigint primary key generated always as identity,
  -- sha256 of the link's key.
  hash text not null unique,
  name text not null,
  role text not null check (role in ('viewer', 'operator', 'admin')),
  created_at timestamptz not null default now(),
  created_by text not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz
);
create index invites_open on sluice.invites (expires_at) where used_at is null and revoked_at is null;
alter table sluice.invites enable row level security;

-- scrypt, with its salt and cost; null: this operator has a token.
alter table sluice.operators add column password_hash text check (password_hash like 'scrypt$%');

alter table sluice.sessions drop constraint sessions_way_check;
alter table sluice.sessions
  add constraint sessions_way_check check (way in ('token', 'admin', 'link', 'directory', 'password'));

create function sluice.note_invite() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  words text := format('an invite for %s, %s', new.name, new.role);
begin
  if tg_op = 'INSERT' then
    perform sluice.note_access('invite_create', null, words);
  elsif old.used_at is null and new.used_at is not null then
    perform sluice.note_access('invite_accept', words, null);
  elsif old.revoked_at is null and new.revoked_at is not null then
    perform sluice.note_access('invite_revoke', words, null);
  end if;
  return null;
end $$;
create trigger note_invite after insert or update on sluice.invites for each row execute function sluice.note_invite();
alter table sluice.invites enable always trigger note_invite;

alter function sluice.guards() rename to guards_before_invites;
create function sluice.guards() returns table (relation text, guard text, is_always boolean, calls text)
language sql immutable set search_path = '' as $$
  select * from sluice.guards_before_invites()
  union all values ('sluice.invites', 'note_invite', true, 'sluice.note_invite') $$;

insert into sluice.role_grants (relation, web, watchdog, cli) values
  ('sluice.invites', 'select, insert (hash, name, role, expires_at, created_by), update (used_at, revoked_at)', null,
    'select (id, name, role, created_at, created_by, expires_at, used_at, revoked_at),
      insert (hash, name, role, expires_at, created_by), update (revoked_at)'),
  ('sluice.operators', 'select, insert (name, role, token_hash, password_hash, expires_at, created_by),
      update (role, token_hash, password_hash, expires_at, created_by, created_at, last_used_at, revoked_at)', null,
    'select (id, name, role, token_hash, expires_at, created_at, created_by, last_used_at, revoked_at),
      insert (name, role, token_hash, password_hash, expires_at, created_by),
      update (role, token_hash, password_hash, expires_at, created_by, created_at, last_used_at, revoked_at)');

do $$
declare
  made record;
  grantee text;
begin
  for made in
    select p.oid::regprocedure as function from pg_catalog.pg_proc p
    where p.pronamespace = 'sluice'::regnamespace and p.proname = any ('{note_invite,guards}'::text[])
  loop
    execute format('revoke all on function %s from public', made.function);
    -- The default privileges of a Supabase project hand out what is made.
    for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
      execute format('revoke all on function %s from %I', made.function, grantee);
    end loop;
  end loop;
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on sluice.invites from %I', grantee);
  end loop;
end $$;
select sluice.grant_roles(on_adopted => false);
