-- Values that would lie are moved to event_data.invalid when a row comes in, so that the plan's own SQL neither throws
-- nor lies and nothing is lost. Only our own event types are looked at; other services' events are theirs.
--
-- Event time: nothing happens in the future of the database's clock. A created_at more than a minute ahead of it
-- becomes now, the original is kept in invalid.created_at. Old rows count at their event time, however late they come;
-- arrived_at tells a replay what had arrived by then.

-- IMMUTABLE is a white lie: used only in the trigger's WHEN, which Postgres prepares anew for each statement, so the
-- registry is read once a statement and not once a row.
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

create function sluice.is_clean(event_data jsonb, names text[]) returns boolean immutable language sql
return coalesce(jsonb_typeof(event_data) = 'object', true)
  and sluice.is_known(event_data ->> 'provider', names)
  and sluice.is_known(event_data ->> 'assigned', names)
  and sluice.in_range(event_data -> 'latency_ms', 0, 3600000)
  and sluice.in_range(event_data -> 'cost_per_image', 0, 1000)
  and sluice.in_range(event_data -> 'images', 0, 10000)
  and sluice.in_range(event_data -> 'attempt', 1, 1000);

-- The same event with every lie moved to `invalid`; also what the backfill reads an adopted table through.
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

-- SECURITY DEFINER because whoever may insert an event need not see our schema.
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

-- `a_` because triggers fire in the order of their names and a foreign one may read what we have cleaned.
create trigger a_sluice_guard before insert on public.analytics_logs for each row
when (
  new.arrived_at is null or new.created_at is null or not isfinite(new.created_at)
  or new.created_at > clock_timestamp() + interval '1 minute'
  or (new.event_type in ('gen_route', 'gen_ok', 'gen_failed', 'voucher_issued')
    and not sluice.is_clean(new.event_data, sluice.provider_names())))
execute function sluice.guard_event();

-- A later UPDATE must not bring back what an INSERT may not bring. It changes no bucket: they say what was logged.
create trigger a_sluice_guard_update before update on public.analytics_logs for each row
when (
  new.event_type in ('gen_route', 'gen_ok', 'gen_failed', 'voucher_issued')
  and new.event_data is distinct from old.event_data
  and not sluice.is_clean(new.event_data, sluice.provider_names()))
execute function sluice.guard_event();
