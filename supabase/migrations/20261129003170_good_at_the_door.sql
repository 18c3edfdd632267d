-- A row of another split than the first is looked at where it comes in, without a call: the guard is called for what that
-- look does not see to be good, and finds as before what is wrong with it.

-- What every split but the first may say: {"SPLIT": {"arm": "provider"}}. Not truly IMMUTABLE, but used only in the
-- trigger's WHEN, which Postgres prepares once a statement. Not SECURITY DEFINER: it tells nobody what he may not read.
-- Nothing where it does not pay to know: when there is no batch, and when the arms are too many to be gathered for each.
-- Then every row is the guard's.
create function sluice.known_arms() returns jsonb immutable language plpgsql set search_path = '' as $$
begin
  if current_setting('sluice.in_batch', true) is distinct from 'yes' or not has_table_privilege('sluice.arms', 'select') then
    return '{}';
  end if;
  return (
    select case when sum(s.n) <= 300 then jsonb_object_agg(s.split, s.arms) else '{}' end
    from (
      select a.split, jsonb_object_agg(a.name, a.provider) as arms, count(*) as n
      from (select * from sluice.arms limit 301) a where a.split <> 'GEN_PROVIDER_WEIGHTS' group by a.split) s);
end $$;

-- Whether the guard need not look at it; the names of a row of the first split are its providers. Values are compared as
-- jsonb, without conversion: only numbers lie between two numbers. What this does not see to be good, `clean_event` does.
create function sluice.is_clean_event(of_type text, event_data jsonb, names text[], arms jsonb) returns boolean immutable
language sql
return jsonb_typeof(event_data) = 'object'
  and (event_data -> 'latency_ms' between '0' and '3600000' or event_data ->> 'latency_ms' is null)
  and (event_data ->> 'cost_per_image' is null or event_data -> 'cost_per_image' between '0' and '1000')
  and coalesce(event_data -> 'images' between '0' and '10000', true)
  and coalesce(event_data -> 'attempt' between '1' and '1000', true)
  and case when of_type in ('split_route', 'split_ok', 'split_failed') then
    arms -> (event_data ->> 'split') ->> (event_data ->> 'arm') = event_data ->> 'provider'
    and event_data ->> 'assigned' = event_data ->> 'arm'
    and (event_data ->> 'cost_usd' is null or event_data -> 'cost_usd' between '0' and '100000')
    and not event_data ?| '{duration_ms,units,cost_per_unit,created_at}'
  else
    coalesce(event_data ->> 'provider' = any (names), true)
    and coalesce(event_data ->> 'assigned' = any (names), true)
    and coalesce(event_data ->> 'arm' = any (names), true)
    and not (of_type = 'voucher_issued' and event_data ? 'split') end;

create or replace trigger a_sluice_guard before insert on public.analytics_logs for each row
when (
  new.arrived_at is null or new.created_at is null or not isfinite(new.created_at)
  or new.created_at > clock_timestamp() + interval '1 minute'
  or new.event_type in ('gen_route', 'gen_ok', 'gen_failed', 'voucher_issued', 'split_route', 'split_ok', 'split_failed')
    and sluice.is_clean_event(new.event_type, new.event_data, sluice.provider_names(), sluice.known_arms()) is not true)
execute function sluice.guard_event();

-- As before, and says that it is a batch.
create or replace function sluice.write_plain_batch(batch uuid, events jsonb) returns integer language plpgsql
security definer set search_path = '' as $$
declare
  clock timestamptz := clock_timestamp();
  written integer;
begin
  insert into sluice.batches (batch_id) values (batch) on conflict do nothing;
  if not found then
    return null;
  end if;
  perform set_config('sluice.in_batch', case when jsonb_array_length(events) >= 20 then 'yes' else 'no' end, true);
  insert into public.analytics_logs (event_type, event_data, created_at)
  select e.event_type, e.event_data, clock - greatest(coalesce(e.age_ms, 0), 0) * interval '1 millisecond'
  from jsonb_to_recordset(events) e (event_type text, event_data jsonb, age_ms double precision);
  get diagnostics written = row_count;
  update sluice.batches b set stored = written where b.batch_id = batch;
  return written;
end $$;

insert into sluice.role_calls (name, web, watchdog, cli, everyone) values
  ('known_arms', false, false, false, true), ('is_clean_event', false, false, false, true);
select sluice.grant_roles(on_adopted => false);
