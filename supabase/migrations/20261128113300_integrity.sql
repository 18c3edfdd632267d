-- What shows that somebody went past the guards: triggers that are off, a live row that the journal does not know, a
-- chain that does not follow itself, a head that was seen and is gone.

-- `always`: it fires whatever session_replication_role says.
create function sluice.guard_faults() returns table (relation text, guard text, fault text)
language sql stable security definer set search_path = '' as $$
  select w.relation, w.name, case
    when to_regclass(w.relation) is null then 'its table is not there'
    when t.oid is null then 'is not there'
    when t.tgenabled = 'D' then 'is disabled'
    when t.tgenabled = 'R' or (w.is_always and t.tgenabled <> 'A') then 'is not ENABLE ALWAYS'
    when t.tgfoid <> to_regproc(w.calls) then 'calls another function' end
  from (values
    ('public.feature_flags', 'zz_sluice_guard', true, 'sluice.guard_flag'),
    ('public.feature_flags', 'zz_sluice_journal', true, 'sluice.write_journal'),
    ('public.feature_flags', 'zz_sluice_truncate', true, 'sluice.refuse_truncate'),
    ('sluice.journal', 'append_only', true, 'sluice.refuse'),
    ('sluice.journal', 'append_only_truncate', true, 'sluice.refuse'),
    ('sluice.journal', 'plain_text', true, 'sluice.refuse_hidden_text'),
    ('public.analytics_logs', 'a_sluice_guard', false, 'sluice.guard_event'),
    ('public.analytics_logs', 'a_sluice_guard_update', false, 'sluice.guard_event'),
    ('public.analytics_logs', 'sluice_count', false, 'sluice.count_events')) w (relation, name, is_always, calls)
  left join pg_catalog.pg_trigger t on t.tgrelid = to_regclass(w.relation) and t.tgname = w.name
  where to_regproc(w.calls) is not null and (to_regclass(w.relation) is null or t.oid is null
    or t.tgfoid <> to_regproc(w.calls) or t.tgenabled in ('D', 'R') or (w.is_always and t.tgenabled <> 'A'))
  order by 1, 2 $$;

-- Each flag beside the newest row of its journal.
create function sluice.live_faults() returns table (flag_key text, seq bigint, fault text)
language sql stable security definer set search_path = '' as $$
  with newest as (
    select distinct on (j.flag_key) j.flag_key, j.seq, j.verb, j.version, j.becomes, j.stage_to
    from sluice.journal j order by j.flag_key, j.seq desc
  )
  select coalesce(f.flag_key, j.flag_key), coalesce(j.seq, 0) + 1, case
    when f.flag_key is null then 'the flag was deleted without a row here'
    when j.seq is null or j.verb = 'delete' or f.version is distinct from j.version then 'the flag has changed without a row here'
    else 'the live row is not what the newest row here says' end
  from newest j full join public.feature_flags f on f.flag_key = j.flag_key
  where (f.flag_key is null and j.verb <> 'delete')
    or (f.version > 0 and (j.seq is null or j.verb = 'delete' or f.version is distinct from j.version
      or coalesce(f.flag_value_text, f.flag_value::text) is distinct from j.becomes or f.stage is distinct from j.stage_to))
    -- Ours at version 0 has never passed the guard; one that was adopted though it is invalid is said as such.
    or (f.version = 0 and ((f.flag_key = 'GEN_PROVIDER_WEIGHTS' and sluice.weights_fault(f.flag_value_text) is null)
      or (f.flag_key = 'GEN_ROLLOUT_POLICY' and sluice.policy_fault(f.flag_value_text) is null))) $$;

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
    select h.flag_key, h.seq, case when j.seq is null or j.seq < h.seq then 'the newest rows are missing'
      else 'the head is not the newest row' end
    from sluice.journal_head h
    left join lateral (select j.seq, j.hash from sluice.journal j where j.flag_key = h.flag_key
      order by j.seq desc limit 1) j on true
    where h.seq <> coalesce(j.seq, 0) or h.hash <> coalesce(j.hash, decode('00', 'hex'))
    union all
    select j.flag_key, max(j.seq), 'the head of the chain is gone' from sluice.journal j
    where not exists (select from sluice.journal_head h where h.flag_key = j.flag_key)
    group by j.flag_key
    union all
    select l.flag_key, l.seq, l.fault from sluice.live_faults() l
  ) x
  where x.fault is not null
  order by x.flag_key, x.seq $$;

-- The newest row of each of our chains; whoever keeps these outside of the database can tell later whether they hold.
create function sluice.journal_heads() returns table (flag_key text, seq bigint, hash text)
language sql stable security definer set search_path = '' as $$
  select distinct on (j.flag_key) j.flag_key, j.seq, encode(j.hash, 'hex') from sluice.journal j
  where j.flag_key ~ '_(WEIGHTS|POLICY)$'
  order by j.flag_key, j.seq desc $$;

-- Heads that were seen once and are not in the chain any more.
create function sluice.anchor_faults(anchors jsonb) returns table (flag_key text, seq bigint, fault text)
language sql stable security definer set search_path = '' as $$
  select a.flag_key, a.seq, case when j.seq is null then 'was there when it was anchored, and is gone'
    else 'is not the row that was anchored: the chain was written anew' end
  from jsonb_to_recordset(anchors) a (flag_key text, seq bigint, hash text)
  left join sluice.journal j on j.flag_key = a.flag_key and j.seq = a.seq
  where encode(j.hash, 'hex') is distinct from a.hash
  order by 1, 2 $$;

-- An actor that a session claims is believed of the product's own roles: the owner, and those granted one of ours.
-- `login` says in each row of the journal who it really was.
create function sluice.is_own_session() returns boolean language sql stable security definer set search_path = '' as $$
  select exists (
    select from pg_catalog.pg_roles r
    where (r.oid = (select c.relowner from pg_catalog.pg_class c where c.oid = to_regclass('sluice.journal'))
      or r.rolname in ('sluice_web', 'sluice_watchdog', 'sluice_cli'))
      and pg_catalog.pg_has_role(session_user, r.oid, 'member')) $$;

create or replace function sluice.actor() returns text language sql stable set search_path = '' as $$
  select coalesce(case when sluice.is_own_session() then sluice.said('actor') end, 'sql:' || session_user) $$;

revoke all on function sluice.guard_faults(), sluice.live_faults(), sluice.journal_heads(), sluice.anchor_faults(jsonb),
  sluice.is_own_session() from public;
do $$
declare grantee text;
begin
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on function sluice.guard_faults(), sluice.live_faults(), sluice.journal_heads(),
      sluice.anchor_faults(jsonb), sluice.is_own_session() from %I', grantee);
  end loop;
end $$;
