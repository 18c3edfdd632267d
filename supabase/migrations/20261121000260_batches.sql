-- A batch of events is stored exactly once, however often it is sent: its id is written in the same transaction.
create table sluice.batches (
  batch_id uuid primary key,
  at timestamptz not null default now(),
  stored integer not null default 0
);
create index batches_at on sluice.batches (at);
alter table sluice.batches enable row level security;

-- Events that the log itself refused (a constraint or trigger of somebody else's): kept, so that nothing is lost.
create table sluice.rejected_events (
  id bigserial primary key,
  at timestamptz not null default now(),
  batch_id uuid not null,
  event text not null,
  fault text not null
);
alter table sluice.rejected_events enable row level security;

-- Event time is the database's now minus the sender's monotonic age. Returns the number stored, null for a batch that
-- was stored before.
create function sluice.write_batch(batch uuid, events jsonb) returns integer language plpgsql set search_path = '' as $$
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

-- The slow way, when the quick one failed over its content: each event by itself, a poisonous one is put aside. Faults
-- that are not the event's (locks, resources, permissions, shutdown) fail the batch, to be sent again.
create function sluice.write_batch_one_by_one(batch uuid, events text[]) returns integer
language plpgsql set search_path = '' as $$
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
      insert into public.analytics_logs (event_type, event_data, created_at)
      values (parsed ->> 'event_type', parsed -> 'event_data',
        clock - greatest(coalesce((parsed ->> 'age_ms')::double precision, 0), 0) * interval '1 millisecond');
      written := written + 1;
    exception when others then
      if left(sqlstate, 2) not in ('22', '23', '44', '54', 'P0') then
        raise;
      end if;
      insert into sluice.rejected_events (batch_id, event, fault) values (batch, event, sqlstate || ' ' || sqlerrm);
    end;
  end loop;
  update sluice.batches b set stored = written where b.batch_id = batch;
  return written;
end $$;
