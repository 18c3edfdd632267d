-- What a caller may not be given, what a stored key is, and which names two providers may not have at once.

create or replace function sluice.caller_fault(c sluice.callers) returns text language plpgsql stable security definer set search_path = '' as $$
declare
  fault text; making text; foreign_scope text;
begin
  if c.name is null or c.name !~ '^[a-z][a-z0-9_-]{0,31}$' then
    return sluice.place_fault('name', to_jsonb(c.name), 'must be 1 to 32 small letters, digits, "_" or "-", a letter first');
  elsif c.name ~ '^env-' or c.name in ('anyone', 'watchdog', 'sluice') then
    return format('name is "%s", which is kept for ourselves; choose another', c.name);
  end if;
  fault := coalesce(
    sluice.list_fault('scopes', to_jsonb(c.scopes), '^(generate|relay|events|assign|metrics|events:foreign|events:backfill)$',
      'must be generate, relay, events, assign, metrics, events:foreign or events:backfill', 7),
    sluice.list_fault('prefixes', to_jsonb(c.prefixes), '^/[a-z0-9][a-z0-9._-]{0,62}$', 'must be a path of one part such as "/kling"', 64),
    sluice.object_fault('quota', c.quota, '{images_per_day,requests_per_day}', 1024));
  if fault is not null then return fault; end if;
  if cardinality(c.scopes) = 0 then return 'scopes is empty; a caller without a scope can do nothing'; end if;
  select s into foreign_scope from unnest(c.scopes) s where s in ('events:foreign', 'events:backfill') limit 1;
  select s into making from unnest(c.scopes) s where s in ('generate', 'relay', 'assign') limit 1;
  -- Who makes traffic must not be able to say how it went: a verdict could be forged.
  if foreign_scope is not null and making is not null then
    return format('scopes has "%s" beside "%s", by which it could report a verdict on its own traffic; make two callers',
      foreign_scope, making);
  elsif foreign_scope is not null and not 'events' = any (c.scopes) then
    return format('scopes has "%s" without "events"', foreign_scope);
  elsif cardinality(c.prefixes) > 0 and not 'relay' = any (c.scopes) then
    return 'prefixes says what may be relayed, and scopes has no "relay"';
  end if;
  -- No process keeps a quota: a limit that nothing enforces would be believed.
  if c.quota <> '{}' then return 'quota is not kept by any process yet; leave it {} and set rate_per_minute'; end if;
  if c.rate_per_minute is not null and c.rate_per_minute not between 1 and 1000000 then
    return sluice.place_fault('rate_per_minute', to_jsonb(c.rate_per_minute), 'must be null or a whole number from 1 to 1000000');
  end if;
  return null;
end $$;

create or replace function sluice.provider_key_fault(k sluice.provider_keys) returns text language plpgsql stable security definer set search_path = '' as $$
begin
  if not exists (select from sluice.providers p where p.name = k.provider) then
    return format('provider is "%s", which is not registered', left(k.provider, 64));
  end if;
  -- Version, nonce, text with its tag: a key as it is does not look so.
  if k.sealed is null or length(k.sealed) > 4096 or k.sealed !~ '^v1\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]{24,}$' then
    return 'sealed is not what `sluice keys set` writes; a key is never stored as it is';
  end if;
  if k.sealed_with is null or k.sealed_with !~ '^[0-9a-f]{12}$' then
    return 'sealed_with must be the 12 hexadecimal digits that name the secret';
  end if;
  return null;
end $$;

-- The variable of the environment that holds a provider's key where none is stored.
create function sluice.key_variable(provider text) returns text immutable language sql
return case provider when 'fal' then 'FAL_KEY' when 'runware' then 'RUNWARE_API_KEY'
  else upper(translate(provider, '-', '_')) || '_API_KEY' end;

create function sluice.guard_key_variable() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  twin text;
begin
  select p.name into twin from sluice.providers p
  where p.name <> new.name and sluice.key_variable(p.name) = sluice.key_variable(new.name) limit 1;
  if twin is not null then
    raise exception using errcode = '22023',
      message = format('provider %s was not added: its key would be read from %s, which is that of "%s"; choose another name',
        new.name, sluice.key_variable(new.name), twin);
  end if;
  return new;
end $$;
create trigger zz_key_variable before insert on sluice.providers
  for each row execute function sluice.guard_key_variable();
alter table sluice.providers enable always trigger zz_key_variable;

do $$
declare
  made record;
  grantee text;
begin
  for made in
    select p.oid::regprocedure as function from pg_catalog.pg_proc p
    where p.pronamespace = 'sluice'::regnamespace and p.proname = any ('{caller_fault,provider_key_fault,key_variable,
      guard_key_variable}'::text[])
  loop
    execute format('revoke all on function %s from public', made.function);
    for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
      execute format('revoke all on function %s from %I', made.function, grantee);
    end loop;
  end loop;
end $$;
select sluice.grant_roles(on_adopted => false);
