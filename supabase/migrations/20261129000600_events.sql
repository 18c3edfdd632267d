-- analytics_logs: made with day partitions, or adopted as it is where it exists; and everything that writes to it.

-- Partitions live in this schema, so that `public` shows one table. The default partition marks the table as ours to
-- partition: `make_partitions` and `drop_partitions` leave every other table alone.
create function sluice.owns_partitions() returns boolean language sql stable set search_path = ''
return exists (
  select from pg_catalog.pg_inherits i
  where i.inhparent = to_regclass('public.analytics_logs')
    and i.inhrelid = to_regclass('sluice.analytics_logs_default'));

do $$
begin
  if to_regclass('public.analytics_logs') is not null then
    return;
  end if;
  -- A sequence default, not identity: on Postgres 15 identity refuses inserts made straight into a partition.
  create sequence public.analytics_logs_id_seq as bigint;
  create table public.analytics_logs (
    id bigint not null default nextval('public.analytics_logs_id_seq'),
    event_type text not null,
    event_data jsonb not null default '{}',
    created_at timestamptz not null default now(),
    arrived_at timestamptz not null default now()
  ) partition by range (created_at);
  alter sequence public.analytics_logs_id_seq owned by public.analytics_logs.id;
  create table sluice.analytics_logs_default partition of public.analytics_logs default;
  alter table public.analytics_logs enable row level security;
  alter table sluice.analytics_logs_default enable row level security;
  comment on table public.analytics_logs is
    'One row per event. created_at is event time on the database''s clock, arrived_at when the row was written.';
end $$;

-- Adoption: a missing column is added without a default and gets its default afterwards, which rewrites no row. arrived_at
-- stays null for rows older than the adoption; the backfill of buckets knows them by it.
do $$
declare
  kind text;
  is_fresh boolean := sluice.owns_partitions();
begin
  if is_fresh then
    return;
  end if;
  alter table public.analytics_logs
    add column if not exists id bigint,
    add column if not exists event_type text,
    add column if not exists event_data jsonb,
    add column if not exists created_at timestamptz,
    add column if not exists arrived_at timestamptz;

  select string_agg(format('%s is %s and must be %s', a.attname, format_type(a.atttypid, a.atttypmod), w.type), '; ' order by w.name)
  into kind
  from (values ('event_data', 'jsonb'::regtype), ('created_at', 'timestamptz'), ('arrived_at', 'timestamptz')) w (name, type)
  join pg_attribute a on a.attrelid = 'public.analytics_logs'::regclass and a.attname = w.name
  where a.atttypid <> w.type;
  if kind is not null then
    raise exception using errcode = '42804',
      message = format('public.analytics_logs cannot be adopted: %s', kind),
      hint = 'Convert the column with ALTER TABLE … ALTER COLUMN … TYPE at a quiet time, then migrate again.';
  end if;

  if not exists (select from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
      where d.adrelid = 'public.analytics_logs'::regclass and a.attname = 'created_at') then
    alter table public.analytics_logs alter column created_at set default now();
  end if;
  if exists (select from pg_attribute a where a.attrelid = 'public.analytics_logs'::regclass and a.attname = 'id'
      and not a.atthasdef and a.attidentity = '' and a.atttypid = 'bigint'::regtype and not a.attnotnull) then
    create sequence if not exists public.analytics_logs_id_seq as bigint owned by public.analytics_logs.id;
    alter table public.analytics_logs alter column id set default nextval('public.analytics_logs_id_seq');
  end if;
  alter table public.analytics_logs alter column arrived_at set default now();
end $$;

-- The indexes that the readers want. Building one would block the writers of an adopted table that holds rows, so there
-- the upkeep builds them CONCURRENTLY.
create table sluice.event_indexes (name text primary key, definition text not null);
insert into sluice.event_indexes values
  ('analytics_logs_created_at_event_type', '(created_at, event_type)'),
  ('analytics_logs_gen_ok_request', '((event_data->>''request_id'')) where event_type = ''gen_ok'''),
  ('analytics_logs_failures', '(created_at) where event_type = ''gen_route'' and event_data->>''error'' is not null');
alter table sluice.event_indexes enable row level security;

-- Which of them are missing. None is while there is no table of that name (it may be renamed for a moment). Where an
-- index of another table has the name, because the table was swapped, ours gets another.
create function sluice.missing_event_indexes() returns table (name text, statement text)
language sql stable set search_path = ''
begin atomic
  select w.name, format('create index concurrently if not exists %I on public.analytics_logs %s', w.name, w.definition)
  from (
    select e.definition, case when exists (
        select from pg_catalog.pg_class o where o.oid = to_regclass(format('public.%I', e.name))
          and o.oid not in (select i.indexrelid from pg_catalog.pg_index i where i.indrelid = to_regclass('public.analytics_logs')))
      then e.name || '_' || to_regclass('public.analytics_logs')::oid else e.name end as name
    from sluice.event_indexes e
    where to_regclass('public.analytics_logs') is not null
  ) w
  where not exists (
    select from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
    where c.relname = w.name and i.indrelid = to_regclass('public.analytics_logs') and i.indisvalid)
  order by w.name;
end;

-- An index of ours that an interrupted build left unusable, on the table that bears the name now.
create function sluice.is_broken_index(of_name text) returns boolean language sql stable set search_path = ''
return exists (
  select from pg_catalog.pg_index i
  where i.indexrelid = to_regclass(format('public.%I', of_name)) and not i.indisvalid
    and i.indrelid = to_regclass('public.analytics_logs')
    and exists (select from sluice.event_indexes e where of_name = e.name or of_name = e.name || '_' || i.indrelid));

do $$
declare wanted record;
begin
  if not sluice.owns_partitions() and exists (select from public.analytics_logs) then
    return;
  end if;
  for wanted in select * from sluice.missing_event_indexes() loop
    execute replace(wanted.statement, ' concurrently', '');
  end loop;
end $$;

-- Values that cannot be true are moved to event_data.invalid when a row comes in, so that SQL over the log neither throws
-- nor misleads and nothing is lost. Only our own event types are looked at.
--
-- Event time: nothing happens in the future of the database's clock. A created_at more than a minute ahead becomes now;
-- the original is kept in invalid.created_at. Old rows count at their event time however late they come, and arrived_at
-- tells a replay what had arrived by then.

-- Not truly IMMUTABLE, but used only in the trigger's WHEN, which Postgres prepares once a statement: so the providers
-- are read once a statement and not once a row.
create function sluice.provider_names() returns text[] immutable security definer language plpgsql set search_path = ''
as $$ begin return array(select p.name from sluice.providers p); end $$;

create function sluice.in_range(value jsonb, least_value numeric, greatest_value numeric) returns boolean
immutable language sql
return case jsonb_typeof(value)
  when 'number' then value::numeric between least_value and greatest_value
  when 'null' then true
  else value is null end;

create function sluice.is_known(name text, names text[]) returns boolean immutable language sql
return coalesce(name = any (names), true);

-- Values are compared as jsonb, without conversion. In its order a number lies above every string and below every boolean,
-- array and object, so only numbers lie between two numbers. Null does not; `clean_event` then sees that it is good.
create function sluice.is_clean(event_data jsonb, names text[]) returns boolean immutable language sql
return coalesce(jsonb_typeof(event_data) = 'object', true)
  and sluice.is_known(event_data ->> 'provider', names)
  and sluice.is_known(event_data ->> 'assigned', names)
  and coalesce(event_data -> 'latency_ms' between '0' and '3600000', true)
  and coalesce(event_data -> 'cost_per_image' between '0' and '1000', true)
  and coalesce(event_data -> 'images' between '0' and '10000', true)
  and coalesce(event_data -> 'attempt' between '1' and '1000', true);

-- The event with every wrong value moved to `invalid`. The backfill reads an adopted table through it too.
create function sluice.clean_event(event_data jsonb, names text[]) returns jsonb immutable language plpgsql
set search_path = '' as $$
declare
  lies text[];
  kept jsonb;
begin
  if event_data is null then
    return null;
  end if;
  if jsonb_typeof(event_data) <> 'object' then
    return jsonb_build_object('invalid', jsonb_build_object('event_data', event_data));
  end if;
  lies := array(
    select k.name from (values
      ('provider', sluice.is_known(event_data ->> 'provider', names)),
      ('assigned', sluice.is_known(event_data ->> 'assigned', names)),
      ('latency_ms', sluice.in_range(event_data -> 'latency_ms', 0, 3600000)),
      ('cost_per_image', sluice.in_range(event_data -> 'cost_per_image', 0, 1000)),
      ('images', sluice.in_range(event_data -> 'images', 0, 10000)),
      ('attempt', sluice.in_range(event_data -> 'attempt', 1, 1000))) k (name, is_good)
    where not k.is_good);
  if lies = '{}' then
    return event_data;
  end if;
  kept := case when jsonb_typeof(event_data -> 'invalid') = 'object' then event_data -> 'invalid' else '{}' end;
  return (event_data - lies) || jsonb_build_object('invalid',
    kept || (select jsonb_object_agg(name, event_data -> name) from unnest(lies) name));
end $$;

-- SECURITY DEFINER because a role that may insert an event need not see our schema.
create function sluice.guard_event() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  is_partition boolean;
  claimed timestamptz := new.created_at;
begin
  if new.event_type in ('gen_route', 'gen_ok', 'gen_failed', 'voucher_issued') then
    new.event_data := sluice.clean_event(new.event_data, array(select p.name from sluice.providers p));
  end if;
  if tg_op = 'UPDATE' then
    return new;
  end if;
  new.arrived_at := coalesce(new.arrived_at, clock_timestamp());
  if new.created_at is not null and isfinite(new.created_at)
      and new.created_at <= clock_timestamp() + interval '1 minute' then
    return new;
  end if;
  select c.relispartition into is_partition from pg_catalog.pg_class c where c.oid = tg_relid;
  if is_partition and claimed is null then
    return new; -- not null says it better
  end if;
  new.created_at := clock_timestamp();
  if claimed is not null and coalesce(jsonb_typeof(new.event_data) = 'object', true) then
    new.event_data := coalesce(new.event_data, '{}') || jsonb_build_object('invalid',
      case when jsonb_typeof(new.event_data -> 'invalid') = 'object' then new.event_data -> 'invalid' else '{}' end
      || jsonb_build_object('created_at', claimed::text));
  end if;
  if not is_partition then
    return new;
  end if;
  -- A row trigger may not move its row to another partition, so the row is written again where it belongs.
  insert into public.analytics_logs select new.*;
  return null;
end $$;

-- `a_` because triggers fire in the order of their names, and a foreign trigger may read what this one has cleaned.
create trigger a_sluice_guard before insert on public.analytics_logs for each row
when (
  new.arrived_at is null or new.created_at is null or not isfinite(new.created_at)
  or new.created_at > clock_timestamp() + interval '1 minute'
  or (new.event_type in ('gen_route', 'gen_ok', 'gen_failed', 'voucher_issued')
    and not sluice.is_clean(new.event_data, sluice.provider_names())))
execute function sluice.guard_event();

-- A later UPDATE must not bring back what an INSERT may not bring. It changes no bucket: buckets say what was logged.
create trigger a_sluice_guard_update before update on public.analytics_logs for each row
when (
  new.event_type in ('gen_route', 'gen_ok', 'gen_failed', 'voucher_issued')
  and new.event_data is distinct from old.event_data
  and not sluice.is_clean(new.event_data, sluice.provider_names()))
execute function sluice.guard_event();

-- Events that the rule does not judge by are kept and counted apart: charts show them, a verdict never moves. There are
-- two kinds: reports about times long past (`event_data.backfilled`, written by our own API), and rows inserted as a role
-- of browsers (`event_data.inserted_as`, written by the trigger below whatever the row says of itself).
--
-- To believe such a role after all:
--   insert into sluice.believed_roles (role, reason) values ('authenticated', 'our server signs in as a user');
create table sluice.believed_roles (
  role text primary key check (role in ('anon', 'authenticated')),
  reason text not null,
  since timestamptz not null default now()
);
alter table sluice.believed_roles enable row level security;
comment on table sluice.believed_roles is
  'Events inserted as anon or authenticated are not judged by, but for the roles named here.';

create function sluice.is_believed(role name) returns boolean stable security definer language plpgsql set search_path = ''
as $$ begin return exists (select from sluice.believed_roles b where b.role = is_believed.role::text); end $$;

-- Not SECURITY DEFINER: it must see who inserts.
create function sluice.mark_inserted_as() returns trigger language plpgsql set search_path = '' as $$
begin
  new.event_data := case
      when new.event_data is null then '{}'
      when jsonb_typeof(new.event_data) = 'object' then new.event_data
      else jsonb_build_object('invalid', jsonb_build_object('event_data', new.event_data)) end
    || jsonb_build_object('inserted_as', current_user);
  return new;
end $$;

-- Before a_sluice_guard, which may write a row again as its owner. Also when such a role changes a row.
create trigger a_sluice_believe before insert or update on public.analytics_logs for each row
when (current_user in ('anon', 'authenticated') and not sluice.is_believed(current_user))
execute function sluice.mark_inserted_as();

-- Why the rule does not judge by an event; '' when it does.
create function sluice.doubt_of(event_data jsonb) returns text immutable language sql
return case
  when (event_data ?| array['backfilled', 'inserted_as']) is not true then ''
  when event_data ->> 'inserted_as' in ('anon', 'authenticated') then event_data ->> 'inserted_as'
  else 'backfilled' end;

-- A batch of events is stored exactly once however often it is sent: its id is written in the same transaction.
create table sluice.batches (
  batch_id uuid primary key,
  at timestamptz not null default now(),
  stored integer not null default 0
);
create index batches_at on sluice.batches (at);
alter table sluice.batches enable row level security;

-- Events that the log itself refused, by a constraint or trigger that is not ours: kept, so that nothing is lost.
create table sluice.rejected_events (
  id bigserial primary key,
  at timestamptz not null default now(),
  batch_id uuid not null,
  event text not null,
  fault text not null
);
alter table sluice.rejected_events enable row level security;

-- A request gets one voucher, whichever process is asked and however often: it is noted here in the transaction that
-- writes the event. Vouchers that other services write by plain SQL are theirs and always count.
create table sluice.vouchers (
  request_id text primary key,
  at timestamptz not null default now()
);
create index vouchers_at on sluice.vouchers (at);
alter table sluice.vouchers enable row level security;

-- These writers are SECURITY DEFINER so that no role of ours needs a right to write the log or the tables above, and
-- what others have hung on an adopted log goes on as before.

-- True when this call issued it, false when the request has its voucher already.
create function sluice.issue_voucher(request text, event_data jsonb) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  insert into sluice.vouchers (request_id) values (request) on conflict do nothing;
  if not found then
    return false;
  end if;
  insert into public.analytics_logs (event_type, event_data, created_at)
  values ('voucher_issued', issue_voucher.event_data, clock_timestamp());
  return true;
end $$;

-- The events, without the vouchers whose request (`once`) has one by now.
create function sluice.first_vouchers(events jsonb) returns jsonb language plpgsql set search_path = '' as $$
declare
  kept jsonb := '[]';
  event jsonb;
begin
  for event in select e.value from jsonb_array_elements(events) e loop
    if event ? 'once' then
      insert into sluice.vouchers (request_id) values (event ->> 'once') on conflict do nothing;
      continue when not found;
    end if;
    kept := kept || jsonb_build_array(event);
  end loop;
  return kept;
end $$;

-- Event time is the database's now minus the sender's monotonic age. Returns the number stored, or null for a batch that
-- was stored before. For batches in which, as the sender knows, no event carries `once`.
create function sluice.write_plain_batch(batch uuid, events jsonb) returns integer language plpgsql
security definer set search_path = '' as $$
declare
  clock timestamptz := clock_timestamp();
  written integer;
begin
  insert into sluice.batches (batch_id) values (batch) on conflict do nothing;
  if not found then
    return null;
  end if;
  insert into public.analytics_logs (event_type, event_data, created_at)
  select e.event_type, e.event_data, clock - greatest(coalesce(e.age_ms, 0), 0) * interval '1 millisecond'
  from jsonb_to_recordset(events) e (event_type text, event_data jsonb, age_ms double precision);
  get diagnostics written = row_count;
  update sluice.batches b set stored = written where b.batch_id = batch;
  return written;
end $$;

-- An event that carries `once` is a voucher issued while the store was away: it counts unless the request has got one
-- meanwhile.
create function sluice.write_batch(batch uuid, events jsonb) returns integer language sql
security definer set search_path = '' as $$
  select case
    when not events @? '$[*].once' then sluice.write_plain_batch(batch, events)
    when not exists (select from sluice.batches b where b.batch_id = batch)
      then sluice.write_plain_batch(batch, sluice.first_vouchers(events))
    end;
$$;

-- For a batch that failed over its content: event by event, and a bad one is put aside. Faults that are not the event's
-- (locks, resources, permissions, shutdown) fail the batch, to be sent again.
create function sluice.write_batch_one_by_one(batch uuid, events text[]) returns integer
language plpgsql security definer set search_path = '' as $$
declare
  clock timestamptz := clock_timestamp();
  written integer := 0;
  event text;
  parsed jsonb;
begin
  insert into sluice.batches (batch_id) values (batch) on conflict do nothing;
  if not found then
    return null;
  end if;
  foreach event in array events loop
    begin
      parsed := event::jsonb;
      written := written + 1;
      if parsed ->> 'once' is not null then
        insert into sluice.vouchers (request_id) values (parsed ->> 'once') on conflict do nothing;
        continue when not found;
      end if;
      insert into public.analytics_logs (event_type, event_data, created_at)
      values (parsed ->> 'event_type', parsed -> 'event_data',
        clock - greatest(coalesce((parsed ->> 'age_ms')::double precision, 0), 0) * interval '1 millisecond');
    exception when others then
      if left(sqlstate, 2) not in ('22', '23', '44', '54', 'P0') then
        raise;
      end if;
      written := written - 1;
      insert into sluice.rejected_events (batch_id, event, fault) values (batch, event, sqlstate || ' ' || sqlerrm);
    end;
  end loop;
  update sluice.batches b set stored = written where b.batch_id = batch;
  return written;
end $$;
