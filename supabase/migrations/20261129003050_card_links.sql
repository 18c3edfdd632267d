-- What signs the links to the card of a split, so that a chat may show it: whoever does not know it cannot make one up.
-- Written anew, every link that is about ends: update sluice.card_secret set secret = sha256(convert_to(gen_random_uuid()::text
-- || gen_random_uuid()::text, 'UTF8')).
create table sluice.card_secret (
  one boolean primary key default true check (one),
  secret bytea not null check (octet_length(secret) = 32)
);
alter table sluice.card_secret enable row level security;
insert into sluice.card_secret (secret)
values (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));
insert into sluice.role_grants (relation, web) values ('sluice.card_secret', 'select');

do $$
declare
  grantee text;
begin
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on sluice.card_secret from %I', grantee);
  end loop;
end $$;

select sluice.grant_roles(on_adopted => false);
