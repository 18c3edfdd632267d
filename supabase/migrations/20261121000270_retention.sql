-- Raw rows go first, buckets stay longer, minutes and quarters longest. Deleting raw rows changes no bucket.

-- Drops whole days older than `keep`; returns how many. A lock that does not come at once is left for the next call.
create function sluice.drop_partitions(keep interval) returns integer
language plpgsql set search_path = '' set timezone = 'UTC' as $$
declare
  old record;
  dropped integer := 0;
begin
  if keep < interval '1 day' then
    raise exception using errcode = '22023', message = format('keep is %s; at least one day of events is kept', keep);
  end if;
  perform set_config('lock_timeout', '500ms', true);
  for old in select p.relation from sluice.partitions() p where p.high <= now() - keep loop
    begin
      execute format('drop table %s', old.relation);
      dropped := dropped + 1;
    exception when lock_not_available then
      return dropped;
    end;
  end loop;
  return dropped;
end $$;

-- Deletes a batch of rows older than `keep` from where no whole day can be dropped: an adopted table, the default
-- partition. Returns how many; call until it is 0, each call in a transaction of its own.
create function sluice.delete_old_events(keep interval, most integer default 5000) returns integer
language plpgsql set search_path = '' as $$
declare
  source regclass := to_regclass(
    case when sluice.owns_partitions() then 'sluice.analytics_logs_default' else 'public.analytics_logs' end);
  deleted integer;
begin
  if keep < interval '1 day' then
    raise exception using errcode = '22023', message = format('keep is %s; at least one day of events is kept', keep);
  end if;
  execute format('delete from only %1$s a where a.ctid = any (array(
    select o.ctid from only %1$s o where o.created_at < now() - $1 order by o.created_at limit $2 for update skip locked))', source)
  using keep, most;
  get diagnostics deleted = row_count;
  return deleted;
end $$;

-- What of ours grows and is no longer needed.
create function sluice.prune(keep_buckets interval default '60 days', keep_spans interval default '400 days') returns integer
language plpgsql set search_path = '' as $$
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
  delete from sluice.rejected_events r where r.at < now() - interval '90 days';
  get diagnostics n = row_count;
  return pruned + n;
end $$;
