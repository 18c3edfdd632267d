-- A row of another split than the first is looked at by itself, and nearly none has anything wrong in it: that is seen in
-- one look. What that look does not see to be good goes the long way, as before.
create or replace function sluice.guard_event() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  is_partition boolean;
  is_good boolean := false;
  claimed timestamptz := new.created_at;
  said jsonb := new.event_data;
  of_split text;
  of_arm text;
  of_provider text;
begin
  if new.event_type in ('split_route', 'split_ok', 'split_failed') and jsonb_typeof(said) = 'object'
      and coalesce(nullif(said -> 'latency_ms', 'null') between '0' and '3600000', true)
      and coalesce(nullif(said -> 'cost_per_image', 'null') between '0' and '1000', true)
      and coalesce(said -> 'images' between '0' and '10000', true)
      and coalesce(said -> 'attempt' between '1' and '1000', true)
      and coalesce(said -> 'duration_ms' between '0' and '2592000000', true)
      and coalesce(said -> 'units' between '0' and '10000000', true)
      and coalesce(nullif(said -> 'cost_usd', 'null') between '0' and '100000', true)
      and coalesce(nullif(said -> 'cost_per_unit', 'null') between '0' and '1000', true)
      and (not said ? 'created_at' or sluice.instant_of(said -> 'created_at') is not null)
      and said ->> 'split' <> 'GEN_PROVIDER_WEIGHTS' and said ->> 'assigned' = said ->> 'arm' then
    of_split := said ->> 'split';
    of_arm := said ->> 'arm';
    of_provider := said ->> 'provider';
    is_good := exists (
      select from sluice.arms a where a.split = of_split and a.name = of_arm and a.provider = of_provider);
  end if;
  if is_good is not true
      and new.event_type in ('gen_route', 'gen_ok', 'gen_failed', 'voucher_issued', 'split_route', 'split_ok', 'split_failed') then
    new.event_data := sluice.clean_event(new.event_type, new.event_data, array(select p.name from sluice.providers p));
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

select sluice.grant_roles(on_adopted => false);
