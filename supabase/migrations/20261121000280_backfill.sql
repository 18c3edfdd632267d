-- Rows that were in an adopted table before us are folded into buckets afterwards, newest first, an hour a step, 30 days
-- back: the baseline's last 24 h, replay and charts then know them too. Such a row has no arrived_at.
create unlogged table sluice.backfill_rows (event_type text, event_data jsonb, created_at timestamptz);
alter table sluice.backfill_rows enable row level security;
select sluice.count_events_of('sluice.backfill_rows');

create table sluice.backfill (
  -- What lies after this instant is done.
  done_to timestamptz not null,
  until timestamptz not null
);
alter table sluice.backfill enable row level security;

insert into sluice.backfill (done_to, until)
select now() + interval '1 hour', greatest(now() - interval '30 days', min(a.created_at))
from public.analytics_logs a
where not sluice.owns_partitions()
having min(a.created_at) is not null;

-- One step; false when nothing is left. To be called when the index on created_at is there: without it each step reads
-- the whole table.
create function sluice.backfill_step(width interval default '1 hour') returns boolean
language plpgsql set search_path = '' as $$
declare
  step sluice.backfill;
  low timestamptz;
begin
  select * into step from sluice.backfill b for update skip locked limit 1;
  if step is null then
    return false;
  end if;
  low := step.done_to - width;
  insert into sluice.backfill_rows
  select a.event_type, sluice.clean_event(a.event_data, array(select p.name from sluice.providers p)), a.created_at
  from public.analytics_logs a
  where a.created_at > low and a.created_at <= step.done_to and a.arrived_at is null
    and a.event_type in ('gen_route', 'gen_ok', 'voucher_issued');
  truncate sluice.backfill_rows;
  if low <= step.until then
    delete from sluice.backfill;
    return false;
  end if;
  update sluice.backfill set done_to = low;
  return true;
end $$;
