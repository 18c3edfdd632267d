-- What a caller, and what all callers of a split, may spend on jobs: caps in the registry, kept where jobs are begun.

alter table sluice.splits add column quota jsonb not null default '{}';

-- {"jobs": {"spend_per_day_usd": 50, "creates_per_day": 1000, "in_flight": 20}}; what is left out is not limited, 0 is none.
create function sluice.quota_fault(quota jsonb) returns text language plpgsql immutable set search_path = '' as $$
declare
  fault text := coalesce(sluice.object_fault('quota', quota, '{jobs}', 1024), case when quota ? 'jobs' then
    sluice.object_fault('quota.jobs', quota -> 'jobs', '{spend_per_day_usd,creates_per_day,in_flight}', 1024) end);
  cap record;
begin
  if fault is not null then return fault; end if;
  for cap in select e.key, e.value from jsonb_each(coalesce(quota -> 'jobs', '{}')) e loop
    if jsonb_typeof(cap.value) <> 'number' or (cap.value #>> '{}')::numeric not between 0 and 1000000000
      or (cap.key <> 'spend_per_day_usd' and (cap.value #>> '{}')::numeric % 1 <> 0) then
      return sluice.place_fault('quota.jobs.' || cap.key, cap.value, case cap.key
        when 'spend_per_day_usd' then 'must be a number of US dollars from 0 to 1000000000, or left out'
        else 'must be a whole number from 0 to 1000000000, or left out' end);
    end if;
  end loop;
  return null;
end $$;

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
  if c.quota -> 'jobs' <> '{}' and not 'generate' = any (c.scopes) then
    return 'quota.jobs says what it may spend on jobs, and scopes has no "generate"';
  end if;
  if c.rate_per_minute is not null and c.rate_per_minute not between 1 and 1000000 then
    return sluice.place_fault('rate_per_minute', to_jsonb(c.rate_per_minute), 'must be null or a whole number from 1 to 1000000');
  end if;
  return null;
end $$;

alter function sluice.split_fault(sluice.splits) rename to split_fault_before_quota;
create function sluice.split_fault(s sluice.splits) returns text language sql stable security definer set search_path = '' as $$
  select coalesce(sluice.split_fault_before_quota(s), sluice.quota_fault(s.quota),
    case when s.quota -> 'jobs' <> '{}' and s.kind <> 'job' then
      format('quota.jobs says what may be spent on jobs, and its kind is %s', s.kind) end) $$;

create or replace function sluice.registry() returns jsonb language sql stable security definer set search_path = ''
begin atomic
  select jsonb_build_object('version', sluice.registry_version(),
    'splits', (select coalesce(jsonb_agg(jsonb_build_object('key', s.key, 'slug', s.slug, 'kind', s.kind, 'label', s.label,
        'match', s.match, 'quota', s.quota, 'isDefault', s.is_default, 'archived', s.archived_at is not null,
        'arms', (select coalesce(jsonb_agg(jsonb_build_object('name', a.name, 'provider', a.provider, 'model', a.model,
            'params', a.params) order by a.name), '[]') from sluice.arms a where a.split = s.key))
      order by s.created_at, s.key), '[]') from sluice.splits s),
    'providers', (select coalesce(jsonb_agg(jsonb_build_object('name', p.name, 'adapter', p.adapter, 'label', p.label,
        'baseUrl', p.base_url, 'options', p.options, 'state', p.state, 'deprecated', p.deprecated) order by p.name), '[]')
      from sluice.providers p),
    'models', (select coalesce(jsonb_agg(jsonb_build_object('alias', m.alias, 'provider', m.provider,
        'providerModel', m.provider_model, 'price', m.price, 'params', m.params, 'fixed', m.fixed, 'lossy', m.lossy,
        'enabled', m.enabled, 'source', m.source, 'shipped', m.shipped) order by m.alias, m.provider), '[]')
      from sluice.models m));
end;

-- Jobs in flight are counted by their holds, so that a look at a job writes no index for it.
drop index sluice.jobs_open_of_caller;
drop index sluice.ledger_of_caller;
drop index sluice.ledger_of_split;
create index ledger_of_caller on sluice.ledger (caller, xid) include (day, kind, held_usd, spent_usd, charged, begun);
create index ledger_of_split on sluice.ledger (split, xid) include (day, kind, held_usd, spent_usd, charged, begun);

-- Sums that were taken once, of all entries whose transaction is older than `below`: those are not read again.
create table sluice.ledger_sums (
  kind text not null check (kind in ('caller', 'split')),
  name text not null,
  below xid8 not null,
  -- Transactions are numbered anew where a dump is restored: which server numbered these, and up to which entry it found
  -- what another had written.
  server bigint not null,
  restored_to bigint not null,
  -- Of all days; what follows is of this one.
  in_flight bigint not null,
  day date not null,
  begun bigint not null,
  spent_usd numeric not null,
  unknown_usd numeric not null,
  held_usd numeric not null,
  primary key (kind, name)
);
alter table sluice.ledger_sums enable row level security;

create function sluice.today() returns date language sql stable set search_path = ''
return (now() at time zone 'UTC')::date;

-- What the jobs of a day come to, and how many of any day have not ended: of one caller, or of one split by its key.
-- `unknown_usd` may have been charged.
create function sluice.spending_of(of_kind text, named text, on_day date)
returns table (begun bigint, spent_usd numeric, unknown_usd numeric, held_usd numeric, in_flight bigint)
language plpgsql volatile security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  known sluice.ledger_sums;
  older sluice.ledger_sums;
  entries bigint;
  here constant bigint := system_identifier from pg_control_system();
begin
  select s.* into known from sluice.ledger_sums s
  where s.kind = of_kind and s.name = named and s.day <= on_day and s.server = here;
  if known.below is null then
    known.below := '0';
    known.restored_to := 0;
    known.in_flight := 0;
  end if;
  -- What is seen and has a number that no transaction has had yet was restored, and so it is committed.
  select greatest(known.restored_to, max(e.id)) into older.restored_to from sluice.ledger e
  where e.xid >= pg_snapshot_xmax(pg_current_snapshot()) and e.xid is distinct from pg_current_xact_id_if_assigned()
    and case of_kind when 'caller' then e.caller = named else e.split = named end;
  if known.day is distinct from on_day then
    known.begun := 0;
    known.spent_usd := 0;
    known.unknown_usd := 0;
    known.held_usd := 0;
  end if;
  -- One statement, and so one snapshot: what is older than its oldest running transaction is there, or never will be.
  select known.begun + coalesce(sum(l.begun), 0), known.begun + coalesce(sum(l.begun) filter (where l.is_older), 0),
    known.spent_usd + coalesce(sum(l.yes_usd), 0), known.spent_usd + coalesce(sum(l.yes_usd) filter (where l.is_older), 0),
    known.unknown_usd + coalesce(sum(l.maybe_usd), 0),
    known.unknown_usd + coalesce(sum(l.maybe_usd) filter (where l.is_older), 0),
    known.held_usd + coalesce(sum(l.held_usd), 0), known.held_usd + coalesce(sum(l.held_usd) filter (where l.is_older), 0),
    known.in_flight + coalesce(sum(l.open), 0), known.in_flight + coalesce(sum(l.open) filter (where l.is_older), 0),
    pg_snapshot_xmin(pg_current_snapshot()), count(*)
  into begun, older.begun, spent_usd, older.spent_usd, unknown_usd, older.unknown_usd, held_usd, older.held_usd,
    in_flight, older.in_flight, older.below, entries
  from (
    select case when e.day = on_day then e.begun else 0 end as begun,
      case when e.day = on_day then e.held_usd else 0 end as held_usd,
      case when e.day = on_day and e.charged = 'yes' then e.spent_usd else 0 end as yes_usd,
      case when e.day = on_day and e.charged = 'unknown' then e.spent_usd else 0 end as maybe_usd,
      case e.kind when 'hold' then 1 else -1 end as open,
      e.id <= older.restored_to or e.xid < pg_snapshot_xmin(pg_current_snapshot()) as is_older
    from sluice.ledger e
    where e.xid >= known.below and e.id > known.restored_to
      and case of_kind when 'caller' then e.caller = named else e.split = named end
  ) l;
  -- Not of a day that is over: sums of it would hold entries of the next one.
  if entries > 500 and older.below > known.below and on_day = (clock_timestamp() at time zone 'UTC')::date
    and not current_setting('transaction_read_only')::boolean
    -- Another who is about to write it has the newer sum, and nobody waits for anybody.
    and pg_try_advisory_xact_lock(hashtextextended('sluice.ledger_sums ' || of_kind || ' ' || named, 0)) then
    insert into sluice.ledger_sums as s (kind, name, below, server, restored_to, in_flight, day, begun, spent_usd,
      unknown_usd, held_usd)
    values (of_kind, named, older.below, here, older.restored_to, older.in_flight, on_day, older.begun, older.spent_usd,
      older.unknown_usd, older.held_usd)
    on conflict (kind, name) do update set below = excluded.below, server = excluded.server, restored_to = excluded.restored_to,
      in_flight = excluded.in_flight, day = excluded.day, begun = excluded.begun, spent_usd = excluded.spent_usd,
      unknown_usd = excluded.unknown_usd, held_usd = excluded.held_usd;
  end if;
  return next;
end $$;

-- Why another job, which holds so much, would be too much; null: it would not. `told` is what its caller knows it by.
create function sluice.quota_breach(of_kind text, named text, told text, caps jsonb, hold numeric) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  today record;
  used_usd numeric;
  breach jsonb := jsonb_build_object('of', of_kind, 'name', told);
  day_turns constant integer := ceil(extract(epoch from
    ((sluice.today() + 1)::timestamp at time zone 'UTC') - clock_timestamp()));
begin
  if caps is null or caps = '{}' then return null; end if;
  select * into today from sluice.spending_of(of_kind, named, sluice.today());
  used_usd := today.spent_usd + today.unknown_usd + today.held_usd;
  if used_usd >= (caps ->> 'spend_per_day_usd')::numeric or used_usd + hold > (caps ->> 'spend_per_day_usd')::numeric then
    return breach || jsonb_build_object('cap', 'spend_per_day_usd', 'used', used_usd, 'needs', hold,
      'limit', caps -> 'spend_per_day_usd', 'retry_after_s', greatest(1, day_turns));
  elsif today.begun >= (caps ->> 'creates_per_day')::numeric then
    return breach || jsonb_build_object('cap', 'creates_per_day', 'used', today.begun, 'needs', 1,
      'limit', caps -> 'creates_per_day', 'retry_after_s', greatest(1, day_turns));
  elsif today.in_flight >= (caps ->> 'in_flight')::numeric then
    return breach || jsonb_build_object('cap', 'in_flight', 'used', today.in_flight, 'needs', 1,
      'limit', caps -> 'in_flight', 'retry_after_s', 5);
  end if;
  return null;
end $$;

create function sluice.write_jobs(rows jsonb) returns table (id uuid, created_at timestamptz)
language sql volatile security definer set search_path = '' as $$
  insert into sluice.jobs (id, split, door, caller, user_hash, request_id, arm, assigned, pinned, stage, weights_version,
    provider, adapter, key_version, base_url, model, provider_model, hold_usd, request, remix_of, webhook_url, due_at)
  select n.id, n.split, n.door, n.caller, n.user_hash, n.request_id, n.arm, n.assigned, n.pinned, n.stage,
    n.weights_version, n.provider, n.adapter, n.key_version, n.base_url, n.model, n.provider_model, n.hold_usd, n.request,
    n.remix_of, n.webhook_url, now() + n.due_ms * interval '1 millisecond'
  from jsonb_to_recordset(rows) n (id uuid, split text, door text, caller text, user_hash text, request_id text, arm text,
    assigned text, pinned boolean, stage text, weights_version bigint, provider text, adapter text, key_version integer,
    base_url text, model text, provider_model text, hold_usd numeric, request jsonb, remix_of uuid, webhook_url text,
    due_ms float8)
  returning id, created_at $$;

-- Jobs about to be sent: written, or `over` says which cap forbids it. What is of no caller and no split with a cap waits for
-- nobody. What is, waits for the transactions that begin others under the same cap, and counts what they wrote; locks are
-- taken in one order always.
--
-- SECURITY DEFINER: no role of ours may begin a job past the caps.
create function sluice.begin_jobs(rows jsonb) returns table (id uuid, created_at timestamptz, over jsonb)
language plpgsql volatile security definer set search_path = '' as $$
declare
  capped uuid[];
  locks bigint[];
  each record;
begin
  select array_agg(distinct r.id), array_agg(distinct r.lock) into capped, locks
  from (
    select (r.value ->> 'id')::uuid as id, hashtextextended('sluice.quota caller ' || c.name, 0) as lock
    from jsonb_array_elements(rows) r join sluice.callers c on c.name = r.value ->> 'caller'
    where c.quota -> 'jobs' <> '{}'
    union all
    select (r.value ->> 'id')::uuid, hashtextextended('sluice.quota split ' || s.key, 0)
    from jsonb_array_elements(rows) r join sluice.splits s on s.key = r.value ->> 'split'
    where s.quota -> 'jobs' <> '{}'
  ) r;
  if capped is null then
    return query select w.id, w.created_at, null::jsonb from sluice.write_jobs(rows) w;
    return;
  end if;
  for each in select l.lock from unnest(locks) l (lock) order by 1 loop
    perform pg_advisory_xact_lock(each.lock);
  end loop;
  return query
    select w.id, w.created_at, null::jsonb from sluice.write_jobs((
      select coalesce(jsonb_agg(r.value), '[]') from jsonb_array_elements(rows) r where (r.value ->> 'id')::uuid <> all (capped))) w;
  for each in
    select r.value as line, coalesce((r.value ->> 'hold_usd')::numeric, 0) as hold, c.name as caller, s.key, s.slug,
      c.quota -> 'jobs' as of_caller, s.quota -> 'jobs' as of_split
    from jsonb_array_elements(rows) with ordinality r (value, n)
    left join sluice.callers c on c.name = r.value ->> 'caller'
    left join sluice.splits s on s.key = r.value ->> 'split'
    where (r.value ->> 'id')::uuid = any (capped) order by r.n
  loop
    id := (each.line ->> 'id')::uuid;
    created_at := null;
    over := sluice.quota_breach('caller', each.caller, each.caller, each.of_caller, each.hold);
    if over is null then
      over := sluice.quota_breach('split', each.key, each.slug, each.of_split, each.hold);
    end if;
    if over is null then
      select w.created_at into created_at from sluice.write_jobs(jsonb_build_array(each.line)) w;
    end if;
    return next;
  end loop;
end $$;

update sluice.role_grants set web = 'select, update', watchdog = 'select, update' where relation = 'sluice.jobs';
insert into sluice.role_calls (name, web, watchdog, cli) values
  ('begin_jobs', true, false, false), ('spending_of', true, true, true), ('today', true, true, true);

do $$
declare
  made regprocedure;
  grantee text;
begin
  foreach made in array '{sluice.quota_fault(jsonb),sluice.split_fault(sluice.splits),sluice.today(),"sluice.begin_jobs(jsonb)",
    sluice.write_jobs(jsonb),"sluice.spending_of(text,text,date)","sluice.quota_breach(text,text,text,jsonb,numeric)"}'::regprocedure[] loop
    execute format('revoke all on function %s from public', made);
    -- The default privileges of a Supabase project hand out what is made.
    for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
      execute format('revoke all on function %s from %I', made, grantee);
      execute format('revoke all on sluice.ledger_sums from %I', grantee);
    end loop;
  end loop;
end $$;

select sluice.grant_roles(on_adopted => false);
