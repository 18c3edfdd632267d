-- What jobs cost, entered twice: a hold when one is begun, and one end of it, a settle or a void. Each entry is written by
-- the statement that writes the job, so that neither is ever there without the other, whoever writes it.

-- What it will cost as far as the price list says before it is sent; null: the list does not say.
alter table sluice.jobs add column hold_usd numeric check (hold_usd >= 0 and hold_usd < 100000);
create index jobs_open_of_caller on sluice.jobs (caller) where ended_at is null;

create table sluice.ledger (
  id bigint primary key generated always as identity,
  job uuid not null,
  kind text not null check (kind in ('hold', 'settle', 'void')),
  -- Of the job's creation, in UTC: its end belongs to the same day.
  day date not null,
  caller text not null,
  split text not null,
  -- Where it was sent first; of an end, where it ended.
  arm text not null,
  provider text not null,
  -- What is held; an end gives the whole of it back.
  held_usd numeric not null,
  spent_usd numeric not null default 0 check (spent_usd >= 0),
  cost_basis text,
  units numeric,
  charged text not null default 'unknown' check (charged in ('yes', 'no', 'unknown')),
  -- 1 for a job, and back to 0 where none was begun.
  begun smallint not null default 0,
  at timestamptz not null default now(),
  -- Tells entries that are surely committed from those that may be on their way.
  xid xid8 not null default pg_current_xact_id(),
  constraint ledger_sides check (case kind
    when 'hold' then held_usd >= 0 and spent_usd = 0 and begun = 1
    else held_usd <= 0 and begun in (0, -1) and (kind = 'settle' or spent_usd = 0) and (kind = 'void') = (charged = 'no') end)
);
-- One hold and one end a job.
create unique index ledger_once on sluice.ledger (job, (kind = 'hold'));
create index ledger_of_caller on sluice.ledger (caller, day, xid) include (held_usd, spent_usd, charged, begun);
create index ledger_of_split on sluice.ledger (split, day, xid) include (held_usd, spent_usd, charged, begun);
create index ledger_at on sluice.ledger using brin (at);
alter table sluice.ledger enable row level security;

create trigger append_only before update or delete on sluice.ledger
  for each row execute function sluice.refuse();
create trigger append_only_truncate before truncate on sluice.ledger
  for each statement execute function sluice.refuse();
alter table sluice.ledger enable always trigger append_only;
alter table sluice.ledger enable always trigger append_only_truncate;

create function sluice.hold_jobs() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into sluice.ledger (job, kind, day, caller, split, arm, provider, held_usd, cost_basis, begun, at)
  select n.id, 'hold', (n.created_at at time zone 'UTC')::date, n.caller, n.split, n.arm, n.provider,
    coalesce(n.hold_usd, 0), case when n.hold_usd is null then 'unknown' else 'price_list' end, 1, n.created_at
  from begun n;
  return null;
end $$;
create trigger hold_jobs after insert on sluice.jobs referencing new table as begun
  for each statement execute function sluice.hold_jobs();

-- What may have been charged counts as spent until somebody knows better; where the provider does not say how much, what
-- was held is taken. A job that was there before this file holds nothing, and has nothing to give back.
create function sluice.end_hold() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into sluice.ledger (job, kind, day, caller, split, arm, provider, held_usd, spent_usd, cost_basis, units, begun,
    charged, at)
  select new.id, case new.charged when 'no' then 'void' else 'settle' end, h.day, h.caller, h.split, new.arm, new.provider,
    -h.held_usd, case new.charged when 'no' then 0 else coalesce(new.cost_usd, h.held_usd) end,
    case when new.cost_usd is null then h.cost_basis else new.cost_basis end, new.units,
    case when new.state = 'refused' and new.charged = 'no' then -1 else 0 end, new.charged, new.ended_at
  from sluice.ledger h where h.job = new.id and h.kind = 'hold';
  return null;
end $$;
create trigger end_hold after update on sluice.jobs for each row
  when (old.ended_at is null and new.ended_at is not null) execute function sluice.end_hold();
alter table sluice.jobs enable always trigger hold_jobs;
alter table sluice.jobs enable always trigger end_hold;

-- Whose entries of the last days do not add up: those of a job that has ended and holds still, of one that is gone, and of
-- one that gave back something else than it held.
create function sluice.ledger_faults() returns table (job uuid, caller text, fault text)
language sql stable security definer set search_path = '' as $$
  select h.job, h.caller, case
    when j.id is null then 'its job is gone, and it can never be settled'
    when e.id is null then 'its job has ended as ' || j.state || ', and its hold was never settled'
    else 'its end gives back ' || -e.held_usd || ' USD of ' || h.held_usd || ' that were held' end
  from sluice.ledger h
  left join sluice.jobs j on j.id = h.job
  left join sluice.ledger e on e.job = h.job and e.kind <> 'hold'
  where h.kind = 'hold' and h.at > now() - interval '8 days'
    and ((e.id is null and (j.id is null or j.ended_at is not null)) or e.held_usd <> -h.held_usd)
  order by h.id limit 100 $$;

create or replace function sluice.guards() returns table (relation text, guard text, is_always boolean, calls text)
language sql immutable set search_path = '' as $$
  select * from sluice.guards_before_models()
  union all values ('sluice.models', 'a_own_model', true, 'sluice.own_model'),
    ('sluice.jobs', 'guard_job', true, 'sluice.guard_job'),
    ('sluice.jobs', 'hold_jobs', true, 'sluice.hold_jobs'),
    ('sluice.jobs', 'end_hold', true, 'sluice.end_hold'),
    ('sluice.ledger', 'append_only', true, 'sluice.refuse'),
    ('sluice.ledger', 'append_only_truncate', true, 'sluice.refuse') $$;

insert into sluice.role_grants (relation, web, watchdog, cli) values ('sluice.ledger', 'select', 'select', 'select');
insert into sluice.role_calls (name, web, watchdog, cli) values ('ledger_faults', true, true, true);

do $$
declare
  grantee text;
begin
  revoke all on function sluice.hold_jobs(), sluice.end_hold(), sluice.ledger_faults() from public;
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on function sluice.hold_jobs(), sluice.end_hold(), sluice.ledger_faults() from %I', grantee);
    execute format('revoke all on sluice.ledger from %I', grantee);
  end loop;
end $$;

select sluice.grant_roles(on_adopted => false);
