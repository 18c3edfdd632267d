-- What may be spent on jobs holds for those that go through a relay, too: their rows are written by the same call.

create function sluice.usual_caller_fault(c sluice.callers) returns text language plpgsql stable security definer set search_path = '' as $$
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
    sluice.quota_fault(c.quota));
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
  -- A limit that nothing enforces would be believed.
  if c.quota -> 'jobs' <> '{}' and not c.scopes && '{generate,relay}' then
    return 'quota.jobs says what it may spend on jobs, and scopes has neither "generate" nor "relay"';
  end if;
  if c.rate_per_minute is not null and c.rate_per_minute not between 1 and 1000000 then
    return sluice.place_fault('rate_per_minute', to_jsonb(c.rate_per_minute), 'must be null or a whole number from 1 to 1000000');
  end if;
  return null;
end $$;

create or replace function sluice.caller_fault(c sluice.callers) returns text language sql stable security definer set search_path = '' as $$
  select coalesce(sluice.usual_caller_fault(c),
    sluice.list_fault('models', to_jsonb(c.models), '^[A-Za-z0-9*?][A-Za-z0-9*?._:/@-]{0,127}$',
      'must be a model''s name or a glob such as "flux-*"', 64),
    case when cardinality(c.models) > 0 and not c.scopes && '{generate,relay}' then
      'models says what may be asked for, and scopes has neither "generate" nor "relay"' end) $$;

drop function sluice.caller_fault_before_models(sluice.callers);

-- null: it has jobs whose number and cost a cap can hold.
create function sluice.quota_place_fault(s sluice.splits) returns text language plpgsql stable security definer set search_path = '' as $$
begin
  if s.kind = 'job' then return null; end if;
  if s.kind <> 'relay' then return format('quota.jobs says what may be spent on jobs, and its kind is %s', s.kind); end if;
  if exists (select from sluice.arms a join sluice.providers p on p.name = a.provider
    where a.split = s.key and coalesce(p.options ->> 'dialect', 'generic') = 'generic') then
    return 'quota.jobs says what may be spent on jobs, and in its dialect, generic, nothing is a job';
  end if;
  return null;
end $$;

create or replace function sluice.split_fault(s sluice.splits) returns text language sql stable security definer set search_path = '' as $$
  select coalesce(sluice.split_fault_before_quota(s), sluice.quota_fault(s.quota),
    case when s.quota -> 'jobs' <> '{}' then sluice.quota_place_fault(s) end, case
    when s.image_hours is null then null
    when s.kind <> 'image' then
      format('image_hours says how long the log keeps where images lie, and its kind is %s; leave it out', s.kind)
    when s.image_hours not between 0 and 8760 then
      sluice.place_fault('image_hours', to_jsonb(s.image_hours), 'must be a whole number of hours from 0 to 8760') end) $$;

drop function sluice.split_fault_before_images(sluice.splits);

-- A cap that stands when its jobs go would be believed, and the next write of its split refused: it is lifted first.
create or replace function sluice.relayed_arm_fault(a sluice.arms) returns text language plpgsql stable security definer set search_path = '' as $$
declare
  of_kind text; capped text; p sluice.providers; other record;
begin
  select s.kind, case when s.quota -> 'jobs' <> '{}' then s.slug end into of_kind, capped from sluice.splits s where s.key = a.split;
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
  elsif capped is not null and coalesce(p.options ->> 'dialect', 'generic') = 'generic' then
    return format('provider is "%s", which speaks generic, where nothing is a job, and %s has caps on jobs; lift them first: `sluice splits limit %s`',
      p.name, a.split, capped);
  end if;
  return null;
end $$;

create or replace function sluice.dialect_change_fault(p sluice.providers) returns text
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
    select s.key, s.slug, s.kind, s.quota -> 'jobs' <> '{}' as is_capped, r.name, sluice.arm_use(s.key, r.name) as used, other.name as other, other.dialect
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
    elsif a.kind = 'relay' and a.is_capped and coalesce(p.options ->> 'dialect', 'generic') = 'generic' then
      return format('options.dialect is "generic", where nothing is a job, and %s has caps on jobs; lift them first: `sluice splits limit %s`',
        a.key, a.slug);
    end if;
  end loop;
  return null;
end $$;

create or replace function sluice.relay_fault_among(place text, base_url text, options jsonb, known text[]) returns text
language plpgsql immutable set search_path = '' as $$
declare
  at constant text := place || 'options.';
  prefix constant text := options ->> 'path_prefix';
  n constant numeric := sluice.number_of(options -> 'timeout_ms');
  usd constant numeric := sluice.number_of(options -> 'usd_per_create');
  fault text; header record;
begin
  if base_url is null then
    return place || 'base_url is missing; a relay has no usual address: say an origin such as "https://api.example.com"';
  end if;
  fault := sluice.key_fault(place || 'options', options, '{dialect,path_prefix,auth,headers,pass,timeout_ms,usd_per_create,private}');
  if fault is not null then return fault; end if;
  if options ->> 'dialect' is null or jsonb_typeof(options -> 'dialect') <> 'string'
    or options ->> 'dialect' <> all (known) then
    return sluice.place_fault(at || 'dialect', options -> 'dialect', 'must be '
      || regexp_replace(array_to_string(known, ', '), ', ([^,]*)$', ' or \1')
      || '; in generic nothing is a job, and one of your own is added by `sluice dialects add`');
  end if;
  if options ? 'path_prefix' and (jsonb_typeof(options -> 'path_prefix') <> 'string' or length(prefix) > 128
    or prefix !~ '^(/[A-Za-z0-9_~.-]+)+$' or prefix ~ '/\.{1,2}(/|$)') then
    return sluice.place_fault(at || 'path_prefix', options -> 'path_prefix',
      'must be a path such as "/runwayml", which begins with a slash and ends without one');
  end if;
  if options ? 'timeout_ms' and (n is null or n <> trunc(n) or n not between 1000 and 3600000) then
    return sluice.place_fault(at || 'timeout_ms', options -> 'timeout_ms', 'must be a whole number from 1000 to 3600000; left out, it is 300000');
  end if;
  if options ? 'usd_per_create' and (usd is null or usd < 0 or usd >= 100000) then
    return sluice.place_fault(at || 'usd_per_create', options -> 'usd_per_create',
      'must be a number of US dollars from 0 to 99999, which a create holds; left out, it holds nothing');
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

do $$
declare
  made regprocedure;
  grantee text;
begin
  foreach made in array '{sluice.usual_caller_fault(sluice.callers),sluice.quota_place_fault(sluice.splits)}'::regprocedure[] loop
    execute format('revoke all on function %s from public', made);
    -- The default privileges of a Supabase project hand out what is made.
    for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
      execute format('revoke all on function %s from %I', made, grantee);
    end loop;
  end loop;
end $$;

select sluice.grant_roles(on_adopted => false);
