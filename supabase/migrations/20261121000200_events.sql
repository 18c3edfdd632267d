-- analytics_logs: made with day partitions on a fresh database, adopted as it is where it exists.
create schema if not exists sluice;

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

-- Adoption: what is missing is added as a null column first and given its default afterwards, which never rewrites a
-- row. arrived_at stays null for rows that were there before us, which is how the backfill of buckets knows them.
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

-- What the readers want, by name. On an adopted table with rows in it an index would block its writers while it is
-- built, so there the maintenance builds them CONCURRENTLY; `missing_event_indexes` says which.
create table sluice.event_indexes (name text primary key, definition text not null);
insert into sluice.event_indexes values
  ('analytics_logs_created_at_event_type', '(created_at, event_type)'),
  ('analytics_logs_gen_ok_request', '((event_data->>''request_id'')) where event_type = ''gen_ok'''),
  ('analytics_logs_failures', '(created_at) where event_type = ''gen_route'' and event_data->>''error'' is not null');
alter table sluice.event_indexes enable row level security;

create function sluice.missing_event_indexes() returns table (name text, statement text)
language sql stable set search_path = ''
begin atomic
  select w.name, format('create index concurrently if not exists %I on public.analytics_logs %s', w.name, w.definition)
  from sluice.event_indexes w
  where not exists (
    select from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
    where c.relname = w.name and i.indrelid = to_regclass('public.analytics_logs') and i.indisvalid)
  order by w.name;
end;

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

-- Nothing of ours is for the browser's roles. An adopted table keeps the grants it has.
do $$
declare grantee text;
begin
  for grantee in select rolname from pg_roles where rolname in ('anon', 'authenticated') loop
    if sluice.owns_partitions() then
      execute format('revoke all on public.analytics_logs, sluice.analytics_logs_default from %I', grantee);
      execute format('revoke all on sequence public.analytics_logs_id_seq from %I', grantee);
    end if;
  end loop;
end $$;
