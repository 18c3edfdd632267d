-- `/api/splits/stream` tells of all splits, so none may be called so.
create or replace function sluice.reserved_paths() returns text[] immutable language sql
return '{api,v1,fal,ofrep,s,metrics,images,charts,journal,policy,providers,settings,splits,models,callers,jobs,sign-in,new,stream,_next,.well-known,favicon.ico,robots.txt}'::text[];

-- No role may turn a channel that is there to another address; what the file calls its secrets is only a name.
update sluice.role_grants
set cli = 'select, insert (kind, url, secret, url_from, secret_from, created_by), update (url_from, secret_from), delete'
where relation = 'sluice.alert_channels';

-- A trigger of a later file, which the doctor looks after like the others.
alter function sluice.guards() rename to guards_of_before;
create function sluice.guards() returns table (relation text, guard text, is_always boolean, calls text)
language sql immutable set search_path = '' as $$
  select * from sluice.guards_of_before()
  union all values ('sluice.providers', 'zz_key_variable', true, 'sluice.guard_key_variable') $$;
revoke all on function sluice.guards() from public;
do $$
declare grantee text;
begin
  -- The default privileges of a Supabase project hand out what is made.
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on function sluice.guards() from %I', grantee);
    execute format('revoke all on sluice.arm_state from %I', grantee);
  end loop;
end $$;
select sluice.grant_roles(on_adopted => false);
