-- Relays: what a provider of adapter `relay` says of how it is reached, that the arms of a relay speak one dialect, and what
-- a relay's red lines are about.

-- As lib/relay/dialects has them, and a test holds the two together; only in `generic` nothing is a job.
create function sluice.dialect_names() returns text[] immutable language sql
return array['runway', 'kling', 'pika', 'jimeng', 'suno', 'aimlapi', 'fal-queue', 'openai-videos', 'runware', 'generic'];

-- Headers that are ours to say: of the connection, of who calls, of how the answer is packed, and what holds a key.
create function sluice.own_header_fault(place text, name text) returns text immutable language sql
return case
  when name !~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$' then
    sluice.place_fault(place, to_jsonb(name), 'must be the name of a header: letters, digits, "-", "_" or "."')
  when lower(name) in ('authorization', 'x-api-key', 'cookie', 'set-cookie') then
    format('%s has "%s", which holds a key or a session; store a key with `sluice keys set`, and say in options.auth how it goes', place, name)
  when lower(name) in ('host', 'connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect', 'content-length',
      'accept-encoding', 'forwarded', 'via', 'x-real-ip', 'user-agent') or lower(name) ~ '^(proxy|x-forwarded|cf|x-sluice)-' then
    format('%s has "%s", which is for Sluice to say; leave it out', place, name) end;

create function sluice.relay_auth_fault(place text, auth jsonb) returns text language plpgsql immutable set search_path = '' as $$
declare
  schemes constant text[] := '{bearer,header,query,kling-jwt,volc-signature,none}';
  scheme constant text := auth ->> 'scheme';
  takes_name constant boolean := scheme in ('header', 'query');
  name constant text := auth ->> 'name';
  fault text;
begin
  if auth is null then return null; end if;
  fault := sluice.object_fault(place, auth, '{scheme,name,region,service}', 512);
  if fault is not null then return fault; end if;
  if scheme is null or jsonb_typeof(auth -> 'scheme') <> 'string' or scheme <> all (schemes) then
    return sluice.place_fault(place || '.scheme', auth -> 'scheme', 'must be bearer, header, query, kling-jwt, volc-signature or none');
  elsif takes_name and (name is null or jsonb_typeof(auth -> 'name') <> 'string' or name !~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$') then
    return sluice.place_fault(place || '.name', auth -> 'name', format('must name the %s that the key goes into',
      case scheme when 'query' then 'parameter of the query' else 'header' end));
  elsif scheme = 'header' and lower(name) not in ('authorization', 'x-api-key') then
    fault := sluice.own_header_fault(place || '.name', name);
  elsif not takes_name and auth ? 'name' then
    fault := sluice.place_fault(place || '.name', auth -> 'name', 'is only for the schemes header and query');
  end if;
  return coalesce(fault, (select sluice.place_fault(place || '.' || k, auth -> k,
      case when scheme <> 'volc-signature' then 'is only for the scheme volc-signature' else 'must be 1 to 64 letters, digits or "-"' end)
    from unnest('{region,service}'::text[]) k
    where auth ? k and (scheme <> 'volc-signature' or jsonb_typeof(auth -> k) <> 'string' or auth ->> k !~ '^[A-Za-z0-9-]{1,64}$') limit 1));
end $$;

-- `place` stands before each name: '' or 'providers.kling.'.
create function sluice.relay_fault(place text, base_url text, options jsonb) returns text
language plpgsql immutable set search_path = '' as $$
declare
  at constant text := place || 'options.';
  prefix constant text := options ->> 'path_prefix';
  n constant numeric := sluice.number_of(options -> 'timeout_ms');
  fault text; header record;
begin
  if base_url is null then
    return place || 'base_url is missing; a relay has no usual address: say an origin such as "https://api.example.com"';
  end if;
  fault := sluice.key_fault(place || 'options', options, '{dialect,path_prefix,auth,headers,pass,timeout_ms,private}');
  if fault is not null then return fault; end if;
  if options ->> 'dialect' is null or jsonb_typeof(options -> 'dialect') <> 'string'
    or options ->> 'dialect' <> all (sluice.dialect_names()) then
    return sluice.place_fault(at || 'dialect', options -> 'dialect', 'must be '
      || regexp_replace(array_to_string(sluice.dialect_names(), ', '), ', ([^,]*)$', ' or \1')
      || '; in generic nothing is a job');
  end if;
  if options ? 'path_prefix' and (jsonb_typeof(options -> 'path_prefix') <> 'string' or length(prefix) > 128
    or prefix !~ '^(/[A-Za-z0-9_~.-]+)+$' or prefix ~ '/\.{1,2}(/|$)') then
    return sluice.place_fault(at || 'path_prefix', options -> 'path_prefix',
      'must be a path such as "/runwayml", which begins with a slash and ends without one');
  end if;
  if options ? 'timeout_ms' and (n is null or n <> trunc(n) or n not between 1000 and 3600000) then
    return sluice.place_fault(at || 'timeout_ms', options -> 'timeout_ms', 'must be a whole number from 1000 to 3600000; left out, it is 300000');
  end if;
  if options ? 'private' and jsonb_typeof(options -> 'private') <> 'boolean' then
    return sluice.place_fault(at || 'private', options -> 'private', 'must be true or false');
  end if;
  fault := coalesce(sluice.relay_auth_fault(at || 'auth', options -> 'auth'),
    sluice.list_fault(at || 'pass', options -> 'pass', '^.', 'must be the name of a header', 32),
    case when options ? 'headers' then sluice.object_fault(at || 'headers', options -> 'headers', null, 2048) end);
  if fault is not null then return fault; end if;
  for header in
    select at || 'pass' as place, p as name, null::jsonb as value, false as is_fixed
    from jsonb_array_elements_text(coalesce(options -> 'pass', '[]')) p
    union all select at || 'headers', h.key, h.value, true from jsonb_each(coalesce(options -> 'headers', '{}')) h
  loop
    fault := sluice.own_header_fault(header.place, header.name);
    if fault is null and header.is_fixed and (jsonb_typeof(header.value) <> 'string' or length(header.value #>> '{}') > 512
      or header.value #>> '{}' !~ '^[!-~]([ -~]*[!-~])?$') then
      fault := sluice.place_fault(header.place || '.' || header.name, header.value, 'must be a text of 1 to 512 printable signs');
    end if;
    if fault is not null then return fault; end if;
  end loop;
  return null;
end $$;

-- Under a split that uses it a provider goes on speaking what it speaks.
create function sluice.dialect_change_fault(p sluice.providers) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
  was sluice.providers;
  a record;
begin
  select * into was from sluice.providers o where o.name = p.name;
  if not found or (was.adapter, was.options ->> 'dialect') is not distinct from (p.adapter, p.options ->> 'dialect') then
    return null;
  end if;
  for a in
    select s.key, s.kind, r.name, sluice.arm_use(s.key, r.name) as used, other.name as other, other.dialect
    from sluice.arms r join sluice.splits s on s.key = r.split and s.archived_at is null
    left join lateral (
      select o.name, q.options ->> 'dialect' as dialect from sluice.arms o join sluice.providers q on q.name = o.provider
      where o.split = s.key and o.provider <> p.name and q.options ->> 'dialect' is distinct from p.options ->> 'dialect'
      order by o.name limit 1) other on true
    where r.provider = p.name order by s.key, r.name
  loop
    if a.kind = 'relay' and p.adapter is distinct from 'relay' then
      return format('adapter is "%s", and arm "%s" of %s needs relay: that split passes bytes on', coalesce(p.adapter, 'null'), a.name, a.key);
    elsif a.kind in ('image', 'job') and p.adapter = 'relay' then
      return format('adapter is "relay", which passes bytes on unread, and arm "%s" of %s must be spoken to', a.name, a.key);
    elsif a.kind = 'relay' and a.other is not null then
      return format('options.dialect is "%s", and arm "%s" of %s speaks %s; the arms of a relay speak one dialect',
        p.options ->> 'dialect', a.other, a.key, a.dialect);
    elsif a.kind = 'relay' and a.used is not null then
      return format('options.dialect cannot change from "%s" to "%s": arm "%s" of %s is used (%s); add another provider and move to it',
        was.options ->> 'dialect', p.options ->> 'dialect', a.name, a.key, a.used);
    end if;
  end loop;
  return null;
end $$;

create function sluice.relayed_arm_fault(a sluice.arms) returns text language plpgsql stable security definer set search_path = '' as $$
declare
  of_kind text; p sluice.providers; other record;
begin
  select s.kind into of_kind from sluice.splits s where s.key = a.split;
  select * into p from sluice.providers q where q.name = a.provider;
  if of_kind in ('image', 'job') and p.adapter = 'relay' then
    return format('provider is "%s", whose adapter relay passes bytes on unread; %s is of kind %s, and needs one that is spoken to', p.name, a.split, of_kind);
  elsif of_kind <> 'relay' then
    return null;
  elsif p.adapter is distinct from 'relay' then
    return format('provider is "%s", whose adapter is %s; the arms of a relay are of adapter relay', p.name, coalesce(p.adapter, 'null'));
  elsif a.model is not null or a.params <> '{}' then
    return 'it pins a model or params; a relay changes no byte of a request, so nothing can be pinned';
  end if;
  select o.name, q.name as provider, q.options ->> 'dialect' as dialect into other
  from sluice.arms o join sluice.providers q on q.name = o.provider
  where o.split = a.split and o.name <> a.name and q.options ->> 'dialect' is distinct from p.options ->> 'dialect'
  order by o.name limit 1;
  if found then
    return format('provider is "%s", which speaks %s, and arm "%s" speaks %s through "%s"; the arms of a relay speak one dialect',
      p.name, p.options ->> 'dialect', other.name, other.dialect, other.provider);
  end if;
  return null;
end $$;

-- What it holds beside an origin is named, so that it can be taken away.
create or replace function sluice.url_fault(what text, value text, may_be_private boolean) returns text
language plpgsql immutable set search_path = '' as $$
declare
  host text; rest text;
begin
  if value is null then return null; end if;
  if length(value) > 256 then return format('%s is %s characters long; at most 256 are allowed', what, length(value)); end if;
  if value ~ '^https?://[^/?#]*@' then
    return what || ' holds credentials; store them with `sluice keys set`, and give the origin alone';
  end if;
  host := lower(substring(value from '^https?://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::[0-9]{1,5})?$'));
  if host is null then
    rest := substring(value from '^https?://[^/?#]+([/?#].*)$');
    return sluice.place_fault(what, to_jsonb(value), 'must be an origin such as "https://api.example.com", without a path or a slash at its end'
      || coalesce(format('; remove "%s"', left(rest, 64)), ''));
  end if;
  if coalesce(may_be_private, false) then return null; end if;
  if value !~ '^https://' then
    return sluice.place_fault(what, to_jsonb(value), 'must begin with https://; for one in your own network set options.private to true');
  end if;
  if host ~ '^(localhost|.*\.localhost|.*\.local|.*\.internal)$' or host ~ '^\[' or host !~ '[a-z]'
    or host ~ '^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2[0-9]|3[01])|100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7]))\.' then
    return sluice.place_fault(what, to_jsonb(value), 'must name a host of the open internet; for one in your own network set options.private to true');
  end if;
  return null;
end $$;

create or replace function sluice.arm_fault(a sluice.arms) returns text language plpgsql stable security definer set search_path = '' as $$
declare
  known text;
begin
  if not exists (select from sluice.splits s where s.key = a.split) then
    return format('split is "%s", which is not registered; insert it into sluice.splits first', left(a.split, 64));
  end if;
  if a.name is null or a.name !~ '^[a-z][a-z0-9_-]{0,31}$' then
    return sluice.place_fault('name', to_jsonb(a.name), 'must be 1 to 32 small letters, digits, "_" or "-", a letter first');
  end if;
  if not exists (select from sluice.providers p where p.name = a.provider) then
    select string_agg(p.name, ', ' order by p.name) into known from sluice.providers p;
    return format('provider is "%s", which is not registered; registered are %s', left(a.provider, 64), known);
  end if;
  if a.split = 'GEN_PROVIDER_WEIGHTS' and a.name <> a.provider then
    return format('the arms of GEN_PROVIDER_WEIGHTS are called like their providers: name is "%s" and provider "%s"', a.name, a.provider);
  end if;
  if (select count(*) from sluice.arms o where o.split = a.split and o.name <> a.name) >= 8 then
    return format('%s has 8 arms, which is the most', a.split);
  end if;
  return coalesce(sluice.relayed_arm_fault(a), case when a.model is not null then sluice.text_fault('model', a.model, 128) end,
    sluice.object_fault('params', a.params, null, 4096));
end $$;

create or replace function sluice.provider_fault(p sluice.providers) returns text language plpgsql stable security definer set search_path = '' as $$
declare
  fault text; stranded record;
begin
  if p.name is null or p.name !~ '^[a-z][a-z0-9_-]{0,31}$' then
    return sluice.place_fault('name', to_jsonb(p.name), 'must be 1 to 32 small letters, digits, "_" or "-", a letter first');
  end if;
  if p.adapter is not null and p.adapter <> all (sluice.adapter_names()) then
    return sluice.place_fault('adapter', to_jsonb(p.adapter), 'must be '
      || regexp_replace(array_to_string(sluice.adapter_names(), ', '), ', ([^,]*)$', ' or \1'));
  end if;
  fault := coalesce(sluice.text_fault('label', p.label, 80), sluice.object_fault('options', p.options, null, 4096),
    sluice.url_fault('base_url', p.base_url, p.options -> 'private' = 'true'),
    case when p.adapter = 'relay' then sluice.relay_fault('', p.base_url, p.options) end, sluice.dialect_change_fault(p));
  if fault is not null then return fault; end if;
  if p.state is null or p.state not in ('active', 'draining', 'off') then
    return sluice.place_fault('state', to_jsonb(p.state), 'must be active, draining or off');
  end if;
  if p.state <> 'active' then
    select a.split, a.name, sluice.arm_use(a.split, a.name) as used into stranded
    from sluice.arms a join sluice.splits s on s.key = a.split
    where a.provider = p.name and s.archived_at is null and sluice.arm_use(a.split, a.name) ~ '(now|baseline)' limit 1;
    if found then
      return format('state is "%s", and arm "%s" still needs it: %s; move its traffic first', p.state, stranded.name, stranded.used);
    end if;
  end if;
  return null;
end $$;

-- What a split's red lines are about: jobs, also those that a relay passes on; what answers within the call, whatever it is,
-- is judged as images are.
create or replace function sluice.judged_as(of_split text) returns text language sql stable security definer set search_path = '' as $$
  select case when exists (select from sluice.splits s where s.key = of_split and (s.kind = 'job' or s.kind = 'relay' and exists (
    select from sluice.arms a join sluice.providers p on p.name = a.provider
    where a.split = s.key and p.options ->> 'dialect' <> 'generic'))) then 'job' else 'image' end $$;

-- As a configuration file is judged without writing: `place` is that of a provider in it.
create function sluice.relay_entry_fault(place text, base_url text, options jsonb) returns text
language sql immutable security definer set search_path = '' as $$ select sluice.relay_fault(place, base_url, options) $$;

insert into sluice.role_calls (name) values ('judged_as');
insert into sluice.role_calls (name, web, watchdog) values ('relay_entry_fault', false, false);

do $$
declare
  made record;
  grantee text;
begin
  for made in
    select p.oid::regprocedure as function from pg_catalog.pg_proc p
    where p.pronamespace = 'sluice'::regnamespace and p.proname = any ('{dialect_names,own_header_fault,relay_auth_fault,
      relay_fault,relay_entry_fault,dialect_change_fault,relayed_arm_fault}'::text[])
  loop
    execute format('revoke all on function %s from public', made.function);
    -- The default privileges of a Supabase project hand out what is made.
    for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
      execute format('revoke all on function %s from %I', made.function, grantee);
    end loop;
  end loop;
end $$;
select sluice.grant_roles(on_adopted => false);

-- The jobs of relays are found again by what the vendor calls them, for their caller alone.
create index jobs_relayed on sluice.jobs (caller, upstream_id) where door = 'relay' and upstream_id is not null;
-- Those that nobody can follow, for the alert that tells of them.
create index jobs_untracked on sluice.jobs (created_at) where upstream ? 'untracked';
