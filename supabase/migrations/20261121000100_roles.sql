-- Everything of ours lives in `sluice`; `public` holds feature_flags and analytics_logs only.
create schema if not exists sluice;

-- The roles that Supabase brings. Elsewhere they are made where we may; nothing depends on their being there.
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

-- Refuses what a trigger is put on: rows that are history.
create function sluice.refuse() returns trigger language plpgsql set search_path = '' as $$
begin
  raise exception using errcode = '42501',
    message = format('%I.%I is append-only: %s is refused', tg_table_schema, tg_table_name, tg_op),
    hint = 'What happened stays written; record a correction by a new write.';
end $$;
