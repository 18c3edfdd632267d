-- An address may have a host of any length, and an index has not: one that no resolver would take is cut, so that the end
-- of its job is written all the same.
--
-- SECURITY DEFINER: no role of ours may write the outbox itself.
create or replace function sluice.tell_job_end() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into sluice.outbox (job_id, host, payload)
  values (new.id, left(coalesce(substring(lower(new.webhook_url) from '^[a-z]+://([^/?#]+)'), 'no host'), 253), '{}')
  on conflict do nothing;
  return null;
end $$;

-- What waits and what was given up is counted for every page of metrics: without what was delivered.
create index outbox_undelivered on sluice.outbox (created_at) include (dead_at, channel_id) where delivered_at is null;

-- Who waits for a cap's lock holds one of the store's connections.
alter function sluice.begin_jobs(jsonb) set lock_timeout = '1s';
