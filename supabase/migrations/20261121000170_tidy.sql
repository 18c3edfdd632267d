-- Deletes what nobody will ask for again; the journal, alerts and operators stay. Returns the rows deleted.
create function sluice.tidy() returns bigint language plpgsql volatile security definer set search_path = '' as $$
declare
  total bigint := 0;
  rows bigint;
  statement text;
begin
  foreach statement in array array[
    -- The heartbeat is asked for minutes, decisions are replayed from the events.
    'delete from sluice.ticks where at < now() - interval ''3 days''',
    'delete from sluice.instances where seen_at < now() - interval ''1 day''',
    'delete from sluice.idempotency where expires_at < now()',
    'delete from sluice.sessions where expires_at < now() - interval ''1 day''',
    'delete from sluice.sign_in_links where expires_at < now() - interval ''1 day''',
    'delete from sluice.outbox where delivered_at < now() - interval ''30 days'' or dead_at < now() - interval ''30 days'''
  ] loop
    execute statement;
    get diagnostics rows = row_count;
    total := total + rows;
  end loop;
  return total;
end $$;

-- Functions are everybody's by default, and some of these act as their owner; roles get what they need by name.
revoke all on all functions in schema sluice from public;
