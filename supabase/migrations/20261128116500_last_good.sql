-- The weights row as the guard last let it pass. Processes route by it while the row is gone or holds what cannot be
-- used, so it is the state from which the next valid write starts: its clocks, its latch, its pause.
create table sluice.last_good (
  flag_key text primary key,
  -- As jsonb: a column of the table's row type would keep its owners from altering their table.
  row jsonb not null
);
alter table sluice.last_good enable row level security;

create function sluice.last_good_row(key text) returns setof public.feature_flags
language sql stable security definer set search_path = '' as $$
  select p.* from sluice.last_good g, jsonb_populate_record(null::public.feature_flags, g.row) p
  where g.flag_key = key $$;

create function sluice.keep_last_good() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into sluice.last_good (flag_key, row) values (new.flag_key, to_jsonb(new))
  on conflict (flag_key) do update set row = excluded.row;
  return null;
end $$;

create trigger zz_sluice_last_good after insert or update on public.feature_flags
  for each row when (new.flag_key = 'GEN_PROVIDER_WEIGHTS') execute function sluice.keep_last_good();
alter table public.feature_flags enable always trigger zz_sluice_last_good;

insert into sluice.last_good (flag_key, row)
select f.flag_key, to_jsonb(f) from public.feature_flags f
where f.flag_key = 'GEN_PROVIDER_WEIGHTS' and f.stage is not null and sluice.weights_fault(f.flag_value_text) is null;

-- What a write of the weights starts from: the row, or the last good one where the row is gone or cannot be used.
create function sluice.stands_at(stored public.feature_flags, key text) returns public.feature_flags
language plpgsql stable security definer set search_path = '' as $$
declare
  good public.feature_flags;
begin
  if stored.stage is not null and sluice.weights_fault(stored.flag_value_text) is null then
    return stored;
  end if;
  select * into good from sluice.last_good_row(key);
  if not found then
    return stored;
  elsif stored.stage is null then
    return good;
  end if;
  stored.flag_value_text := good.flag_value_text;
  return stored;
end $$;

create or replace function sluice.guard_flag() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  ours constant text[] := '{GEN_PROVIDER_WEIGHTS,GEN_ROLLOUT_POLICY}';
  fault text;
  nobody public.feature_flags;
begin
  if tg_op = 'DELETE' then
    if old.flag_key = 'GEN_ROLLOUT_POLICY' then
      fault := sluice.policy_change_fault(sluice.default_policy());
      if fault is not null then
        raise exception using errcode = '22023', message = format('%s was not deleted: %s', old.flag_key, fault);
      end if;
    end if;
    return old;
  end if;
  if tg_op = 'UPDATE' and new.flag_key <> old.flag_key and (new.flag_key = any (ours) or old.flag_key = any (ours)) then
    raise exception using errcode = '22023',
      message = format('%s cannot be renamed to %s; insert the new flag instead', old.flag_key, new.flag_key);
  end if;
  if new.flag_key = 'GEN_PROVIDER_WEIGHTS' then
    fault := sluice.weights_fault(new.flag_value_text);
  elsif new.flag_key = 'GEN_ROLLOUT_POLICY' then
    fault := coalesce(sluice.policy_fault(new.flag_value_text),
      sluice.policy_change_fault(sluice.default_policy() || new.flag_value_text::jsonb));
  end if;
  if fault is not null then
    raise exception using errcode = '22023', message = format('%s was not changed: %s', new.flag_key, fault),
      hint = case new.flag_key when 'GEN_PROVIDER_WEIGHTS'
        then 'Weights are provider → share, each 0..1, adding up to 1.'
        else 'select sluice.policy() shows the policy in force.' end;
  end if;
  if new.flag_key = 'GEN_PROVIDER_WEIGHTS' then
    new := sluice.keep_state(
      sluice.stands_at(case when tg_op = 'UPDATE' then old else nobody end, new.flag_key), new);
  end if;
  new.version := nextval('sluice.flag_versions');
  return new;
end $$;

-- A project's default privileges may have handed them out.
do $$
declare
  grantee text;
begin
  for grantee in
    select 'public' union all
    select quote_ident(r.rolname) from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated')
  loop
    execute format('revoke all on sluice.last_good from %s', grantee);
    execute format('revoke all on function sluice.last_good_row(text), sluice.keep_last_good(),
      sluice.stands_at(public.feature_flags, text) from %s', grantee);
  end loop;
end $$;

-- What each process routes by, so that the watchdog judges that where the row says nothing usable.
alter table sluice.instances add column weights jsonb;
