-- A provider that is off or draining is not the baseline's of a split in use: a rollback would lead to nothing. It was
-- refused the state; now what would lead there from the other side is refused as well.
create function sluice.stranded_fault(of_split text, arm text, of_provider text) returns text
language sql stable security definer set search_path = '' as $$
  select format('arm "%s" needs provider %s, which is %s: %s; set its state to active first', arm, p.name, p.state, u.used)
  from sluice.providers p, lateral (select sluice.arm_use(of_split, arm) as used) u
  where p.name = of_provider and p.state <> 'active' and u.used ~ '(now|baseline)' $$;
revoke all on function sluice.stranded_fault(text, text, text) from public;
do $$
declare grantee text;
begin
  -- The default privileges of a Supabase project hand out what is made.
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on function sluice.stranded_fault(text, text, text) from %I', grantee);
  end loop;
end $$;

create or replace function sluice.guard_registry() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  fault text; named text; used text;
begin
  case tg_table_name
    when 'splits' then
      named := 'split ' || coalesce(new.key, old.key, '?');
      if tg_op = 'DELETE' then
        fault := coalesce(sluice.split_removal_fault(old.key, old.is_default),
          case when exists (select from public.feature_flags f where f.flag_key in (old.key, sluice.policy_key(old.key)))
            then 'its weights or its policy are still in feature_flags; archive it, or delete those rows first' end);
      else
        if tg_op = 'UPDATE' and new.key <> old.key then
          fault := format('key cannot change from "%s" to "%s"; change the slug or the label', old.key, new.key);
        elsif tg_op = 'UPDATE' and new.kind <> old.kind then
          fault := format('kind cannot change from "%s" to "%s"; make another split', old.kind, new.kind);
        elsif tg_op = 'UPDATE' and old.archived_at is null and new.archived_at is not null then
          fault := sluice.split_removal_fault(old.key, old.is_default);
        elsif tg_op = 'UPDATE' and old.archived_at is not null and new.archived_at is null then
          select sluice.stranded_fault(a.split, a.name, a.provider) into fault from sluice.arms a
          where a.split = old.key order by 1 limit 1;
        end if;
        fault := coalesce(fault, sluice.split_fault(new));
      end if;
    when 'arms' then
      named := format('arm %s of %s', coalesce(new.name, old.name, '?'), coalesce(new.split, old.split, '?'));
      if tg_op = 'DELETE' or (tg_op = 'UPDATE' and (new.name, new.split) <> (old.name, old.split)) then
        -- A split that goes takes its arms along.
        used := case when exists (select from sluice.splits s where s.key = old.split) then sluice.arm_use(old.split, old.name) end;
        fault := case when used is not null then 'it is still used: ' || used || '; take it out of weights and policy first' end;
      elsif tg_op = 'UPDATE' and (new.provider, new.model, new.params) is distinct from (old.provider, old.model, old.params) then
        used := sluice.arm_use(old.split, old.name);
        fault := case when used like '% now' then 'it serves traffic: ' || used || '; make another arm and move to it in stages'
          when new.provider <> old.provider then sluice.stranded_fault(new.split, new.name, new.provider) end;
      end if;
      if tg_op <> 'DELETE' then fault := coalesce(fault, sluice.arm_fault(new)); end if;
    when 'providers' then
      named := 'provider ' || coalesce(new.name, old.name, '?');
      if tg_op = 'DELETE' then
        select string_agg(format('%s of %s', a.name, a.split), ', ') into used from sluice.arms a where a.provider = old.name;
        fault := case when used is not null then 'arms still need it: ' || used end;
      elsif tg_op = 'UPDATE' and new.name <> old.name then
        fault := format('name cannot change from "%s" to "%s", which events and jobs know; change the label', old.name, new.name);
      else
        fault := sluice.provider_fault(new);
      end if;
    when 'models' then
      named := format('model %s of %s', coalesce(new.alias, old.alias, '?'), coalesce(new.provider, old.provider, '?'));
      if tg_op <> 'DELETE' then fault := sluice.model_fault(new); end if;
    when 'callers' then
      named := 'caller ' || coalesce(new.name, old.name, '?');
      if tg_op = 'UPDATE' and new.name <> old.name then
        fault := format('name cannot change from "%s" to "%s"; jobs and events know it', old.name, new.name);
      elsif tg_op <> 'DELETE' then
        fault := sluice.caller_fault(new);
      end if;
    when 'caller_keys' then
      named := 'key of caller ' || coalesce(new.caller, old.caller, '?');
      if tg_op <> 'DELETE' then fault := sluice.caller_key_fault(new); end if;
    when 'provider_keys' then
      named := format('key %s of provider %s', coalesce(new.version, old.version), coalesce(new.provider, old.provider, '?'));
      if tg_op <> 'DELETE' then fault := sluice.provider_key_fault(new); end if;
  end case;
  if fault is not null then
    raise exception using errcode = '22023',
      message = format('%s was not %s: %s', named,
        case tg_op when 'INSERT' then 'added' when 'DELETE' then 'removed' else 'changed' end, fault);
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;

create or replace function sluice.policy_change_fault_of(split text, becomes jsonb) returns text
language plpgsql stable set search_path = '' as $$
declare
  was constant jsonb := sluice.policy_of(split);
  weights jsonb; of_stage text; name text; old_names text; new_names text; rests boolean; fault text;
begin
  if becomes ->> 'baseline' is distinct from was ->> 'baseline' then
    select format('policy.baseline is "%s", whose provider %s is %s; set its state to active first', a.name, p.name, p.state)
    into fault from sluice.splits s join sluice.arms a on a.split = s.key join sluice.providers p on p.name = a.provider
    where s.key = policy_change_fault_of.split and s.archived_at is null and a.name = becomes ->> 'baseline' and p.state <> 'active';
    if fault is not null then return fault; end if;
  end if;
  if was is null then return null; end if;
  old_names := (select string_agg(c, ', ' order by c collate "C") from unnest(sluice.candidates_of(was)) c);
  new_names := (select string_agg(c, ', ' order by c collate "C") from unnest(sluice.candidates_of(becomes)) c);
  if becomes is not null and becomes ->> 'baseline' = was ->> 'baseline' and old_names = new_names then
    return null;
  end if;
  select f.flag_value_text::jsonb, f.stage into weights, of_stage from public.feature_flags f
  where f.flag_key = split and sluice.weights_fault_of(split, f.flag_value_text) is null;
  if weights is null then
    return null;
  end if;
  rests := sluice.at_rest(weights, was);
  if becomes is null then
    return case when not rests then format('%s is at %s; roll it back first', split, coalesce(of_stage, 'a rollout')) end;
  elsif not rests and becomes ->> 'baseline' <> was ->> 'baseline' then
    return format('policy.baseline cannot change from "%s" to "%s" in %s; roll back first',
      was ->> 'baseline', becomes ->> 'baseline', coalesce(of_stage, 'a rollout'));
  elsif not rests then
    return format('policy.%s cannot change from "%s" to "%s" in %s; roll back first',
      case when was ? 'candidates' or becomes ? 'candidates' then 'candidates' else 'candidate' end,
      old_names, new_names, coalesce(of_stage, 'a rollout'));
  end if;
  foreach name in array (becomes ->> 'baseline') || sluice.candidates_of(becomes) loop
    if not weights ? name then
      return format('the weights in %s do not name "%s"; write them with "%s": 0 first', split, name, name);
    end if;
  end loop;
  return null;
end $$;
