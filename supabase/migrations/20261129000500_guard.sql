-- What may be written to our two flags, and what a write of the weights means for the rollout. These are triggers and not
-- checks, so that their sentences reach whoever writes by SQL. Other flags only get a version and a journal row.

create function sluice.baseline_cost(policy jsonb, until timestamptz) returns numeric
language plpgsql stable security definer set search_path = '' as $$
begin
  return sluice.baseline_mean(policy ->> 'baseline', until);
exception when others then
  -- A cost that cannot be had must not stop a write of the weights.
  raise warning 'the baseline''s cost could not be measured: %', sqlerrm;
  return null;
end $$;

-- Computes the state columns; what was written to them by hand is overwritten. For pause, resume and re-arm the setting
-- sluice.verb says so, and the weights stay as they are.
create function sluice.keep_state(was public.feature_flags, becomes public.feature_flags) returns public.feature_flags
language plpgsql volatile set search_path = '' as $$
declare
  policy constant jsonb := sluice.policy();
  verb constant text := sluice.said('verb');
  -- Whole milliseconds: what JavaScript reads is what SQL compares.
  instant constant timestamptz := date_trunc('milliseconds', clock_timestamp());
  old_weights jsonb;
  new_weights constant jsonb := becomes.flag_value_text::jsonb;
  is_changed boolean;
  is_candidate_out boolean;
begin
  -- What we never saw (a row being adopted) or what got past the guard (a restored dump) counts as unknown.
  old_weights := case when was.stage is not null and sluice.weights_fault(was.flag_value_text) is null
    then was.flag_value_text::jsonb end;
  is_changed := old_weights is null or not sluice.same_weights(old_weights, new_weights);
  is_candidate_out := coalesce(sluice.share_of(old_weights, policy ->> 'candidate'), 0) = 0;
  becomes.stage_started_at := was.stage_started_at;
  becomes.stage_by := was.stage_by;
  becomes.rollout_started_at := was.rollout_started_at;
  becomes.baseline_cost_usd := was.baseline_cost_usd;
  becomes.paused_at := was.paused_at;
  becomes.paused_by := was.paused_by;
  becomes.pause_reason := was.pause_reason;
  becomes.paused_for := coalesce(was.paused_for, '0');
  becomes.latched_at := was.latched_at;
  becomes.latched_by := was.latched_by;
  becomes.latch_reason := was.latch_reason;

  if verb = 'pause' and was.paused_at is null then
    becomes.paused_at := instant;
    becomes.paused_by := sluice.actor();
    becomes.pause_reason := sluice.said('reason');
  elsif verb = 'resume' and was.paused_at is not null then
    becomes.paused_for := becomes.paused_for + (instant - greatest(was.paused_at, was.stage_started_at));
    becomes.paused_at := null;
    becomes.paused_by := null;
    becomes.pause_reason := null;
  elsif verb = 'rearm' then
    becomes.latched_at := null;
    becomes.latched_by := null;
    becomes.latch_reason := null;
  end if;

  if is_changed then
    if not sluice.at_rest(new_weights, policy) then
      becomes.latched_at := null;
      becomes.latched_by := null;
      becomes.latch_reason := null;
    elsif (old_weights is not null and not sluice.at_rest(old_weights, policy))
      -- What was there is not known, and was taken back all the same.
      or (old_weights is null and verb = 'rollback' and was.flag_value_text is not null) then
      becomes.latched_at := instant;
      becomes.latched_by := sluice.actor();
      becomes.latch_reason := sluice.said('reason');
      -- There is nothing left to pause.
      becomes.paused_at := null;
      becomes.paused_by := null;
      becomes.pause_reason := null;
    end if;
    if is_candidate_out and sluice.share_of(new_weights, policy ->> 'candidate') > 0 then
      becomes.rollout_started_at := instant;
      becomes.baseline_cost_usd := sluice.baseline_cost(policy, instant);
    end if;
    becomes.stage_started_at := instant;
    becomes.stage_by := sluice.actor();
    becomes.paused_for := '0';
  end if;
  becomes.stage := sluice.stage_of(new_weights, policy, becomes.latched_at is not null);
  return becomes;
end $$;

-- A policy that is valid by itself may still not fit the rollout that is running.
create function sluice.policy_change_fault(becomes jsonb) returns text language plpgsql stable set search_path = '' as $$
declare
  was constant jsonb := sluice.policy();
  weights jsonb; stage text; name text;
begin
  if becomes ->> 'baseline' = was ->> 'baseline' and becomes ->> 'candidate' = was ->> 'candidate' then
    return null;
  end if;
  select f.flag_value_text::jsonb, f.stage into weights, stage from public.feature_flags f
  where f.flag_key = 'GEN_PROVIDER_WEIGHTS' and sluice.weights_fault(f.flag_value_text) is null;
  if weights is null then
    return null;
  end if;
  foreach name in array '{baseline,candidate}'::text[] loop
    if becomes ->> name is distinct from was ->> name and not sluice.at_rest(weights, was) then
      return format('policy.%s cannot change from "%s" to "%s" in %s; roll back first',
        name, was ->> name, becomes ->> name, coalesce(stage, 'a rollout'));
    end if;
  end loop;
  foreach name in array array[becomes ->> 'baseline', becomes ->> 'candidate'] loop
    if not weights ? name then
      return format('the weights in GEN_PROVIDER_WEIGHTS do not name "%s"; write them with "%s": 0 first', name, name);
    end if;
  end loop;
  return null;
end $$;

-- The weights row as the guard last passed it. Processes route by it while the row is gone or cannot be used, so the next
-- valid write starts from its clocks, its latch and its pause.
create table sluice.last_good (
  flag_key text primary key,
  -- As jsonb: a column of the table's row type would keep the owners of an adopted table from altering it.
  row jsonb not null
);
alter table sluice.last_good enable row level security;

create function sluice.last_good_row(key text) returns setof public.feature_flags
language sql stable security definer set search_path = '' as $$
  select p.* from sluice.last_good g, jsonb_populate_record(null::public.feature_flags, g.row) p
  where g.flag_key = key $$;

-- Keeps only what the guard would pass: this trigger may fire while the guard's is off.
create function sluice.keep_last_good() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if new.stage is not null and sluice.weights_fault(new.flag_value_text) is null then
    insert into sluice.last_good (flag_key, row) values (new.flag_key, to_jsonb(new))
    on conflict (flag_key) do update set row = excluded.row;
  end if;
  return null;
end $$;

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

create function sluice.guard_flag() returns trigger
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

create function sluice.refuse_truncate() returns trigger language plpgsql set search_path = '' as $$
begin
  raise exception using errcode = '42501',
    message = 'feature_flags cannot be truncated: its rows route live traffic',
    hint = 'Delete the rows you mean; that is journaled.';
end $$;

-- The names put them last: what another trigger changed is judged too.
create trigger zz_sluice_guard before insert or update or delete on public.feature_flags
  for each row execute function sluice.guard_flag();
create trigger zz_sluice_journal after insert or update or delete on public.feature_flags
  for each row execute function sluice.write_journal();
create trigger zz_sluice_last_good after insert or update on public.feature_flags
  for each row when (new.flag_key = 'GEN_PROVIDER_WEIGHTS') execute function sluice.keep_last_good();
create trigger zz_sluice_truncate before truncate on public.feature_flags
  for each statement execute function sluice.refuse_truncate();
alter table public.feature_flags enable always trigger zz_sluice_guard;
alter table public.feature_flags enable always trigger zz_sluice_journal;
alter table public.feature_flags enable always trigger zz_sluice_last_good;
alter table public.feature_flags enable always trigger zz_sluice_truncate;

-- Rows of ours in an adopted table are written once with what they hold, so that stage, version and journal begin.
do $$
declare
  adopted record;
begin
  for adopted in
    select f.flag_key, case f.flag_key when 'GEN_PROVIDER_WEIGHTS' then sluice.weights_fault(f.flag_value_text)
      else sluice.policy_fault(f.flag_value_text) end as fault
    from public.feature_flags f
    where f.flag_key in ('GEN_PROVIDER_WEIGHTS', 'GEN_ROLLOUT_POLICY')
    order by f.flag_key desc
  loop
    if adopted.fault is not null then
      raise warning '% is kept as it is, but it is not valid: %', adopted.flag_key, adopted.fault;
      continue;
    end if;
    perform set_config('sluice.verb', 'adopt', true), set_config('sluice.actor', 'migration', true);
    update public.feature_flags set flag_value_text = flag_value_text where flag_key = adopted.flag_key;
    perform set_config('sluice.verb', '', true), set_config('sluice.actor', '', true);
  end loop;
end $$;
