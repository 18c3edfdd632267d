-- Every trigger of ours that refuses, records or tells. `always`: it fires whatever session_replication_role says.
create function sluice.guards() returns table (relation text, guard text, is_always boolean, calls text)
language sql immutable set search_path = '' as $$
  values
    ('public.feature_flags', 'zz_sluice_guard', true, 'sluice.guard_flag'),
    ('public.feature_flags', 'zz_sluice_journal', true, 'sluice.write_journal'),
    ('public.feature_flags', 'zz_sluice_last_good', true, 'sluice.keep_last_good'),
    ('public.feature_flags', 'zz_sluice_truncate', true, 'sluice.refuse_truncate'),
    ('sluice.journal', 'append_only', true, 'sluice.refuse'),
    ('sluice.journal', 'append_only_truncate', true, 'sluice.refuse'),
    ('sluice.journal', 'plain_text', true, 'sluice.refuse_hidden_text'),
    ('sluice.journal', 'tell_change', true, 'sluice.tell_change'),
    ('sluice.sessions', 'note_session', true, 'sluice.note_session'),
    ('sluice.operators', 'note_operator', true, 'sluice.note_operator'),
    ('sluice.sign_in_links', 'note_link', true, 'sluice.note_link'),
    ('sluice.alert_channels', 'note_channel', true, 'sluice.note_channel'),
    ('public.analytics_logs', 'a_sluice_believe', false, 'sluice.mark_inserted_as'),
    ('public.analytics_logs', 'a_sluice_guard', false, 'sluice.guard_event'),
    ('public.analytics_logs', 'a_sluice_guard_update', false, 'sluice.guard_event'),
    ('public.analytics_logs', 'sluice_count', false, 'sluice.count_events'),
    ('sluice.backfill_rows', 'sluice_count', false, 'sluice.count_events') $$;
revoke all on function sluice.guards() from public;
do $$
declare grantee text;
begin
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on function sluice.guards() from %I', grantee);
  end loop;
end $$;

create or replace function sluice.guard_faults() returns table (relation text, guard text, fault text)
language sql stable security definer set search_path = '' as $$
  select w.relation, w.guard, case
    when to_regclass(w.relation) is null then 'its table is not there'
    when t.oid is null then 'is not there'
    when t.tgenabled = 'D' then 'is disabled'
    when t.tgenabled = 'R' or (w.is_always and t.tgenabled <> 'A') then 'is not ENABLE ALWAYS'
    when t.tgfoid <> to_regproc(w.calls) then 'calls another function' end
  from sluice.guards() w
  left join pg_catalog.pg_trigger t on t.tgrelid = to_regclass(w.relation) and t.tgname = w.guard
  where to_regproc(w.calls) is not null and (to_regclass(w.relation) is null or t.oid is null
    or t.tgfoid <> to_regproc(w.calls) or t.tgenabled in ('D', 'R') or (w.is_always and t.tgenabled <> 'A'))
  order by 1, 2 $$;
