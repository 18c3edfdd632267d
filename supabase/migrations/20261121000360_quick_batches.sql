-- What most rows pay, cut: the guard looks a value up once and compares it as it is, without turning it into text and a
-- number first. In the order of jsonb a number lies above every string and below every boolean, array and object, so
-- only numbers are ever between two numbers. Null is not, and is good: `clean_event` sees so and leaves it alone.
create or replace function sluice.is_clean(event_data jsonb, names text[]) returns boolean immutable language sql
return coalesce(jsonb_typeof(event_data) = 'object', true)
  and sluice.is_known(event_data ->> 'provider', names)
  and sluice.is_known(event_data ->> 'assigned', names)
  and coalesce(event_data -> 'latency_ms' between '0' and '3600000', true)
  and coalesce(event_data -> 'cost_per_image' between '0' and '1000', true)
  and coalesce(event_data -> 'images' between '0' and '10000', true)
  and coalesce(event_data -> 'attempt' between '1' and '1000', true);

-- `write_batch` for a batch of which the sender knows that no event carries `once`.
create function sluice.write_plain_batch(batch uuid, events jsonb) returns integer language plpgsql
set search_path = '' as $$
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

create or replace function sluice.write_batch(batch uuid, events jsonb) returns integer language sql
set search_path = '' as $$
  select case
    when not events @? '$[*].once' then sluice.write_plain_batch(batch, events)
    when not exists (select from sluice.batches b where b.batch_id = batch)
      then sluice.write_plain_batch(batch, sluice.first_vouchers(events))
    end;
$$;

do $$
declare grantee text;
begin
  revoke all on function sluice.write_plain_batch(uuid, jsonb) from public;
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on function sluice.write_plain_batch(uuid, jsonb) from %I', grantee);
  end loop;
end $$;
