-- Dialects of one's own: what tells a relay which request of a vendor begins a job is a row, as the shipped ones are data.

create table sluice.dialects (
  name text primary key,
  -- As lib/registry/dialects/dialect-shape.ts reads it; here its shape is judged as far as it goes.
  rules jsonb not null,
  created_at timestamptz not null default now(),
  created_by text not null default sluice.actor()
);
alter table sluice.dialects enable row level security;

-- A request of a dialect: what comes, or what is asked.
create function sluice.dialect_request_fault(place text, request jsonb, known text[], methods text[]) returns text
language plpgsql immutable set search_path = '' as $$
declare
  fault text := sluice.object_fault(place, request, known, 16384);
begin
  if fault is not null then return fault; end if;
  if jsonb_typeof(request -> 'method') is distinct from 'string' or request ->> 'method' <> all (methods) then
    return sluice.place_fault(place || '.method', request -> 'method', 'must be ' || array_to_string(methods, ', '));
  elsif jsonb_typeof(request -> 'path') is distinct from 'string' or length(request ->> 'path') > 256
    or request ->> 'path' !~ '^/' then
    return sluice.place_fault(place || '.path', request -> 'path', 'must be a path such as "/v1/tasks/{id}"');
  end if;
  return case when request ? 'query' then sluice.object_fault(place || '.query', request -> 'query', null, 4096) end;
end $$;

create function sluice.dialect_pointers_fault(place text, value jsonb) returns text language sql immutable set search_path = '' as $$
  select case when coalesce(jsonb_typeof(value) <> 'array' or jsonb_array_length(value) = 0, true) then
      sluice.place_fault(place, value, 'must be a list of JSON pointers such as "/data/id"')
    else sluice.list_fault(place, value, '^(/([^~/]|~[01])*)*$', 'must be a JSON pointer such as "/data/id", or "" for all of it', 16) end $$;

create function sluice.dialect_rules_fault(rules jsonb) returns text language plpgsql immutable set search_path = '' as $$
declare
  methods constant text[] := '{GET,POST,PUT,PATCH,DELETE}';
  fault text; part record; word record;
begin
  fault := sluice.object_fault('rules', rules, '{creates,polls,lists,reading,modelAt,pace,free,error}', 32768);
  if fault is not null then return fault; end if;
  for part in select k, rules -> k as value from unnest('{creates,polls,lists,free}'::text[]) k where rules ? k or k = 'creates' loop
    if coalesce(jsonb_typeof(part.value) <> 'array' or jsonb_array_length(part.value) > 64, true) then
      return sluice.place_fault('rules.' || part.k, part.value, 'must be a list of at most 64 requests');
    end if;
  end loop;
  if jsonb_array_length(rules -> 'creates') = 0 then
    return 'rules.creates is []; it must name what begins a job; where nothing does, the dialect is generic';
  end if;
  for part in
    select k as list, format('rules.%s[%s]', k, e.at - 1) as place, e.value
    from unnest('{creates,polls,lists,free}'::text[]) k
    cross join lateral jsonb_array_elements(coalesce(rules -> k, '[]')) with ordinality e (value, at)
  loop
    fault := sluice.dialect_request_fault(part.place, part.value, case part.list
      when 'creates' then '{method,path,query,where,id,model,keep,follow,cancel}'
      when 'polls' then '{method,path,query,where,does,idAt,makes}'
      when 'lists' then '{method,path,query,where}'
      else '{method,path,query,body,headers,key,shape}' end::text[], methods);
    if fault is null and part.list = 'creates' then
      fault := coalesce(sluice.dialect_pointers_fault(part.place || '.id', part.value -> 'id'),
        sluice.dialect_request_fault(part.place || '.follow', part.value -> 'follow', '{method,path,query,body}', methods),
        case when part.value ? 'cancel' then
          sluice.dialect_request_fault(part.place || '.cancel', part.value -> 'cancel', '{method,path,query,body}', methods) end);
    elsif fault is null and part.list = 'polls' then
      fault := case
        when jsonb_typeof(part.value -> 'does') is distinct from 'string'
          or part.value ->> 'does' not in ('status', 'result', 'cancel', 'other') then
          sluice.place_fault(part.place || '.does', part.value -> 'does', 'must be status, result, cancel or other')
        when coalesce(part.value #>> '{idAt,in}', '') not in ('path', 'query', 'body') then
          sluice.place_fault(part.place || '.idAt.in', part.value #> '{idAt,in}', 'must be path, query or body') end;
    end if;
    if fault is not null then return fault; end if;
  end loop;
  fault := coalesce(sluice.object_fault('rules.reading', rules -> 'reading', '{task,id,state,words,isOk,notYet,failed,failures,error,
      failedIf,progress,cost,outputs,kind}', 16384),
    sluice.dialect_pointers_fault('rules.reading.id', rules #> '{reading,id}'),
    sluice.dialect_pointers_fault('rules.reading.state', rules #> '{reading,state}'),
    sluice.object_fault('rules.reading.words', rules #> '{reading,words}', null, 8192));
  if fault is not null then return fault; end if;
  for word in select w.key, w.value from jsonb_each(rules #> '{reading,words}') w loop
    if word.value #>> '{}' is null or word.value #>> '{}' not in ('queued', 'running', 'completed', 'failed', 'cancelled', 'absent') then
      return sluice.place_fault('rules.reading.words.' || left(word.key, 64), word.value,
        'must be queued, running, completed, failed, cancelled or absent');
    elsif word.key <> lower(word.key) then
      return sluice.place_fault('rules.reading.words', to_jsonb(word.key), 'must be a word in small letters');
    end if;
  end loop;
  if not exists (select from jsonb_each_text(rules #> '{reading,words}') w where w.value = 'completed') then
    return 'rules.reading.words has no word for completed';
  end if;
  return case
    when rules ? 'modelAt' then sluice.list_fault('rules.modelAt', rules -> 'modelAt', '^(/([^~/]|~[01])*)*$',
      'must be a JSON pointer such as "/model"', 8) end;
end $$;

create function sluice.dialect_fault(d sluice.dialects) returns text language plpgsql stable security definer set search_path = '' as $$
begin
  if d.name is null or d.name !~ '^[a-z][a-z0-9_-]{0,31}$' then
    return sluice.place_fault('name', to_jsonb(d.name), 'must be 1 to 32 small letters, digits, "_" or "-", a letter first');
  elsif d.name = any (sluice.dialect_names()) then
    return format('name is "%s", which is that of a dialect that ships; choose another', d.name);
  end if;
  return sluice.dialect_rules_fault(d.rules);
end $$;

-- What a job's row calls the rule that began it, as lib/relay/jobs/ask.ts does.
create function sluice.dialect_rule_name(rule jsonb) returns text language sql immutable set search_path = '' as $$
  select format('%s %s%s', rule ->> 'method', rule ->> 'path', case when jsonb_typeof(rule -> 'query') = 'object' then '?' || (
    select coalesce(string_agg(q.key || '=' || q.value, '&' order by q.at), '')
    from jsonb_each_text(rule -> 'query') with ordinality q (key, value, at)) end) $$;

-- Jobs that run are asked for by the rule that began them.
create function sluice.stranded_jobs_fault(d sluice.dialects) returns text language sql stable security definer set search_path = '' as $$
  select format('creates has "%s" no more, by which %s asked for; keep it until they have ended',
    left(j.upstream ->> 'rule', 128),
    case count(*) when 1 then 'a job that still runs is' else count(*) || ' jobs that still run are' end)
  from sluice.jobs j join sluice.providers p on p.name = j.provider and p.options ->> 'dialect' = d.name
  where j.door = 'relay' and j.due_at is not null and j.upstream ->> 'rule' is not null
    -- A query that is written with signs of its own is not compared.
    and j.upstream ->> 'rule' !~ '[%+]'
    and j.upstream ->> 'rule' <> all (array(select sluice.dialect_rule_name(c) from jsonb_array_elements(d.rules -> 'creates') c))
  group by j.upstream ->> 'rule' order by count(*) desc limit 1 $$;

create function sluice.guard_dialect() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  fault text; used text;
begin
  if tg_op = 'DELETE' then
    select string_agg(p.name, ', ' order by p.name) into used from sluice.providers p
    where p.adapter = 'relay' and p.options ->> 'dialect' = old.name;
    fault := case when used is not null then 'providers still speak it: ' || used || '; move their traffic and remove them first' end;
  elsif tg_op = 'UPDATE' and new.name <> old.name then
    fault := format('name cannot change from "%s" to "%s", which providers know; add another', old.name, new.name);
  else
    fault := sluice.dialect_fault(new);
    if fault is null and tg_op = 'UPDATE' then fault := sluice.stranded_jobs_fault(new); end if;
  end if;
  if fault is not null then
    raise exception using errcode = '22023',
      message = format('dialect %s was not %s: %s', left(coalesce(new.name, old.name, '?'), 64),
        case tg_op when 'INSERT' then 'added' when 'DELETE' then 'removed' else 'changed' end, fault);
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;

-- Whoever removes a dialect waits for the provider that is about to speak it, and is refused then.
create function sluice.hold_dialect() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  perform from sluice.dialects d where d.name = new.options ->> 'dialect' for key share;
  return new;
end $$;

create trigger zz_guard before insert or update or delete on sluice.dialects
  for each row execute function sluice.guard_dialect();
create trigger zz_note after insert or update or delete on sluice.dialects
  for each row execute function sluice.note_registry('dialect');
create trigger zz_truncate before truncate on sluice.dialects
  for each statement execute function sluice.refuse_registry_truncate();
-- Before the guard, which looks whether it is there.
create trigger a_hold_dialect before insert or update on sluice.providers
  for each row when (new.adapter = 'relay') execute function sluice.hold_dialect();
alter table sluice.dialects enable always trigger zz_guard;
alter table sluice.dialects enable always trigger zz_note;
alter table sluice.dialects enable always trigger zz_truncate;
alter table sluice.providers enable always trigger a_hold_dialect;

alter function sluice.guards() rename to guards_before_dialects;
create function sluice.guards() returns table (relation text, guard text, is_always boolean, calls text)
language sql immutable set search_path = '' as $$
  select * from sluice.guards_before_dialects()
  union all values ('sluice.dialects', 'zz_guard', true, 'sluice.guard_dialect'),
    ('sluice.dialects', 'zz_note', true, 'sluice.note_registry'),
    ('sluice.dialects', 'zz_truncate', true, 'sluice.refuse_registry_truncate'),
    ('sluice.providers', 'a_hold_dialect', true, 'sluice.hold_dialect') $$;

alter function sluice.registry() rename to registry_before_dialects;
create function sluice.registry() returns jsonb language sql stable security definer set search_path = '' as $$
  select sluice.registry_before_dialects() || jsonb_build_object('dialects', (
    select coalesce(jsonb_agg(jsonb_build_object('name', d.name, 'rules', d.rules) order by d.name), '[]') from sluice.dialects d)) $$;

create function sluice.relay_fault_among(place text, base_url text, options jsonb, known text[]) returns text
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

-- A provider may speak what ships and what is registered.
create or replace function sluice.relay_fault(place text, base_url text, options jsonb) returns text
language sql stable security definer set search_path = '' as $$
  select sluice.relay_fault_among(place, base_url, options,
    sluice.dialect_names() || array(select d.name from sluice.dialects d order by d.name)) $$;

-- `more`: dialects that the file itself adds.
drop function sluice.relay_entry_fault(text, text, jsonb);
create function sluice.relay_entry_fault(place text, base_url text, options jsonb, more text[]) returns text
language sql stable security definer set search_path = '' as $$
  select sluice.relay_fault_among(place, base_url, options, sluice.dialect_names() || array(
    select d.name from sluice.dialects d union select m from unnest(more) m order by 1)) $$;

insert into sluice.role_grants (relation, web, watchdog, cli) values
  ('sluice.dialects', 'select, insert, update, delete', 'select', 'select, insert, update, delete');

do $$
declare
  made record;
  grantee text;
begin
  for made in
    select p.oid::regprocedure as function from pg_catalog.pg_proc p
    where p.pronamespace = 'sluice'::regnamespace and p.proname = any ('{dialect_request_fault,dialect_pointers_fault,
      dialect_rules_fault,dialect_fault,dialect_rule_name,stranded_jobs_fault,guard_dialect,hold_dialect,guards,registry,relay_fault,relay_fault_among,relay_entry_fault}'::text[])
  loop
    execute format('revoke all on function %s from public', made.function);
    -- The default privileges of a Supabase project hand out what is made.
    for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
      execute format('revoke all on function %s from %I', made.function, grantee);
    end loop;
  end loop;
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on sluice.dialects from %I', grantee);
  end loop;
end $$;
select sluice.grant_roles(on_adopted => false);
