-- Where a role has standard_conforming_strings off, '\x00' in a function is no bytes but a fault, and no flag can be
-- written. `decode` says the same under every setting.
create or replace function sluice.write_journal() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  e sluice.journal;
  head sluice.journal_head;
begin
  e.flag_key := coalesce(new.flag_key, old.flag_key);
  insert into sluice.journal_head (flag_key, seq, hash) values (e.flag_key, 0, decode('00', 'hex')) on conflict do nothing;
  select * into head from sluice.journal_head h where h.flag_key = e.flag_key for update;
  e.id := nextval(pg_get_serial_sequence('sluice.journal', 'id'));
  e.seq := head.seq + 1;
  e.at := clock_timestamp();
  e.actor := sluice.actor();
  e.login := session_user;
  e.verb := coalesce(sluice.said('verb'), 'sql');
  if tg_op = 'DELETE' then
    e.verb := 'delete';
  elsif e.verb = 'sql' and tg_op = 'UPDATE' and old.latched_at is not null and new.latched_at is null then
    -- Raw SQL that raises the weights after a rollback is the break-glass re-arm.
    e.verb := 'rearm';
  end if;
  e.was := coalesce(old.flag_value_text, old.flag_value::text);
  e.becomes := coalesce(new.flag_value_text, new.flag_value::text);
  e.stage_from := old.stage;
  e.stage_to := new.stage;
  e.version_from := old.version;
  e.version := coalesce(new.version, nextval('sluice.flag_versions'));
  e.reason := sluice.said('reason');
  e.evidence := sluice.said('evidence')::jsonb;
  e.policy_version := coalesce(sluice.said('policy_version')::bigint, sluice.policy_version());
  e.prev_hash := head.hash;
  e.hash := sluice.entry_hash(e);
  insert into sluice.journal values (e.*);
  update sluice.journal_head set seq = e.seq, hash = e.hash where flag_key = e.flag_key;
  perform pg_notify('sluice_flags', json_build_object('key', e.flag_key, 'version', e.version)::text);
  return null;
end $$;

create or replace function sluice.journal_faults() returns table (flag_key text, seq bigint, fault text)
language sql stable security definer set search_path = '' as $$
  select distinct on (x.flag_key) x.flag_key, x.seq, x.fault
  from (
    select j.flag_key, j.seq, case
      when j.seq <> row_number() over w then 'a row is missing before this one'
      when j.prev_hash <> coalesce(lag(j.hash) over w, decode('00', 'hex')) then 'it does not follow the row before'
      when j.hash <> sluice.entry_hash(j) then 'its content was changed' end as fault
    from sluice.journal j
    window w as (partition by j.flag_key order by j.seq)
    union all
    select h.flag_key, h.seq, 'the newest rows are missing'
    from sluice.journal_head h
    where h.seq <> coalesce((select max(j.seq) from sluice.journal j where j.flag_key = h.flag_key), 0)
    union all
    select f.flag_key, coalesce(j.seq, 0) + 1, 'the flag has changed without a row here'
    from public.feature_flags f
    left join lateral (select j.seq, j.version from sluice.journal j where j.flag_key = f.flag_key
      order by j.seq desc limit 1) j on true
    where f.version > 0 and f.version is distinct from j.version
  ) x
  where x.fault is not null
  order by x.flag_key, x.seq $$;
