-- What sluice.yaml calls the secrets of a channel: variables of the environment, because the file must not hold them.

alter table sluice.alert_channels
  add column url_from text check (url_from ~ '^[A-Z][A-Z0-9_]{0,63}$'),
  add column secret_from text check (secret_from ~ '^[A-Z][A-Z0-9_]{0,63}$');
create unique index alert_channels_url_from on sluice.alert_channels (url_from);

-- Why a provider cannot be at an address, before it is written.
create function sluice.origin_fault(what text, value text, may_be_private boolean) returns text
language sql immutable security definer set search_path = '' as $$ select sluice.url_fault(what, value, may_be_private) $$;

do $$
declare
  grantee text;
begin
  revoke all on function sluice.origin_fault(text, text, boolean) from public;
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on function sluice.origin_fault(text, text, boolean) from %I', grantee);
  end loop;
end $$;

insert into sluice.role_grants (relation, web, watchdog, cli) values
  ('sluice.alert_channels', 'select, insert (kind, url, secret, created_by), delete', 'select',
    'select, insert (kind, url, secret, url_from, secret_from, created_by),
      update (kind, url, secret, url_from, secret_from), delete');
insert into sluice.role_calls (name, web, watchdog) values ('origin_fault', false, false);

select sluice.grant_roles(on_adopted => false);
