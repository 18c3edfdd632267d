-- An order that fails over is held, and spent, at the price of the arm that may make it: its hold leaves the arm before with
-- one entry and comes to the next with another, so that each arm adds up by itself.

alter table sluice.ledger drop constraint ledger_kind_check, drop constraint ledger_sides;
alter table sluice.ledger add constraint ledger_kind_check check (kind in ('hold', 'move', 'settle', 'void')),
  add constraint ledger_sides check (case kind
    when 'hold' then held_usd >= 0 and spent_usd = 0 and begun = 1
    when 'move' then held_usd * begun >= 0 and spent_usd = 0 and begun in (-1, 1) and charged = 'unknown'
    else held_usd <= 0 and begun in (0, -1) and (kind = 'settle' or spent_usd = 0) and (kind = 'void') = (charged = 'no') end);
-- One hold and one end a job, whatever moved between.
drop index sluice.ledger_once;
create unique index ledger_once on sluice.ledger (job, (kind = 'hold')) where kind <> 'move';
create index ledger_moves on sluice.ledger (job) where kind = 'move';

create function sluice.move_hold() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into sluice.ledger (job, kind, day, caller, split, arm, provider, held_usd, cost_basis, begun)
  select new.id, 'move', h.day, h.caller, h.split, side.arm, side.provider, side.usd * side.begun, side.basis, side.begun
  from sluice.ledger h cross join lateral (values
    (old.arm, old.provider, coalesce(old.hold_usd, 0), case when old.hold_usd is null then 'unknown' else 'price_list' end, -1),
    (new.arm, new.provider, coalesce(new.hold_usd, 0), case when new.hold_usd is null then 'unknown' else 'price_list' end, 1))
    side (arm, provider, usd, basis, begun)
  where h.job = new.id and h.kind = 'hold';
  return null;
end $$;
-- Named so that it comes before `end_hold`: what ends and moves at once is given back where it came to.
create trigger before_end_move_hold after update on sluice.jobs for each row
  when ((old.arm, old.provider, old.hold_usd) is distinct from (new.arm, new.provider, new.hold_usd))
  execute function sluice.move_hold();
alter table sluice.jobs enable always trigger before_end_move_hold;

-- As before, by what is held where the job has come to.
create or replace function sluice.end_hold() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into sluice.ledger (job, kind, day, caller, split, arm, provider, held_usd, spent_usd, cost_basis, units, begun,
    charged, at)
  select new.id, case new.charged when 'no' then 'void' else 'settle' end, h.day, h.caller, h.split, new.arm, new.provider,
    -now.held_usd, case new.charged when 'no' then 0 else coalesce(new.cost_usd, now.held_usd) end,
    case when new.cost_usd is null then now.cost_basis else new.cost_basis end, new.units,
    case when new.state = 'refused' and new.charged = 'no' then -1 else 0 end, new.charged, new.ended_at
  from sluice.ledger h cross join lateral (
    select h.held_usd + coalesce(sum(m.held_usd), 0) as held_usd,
      coalesce((array_agg(m.cost_basis order by m.id desc))[1], h.cost_basis) as cost_basis
    from sluice.ledger m where m.job = h.job and m.kind = 'move') now
  where h.job = new.id and h.kind = 'hold';
  return null;
end $$;

create or replace function sluice.ledger_faults() returns table (job uuid, caller text, fault text)
language sql stable security definer set search_path = '' as $$
  select h.job, h.caller, case
    when j.id is null then 'its job is gone, and it can never be settled'
    when e.id is null then 'its job has ended as ' || j.state || ', and its hold was never settled'
    else 'its end gives back ' || -e.held_usd || ' USD of ' || now.held_usd || ' that were held' end
  from sluice.ledger h
  left join sluice.jobs j on j.id = h.job
  left join sluice.ledger e on e.job = h.job and e.kind in ('settle', 'void')
  cross join lateral (select h.held_usd + coalesce(sum(m.held_usd), 0) as held_usd
    from sluice.ledger m where m.job = h.job and m.kind = 'move') now
  where h.kind = 'hold' and h.at > now() - interval '8 days'
    and ((e.id is null and (j.id is null or j.ended_at is not null)) or e.held_usd <> -now.held_usd)
  order by h.id limit 100 $$;

-- As before, and what moves is neither begun nor ended.
create or replace function sluice.spending_of(of_kind text, named text, on_day date)
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
      case e.kind when 'hold' then 1 when 'move' then 0 else -1 end as open,
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

-- Another arm is about to be called for an order: where it goes is written, or `over` says which cap forbids what that arm
-- costs more. Nothing is answered where the job is no order any more.
create function sluice.aim_job(of_job uuid, aim jsonb) returns table (over jsonb)
language plpgsql volatile security definer set search_path = '' set lock_timeout = '1s' as $$
declare
  more numeric;
  each record;
begin
  for each in
    select c.kind, c.named, c.told, (c.caps ->> 'spend_per_day_usd')::numeric as cap, c.lock
    from sluice.jobs j cross join lateral (
      select 'caller', k.name, k.name, k.quota -> 'jobs', hashtextextended('sluice.quota caller ' || k.name, 0)
      from sluice.callers k where k.name = j.caller
      union all
      select 'split', s.key, s.slug, s.quota -> 'jobs', hashtextextended('sluice.quota split ' || s.key, 0)
      from sluice.splits s where s.key = j.split) c (kind, named, told, caps, lock)
    where j.id = of_job and c.caps ? 'spend_per_day_usd' and (aim ->> 'hold_usd')::numeric > coalesce(j.hold_usd, 0)
    order by c.lock
  loop
    perform pg_advisory_xact_lock(each.lock);
    more := (aim ->> 'hold_usd')::numeric - coalesce((select j.hold_usd from sluice.jobs j where j.id = of_job), 0);
    select jsonb_build_object('of', each.kind, 'name', each.told, 'cap', 'spend_per_day_usd', 'needs', more, 'limit', each.cap,
      'used', t.spent_usd + t.unknown_usd + t.held_usd, 'retry_after_s', 5) into over
    from sluice.spending_of(each.kind, each.named, sluice.today()) t
    where t.spent_usd + t.unknown_usd + t.held_usd + more > each.cap;
    if found then
      return next;
      return;
    end if;
  end loop;
  return query update sluice.jobs j set arm = aim ->> 'arm', provider = aim ->> 'provider', adapter = aim ->> 'adapter',
      key_version = (aim ->> 'key_version')::integer, base_url = aim ->> 'base_url',
      provider_model = aim ->> 'provider_model', hold_usd = (aim ->> 'hold_usd')::numeric,
      due_at = now() + (aim ->> 'due_ms')::float8 * interval '1 millisecond'
    where j.id = of_job and j.state = 'attempting' returning null::jsonb;
end $$;

-- As before; where it does not wait, what is under a cap that another transaction holds is left out: whoever is under none
-- is not kept by it, also where both came together.
drop function sluice.begin_jobs(jsonb);
create function sluice.begin_jobs(rows jsonb, waits boolean default true) returns table (id uuid, created_at timestamptz, over jsonb)
language plpgsql volatile security definer set search_path = '' set lock_timeout = '1s' as $$
declare
  ids uuid[];
  locks bigint[];
  later uuid[];
  missed bigint[] := '{}';
  each record;
begin
  select array_agg(r.id), array_agg(r.lock) into ids, locks
  from (
    select (r.value ->> 'id')::uuid as id, hashtextextended('sluice.quota caller ' || c.name, 0) as lock
    from jsonb_array_elements(rows) r join sluice.callers c on c.name = r.value ->> 'caller'
    where c.quota -> 'jobs' <> '{}'
    union all
    select (r.value ->> 'id')::uuid, hashtextextended('sluice.quota split ' || s.key, 0)
    from jsonb_array_elements(rows) r join sluice.splits s on s.key = r.value ->> 'split'
    where s.quota -> 'jobs' <> '{}'
  ) r;
  if ids is null then
    return query select w.id, w.created_at, null::jsonb from sluice.write_jobs(rows) w;
    return;
  end if;
  for each in select distinct l.lock from unnest(locks) l (lock) order by 1 loop
    if waits then
      perform pg_advisory_xact_lock(each.lock);
    elsif not pg_try_advisory_xact_lock(each.lock) then
      missed := missed || each.lock;
    end if;
  end loop;
  later := array(select l.id from unnest(ids, locks) l (id, lock) where l.lock = any (missed));
  return query
    select w.id, w.created_at, null::jsonb from sluice.write_jobs((
      select coalesce(jsonb_agg(r.value), '[]') from jsonb_array_elements(rows) r where (r.value ->> 'id')::uuid <> all (ids))) w;
  for each in
    select r.value as line, coalesce((r.value ->> 'hold_usd')::numeric, 0) as hold, c.name as caller, s.key, s.slug,
      c.quota -> 'jobs' as of_caller, s.quota -> 'jobs' as of_split
    from jsonb_array_elements(rows) with ordinality r (value, n)
    left join sluice.callers c on c.name = r.value ->> 'caller'
    left join sluice.splits s on s.key = r.value ->> 'split'
    where (r.value ->> 'id')::uuid = any (ids) and (r.value ->> 'id')::uuid <> all (later) order by r.n
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

alter function sluice.guards() rename to guards_before_moves;
create function sluice.guards() returns table (relation text, guard text, is_always boolean, calls text)
language sql immutable set search_path = '' as $$
  select * from sluice.guards_before_moves()
  union all values ('sluice.jobs', 'before_end_move_hold', true, 'sluice.move_hold') $$;

insert into sluice.role_calls (name, web, watchdog, cli) values ('aim_job', true, false, false);

do $$
declare
  grantee text;
begin
  revoke all on function sluice.move_hold(), sluice.aim_job(uuid, jsonb), sluice.begin_jobs(jsonb, boolean), sluice.guards()
    from public;
  -- The default privileges of a Supabase project hand out what is made.
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on function sluice.move_hold(), sluice.aim_job(uuid, jsonb), sluice.begin_jobs(jsonb, boolean),
      sluice.guards() from %I', grantee);
  end loop;
end $$;
select sluice.grant_roles(on_adopted => false);
