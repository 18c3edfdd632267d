-- Which models a caller may ask for, as it may be held to some prefixes.

-- Names or globs, of aliases or of what a vendor calls them; none: every model.
alter table sluice.callers add column models text[] not null default '{}';

alter function sluice.caller_fault(sluice.callers) rename to caller_fault_before_models;
create function sluice.caller_fault(c sluice.callers) returns text language sql stable security definer set search_path = '' as $$
  select coalesce(sluice.caller_fault_before_models(c),
    sluice.list_fault('models', to_jsonb(c.models), '^[A-Za-z0-9*?][A-Za-z0-9*?._:/@-]{0,127}$',
      'must be a model''s name or a glob such as "flux-*"', 64),
    case when cardinality(c.models) > 0 and not c.scopes && '{generate,relay}' then
      'models says what may be asked for, and scopes has neither "generate" nor "relay"' end) $$;

do $$
declare
  grantee text;
begin
  revoke all on function sluice.caller_fault(sluice.callers) from public;
  -- The default privileges of a Supabase project hand out what is made.
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on function sluice.caller_fault(sluice.callers) from %I', grantee);
  end loop;
end $$;
