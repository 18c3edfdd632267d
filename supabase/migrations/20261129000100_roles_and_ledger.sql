-- Everything of Sluice lives in the schema `sluice`; `public` holds feature_flags and analytics_logs only.
create schema if not exists sluice;

-- Which of these files are applied. The ledger is our own, so that the `supabase db push` of another project finds no
-- version in its ledger that it has no file for. `npm run migrate` makes this table before it reads it.
create table if not exists sluice.migrations (
  version text primary key,
  name text not null,
  applied_at timestamptz not null default now(),
  applied_by text not null
);
alter table sluice.migrations enable row level security;

-- Where the Supabase CLI applies these files it keeps the ledger, and this very file stands in it.
create function sluice.applied_migrations() returns setof text
language plpgsql stable security definer set search_path = '' as $$
begin
  return query select m.version from sluice.migrations m;
  if to_regclass('supabase_migrations.schema_migrations') is not null then
    return query execute 'select m.version from supabase_migrations.schema_migrations m
      where exists (select from supabase_migrations.schema_migrations l
        where l.version = ''20261129000100'' and l.name = ''roles_and_ledger'')
      and not exists (select from sluice.migrations o where o.version = m.version)';
  end if;
end $$;

-- The roles that Supabase brings. Elsewhere they are made if we may make roles; nothing depends on them.
do $$
declare
  wanted record;
begin
  if not (select r.rolsuper or r.rolcreaterole from pg_catalog.pg_roles r where r.rolname = current_user) then
    return;
  end if;
  for wanted in
    select * from (values ('anon', 'nologin noinherit'), ('authenticated', 'nologin noinherit'),
      ('service_role', 'nologin noinherit bypassrls'), ('authenticator', 'login noinherit')) w (name, options)
  loop
    if exists (select from pg_catalog.pg_roles r where r.rolname = wanted.name) then
      continue;
    end if;
    begin
      execute format('create role %I %s', wanted.name, wanted.options);
      if wanted.name = 'authenticator' then
        grant anon, authenticated, service_role to authenticator;
      end if;
    exception when insufficient_privilege or duplicate_object or unique_violation or undefined_object then
      -- Roles are the whole cluster's: another database's migration may be making them right now.
      raise notice 'role % was not made here: %', wanted.name, sqlerrm;
    end;
  end loop;
end $$;

-- The roles of the product's own processes, each with the rights that the last file of this set gives it:
--   create role web_app login password '…' in role sluice_web;
-- Roles belong to the whole cluster: several databases may be migrating at once, and the migrating role may not be allowed
-- to make any.
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

-- For triggers on rows that are history.
create function sluice.refuse() returns trigger language plpgsql set search_path = '' as $$
begin
  raise exception using errcode = '42501',
    message = format('%I.%I is append-only: %s is refused', tg_table_schema, tg_table_name, tg_op),
    hint = 'What happened stays written; record a correction by a new write.';
end $$;
