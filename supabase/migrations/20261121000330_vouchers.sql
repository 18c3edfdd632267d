-- A request gets one voucher, whichever process is asked and however often: who has one is written in the transaction
-- that writes the event. Vouchers of other services, written by plain SQL, are theirs and always count.
create table sluice.vouchers (
  request_id text primary key,
  at timestamptz not null default now()
);
create index vouchers_at on sluice.vouchers (at);
alter table sluice.vouchers enable row level security;

-- True when this call issued it, false when the request has its voucher already.
create function sluice.issue_voucher(request text, event_data jsonb) returns boolean
language plpgsql set search_path = '' as $$
begin
  insert into sluice.vouchers (request_id) values (request) on conflict do nothing;
  if not found then
    return false;
  end if;
  insert into public.analytics_logs (event_type, event_data, created_at)
  values ('voucher_issued', issue_voucher.event_data, clock_timestamp());
  return true;
end $$;

-- The events without the vouchers whose request (`once`) has got one meanwhile.
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

-- As before, and an event that carries `once` is a voucher issued while the store was away: it counts unless the
-- request has got one meanwhile.
create or replace function sluice.write_batch(batch uuid, events jsonb) returns integer language plpgsql
set search_path = '' as $$
declare
  clock timestamptz := clock_timestamp();
  written integer;
begin
  insert into sluice.batches (batch_id) values (batch) on conflict do nothing;
  if not found then
    return null;
  end if;
  if events @? '$[*].once' then
    events := sluice.first_vouchers(events);
  end if;
  insert into public.analytics_logs (event_type, event_data, created_at)
  select e.event_type, e.event_data, clock - greatest(coalesce(e.age_ms, 0), 0) * interval '1 millisecond'
  from jsonb_to_recordset(events) e (event_type text, event_data jsonb, age_ms double precision);
  get diagnostics written = row_count;
  update sluice.batches b set stored = written where b.batch_id = batch;
  return written;
end $$;

create or replace function sluice.write_batch_one_by_one(batch uuid, events text[]) returns integer
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

create or replace function sluice.prune(keep_buckets interval default '60 days', keep_spans interval default '400 days')
returns integer language plpgsql set search_path = '' as $$
declare
  pruned integer := 0;
  n integer;
begin
  delete from sluice.buckets b where b.at < now() - keep_buckets;
  get diagnostics n = row_count; pruned := pruned + n;
  delete from sluice.minutes m where m.at < now() - keep_spans;
  get diagnostics n = row_count; pruned := pruned + n;
  delete from sluice.quarters q where q.at < now() - keep_spans;
  get diagnostics n = row_count; pruned := pruned + n;
  delete from sluice.batches b where b.at < now() - interval '7 days';
  get diagnostics n = row_count; pruned := pruned + n;
  -- A request older than its events is not known any more, and gets no voucher.
  delete from sluice.vouchers v where v.at < now() - keep_spans;
  get diagnostics n = row_count; pruned := pruned + n;
  delete from sluice.rejected_events r where r.at < now() - interval '90 days';
  get diagnostics n = row_count;
  return pruned + n;
end $$;

-- Nothing of this is for others: functions are everybody's by default, and Supabase grants new tables.
do $$
declare grantee text;
begin
  revoke all on function sluice.issue_voucher(text, jsonb), sluice.first_vouchers(jsonb) from public;
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on sluice.vouchers from %I', grantee);
    execute format('revoke all on function sluice.issue_voucher(text, jsonb), sluice.first_vouchers(jsonb) from %I', grantee);
  end loop;
end $$;
