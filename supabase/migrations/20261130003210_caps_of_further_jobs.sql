-- What a relay makes of another job, such as a remix, is drawn by no split and counts for no arm; what may be spent on the
-- relay holds for it all the same.

-- null: the caps of no split hold for it.
create function sluice.capped_split(of_door text, of_split text, request jsonb) returns text language sql immutable set search_path = ''
return coalesce(nullif(of_split, ''), case when of_door = 'relay' then request ->> 'of_split' end);

create or replace function sluice.hold_jobs() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into sluice.ledger (job, kind, day, caller, split, arm, provider, held_usd, cost_basis, begun, at)
  select n.id, 'hold', (n.created_at at time zone 'UTC')::date, n.caller,
    coalesce(sluice.capped_split(n.door, n.split, n.request), ''), n.arm, n.provider,
    coalesce(n.hold_usd, 0), case when n.hold_usd is null then 'unknown' else 'price_list' end, 1, n.created_at
  from begun n;
  return null;
end $$;

-- As before, by the split whose caps hold.
create or replace function sluice.begin_jobs(rows jsonb, waits boolean default true) returns table (id uuid, created_at timestamptz, over jsonb)
language plpgsql volatile security definer set search_path = '' set lock_timeout = '1s' as $$
declare
  ids uuid[];
  locks bigint[];
  later uuid[];
  missed bigint[] := '{}';
  each record;
begin
  select array_agg(r.id), array_agg(r.lock) into ids, locks
  from (
    select (r.value ->> 'id')::uuid as id, hashtextextended('sluice.quota caller ' || c.name, 0) as lock
    from jsonb_array_elements(rows) r join sluice.callers c on c.name = r.value ->> 'caller'
    where c.quota -> 'jobs' <> '{}'
    union all
    select (r.value ->> 'id')::uuid, hashtextextended('sluice.quota split ' || s.key, 0)
    from jsonb_array_elements(rows) r
    join sluice.splits s on s.key = sluice.capped_split(r.value ->> 'door', r.value ->> 'split', r.value -> 'request')
    where s.quota -> 'jobs' <> '{}'
  ) r;
  if ids is null then
    return query select w.id, w.created_at, null::jsonb from sluice.write_jobs(rows) w;
    return;
  end if;
  for each in select distinct l.lock from unnest(locks) l (lock) order by 1 loop
    if waits then
      perform pg_advisory_xact_lock(each.lock);
    elsif not pg_try_advisory_xact_lock(each.lock) then
      missed := missed || each.lock;
    end if;
  end loop;
  later := array(select l.id from unnest(ids, locks) l (id, lock) where l.lock = any (missed));
  return query
    select w.id, w.created_at, null::jsonb from sluice.write_jobs((
      select coalesce(jsonb_agg(r.value), '[]') from jsonb_array_elements(rows) r where (r.value ->> 'id')::uuid <> all (ids))) w;
  for each in
    select r.value as line, coalesce((r.value ->> 'hold_usd')::numeric, 0) as hold, c.name as caller, s.key, s.slug,
      c.quota -> 'jobs' as of_caller, s.quota -> 'jobs' as of_split
    from jsonb_array_elements(rows) with ordinality r (value, n)
    left join sluice.callers c on c.name = r.value ->> 'caller'
    left join sluice.splits s on s.key = sluice.capped_split(r.value ->> 'door', r.value ->> 'split', r.value -> 'request')
    where (r.value ->> 'id')::uuid = any (ids) and (r.value ->> 'id')::uuid <> all (later) order by r.n
  loop
    id := (each.line ->> 'id')::uuid;
    created_at := null;
    over := sluice.quota_breach('caller', each.caller, each.caller, each.of_caller, each.hold);
    if over is null then
      over := sluice.quota_breach('split', each.key, each.slug, each.of_split, each.hold);
    end if;
    if over is null then
      select w.created_at into created_at from sluice.write_jobs(jsonb_build_array(each.line)) w;
    end if;
    return next;
  end loop;
end $$;

do $$
declare
  grantee text;
begin
  revoke all on function sluice.capped_split(text, text, jsonb) from public;
  -- The default privileges of a Supabase project hand out what is made.
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on function sluice.capped_split(text, text, jsonb) from %I', grantee);
  end loop;
end $$;

select sluice.grant_roles(on_adopted => false);
