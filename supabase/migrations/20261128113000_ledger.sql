-- Which of these files are applied: a ledger of our own, so that a team's `supabase db push` finds nothing in its ledger
-- that its project does not know. `npm run migrate` makes the table before it reads it.
create table if not exists sluice.migrations (
  version text primary key,
  name text not null,
  applied_at timestamptz not null default now(),
  applied_by text not null
);
alter table sluice.migrations enable row level security;

-- Where the Supabase CLI applies our files, it keeps the ledger; then this very file stands in it.
create function sluice.applied_migrations() returns setof text
language plpgsql stable security definer set search_path = '' as $$
begin
  return query select m.version from sluice.migrations m;
  if to_regclass('supabase_migrations.schema_migrations') is not null then
    return query execute 'select m.version from supabase_migrations.schema_migrations m
      where exists (select from supabase_migrations.schema_migrations l where l.version = ''20261128113000'' and l.name = ''ledger'')
      and not exists (select from sluice.migrations o where o.version = m.version)';
  end if;
end $$;
revoke all on function sluice.applied_migrations() from public;
do $$
declare grantee text;
begin
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on function sluice.applied_migrations() from %I', grantee);
    execute format('revoke all on sluice.migrations from %I', grantee);
  end loop;
end $$;
