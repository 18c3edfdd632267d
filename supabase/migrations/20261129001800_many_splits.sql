-- The guard of many splits with several candidates each. What was the first split's alone is every registered split's; the
-- functions without a split go on being those of the first. A *_WEIGHTS row no split is registered for is a foreign flag.

-- By candidate: when its rollout began, and whether it is latched. Of an only candidate it says what the row says.
alter table public.feature_flags add column if not exists rollout_arms jsonb;

-- Whose weights or policy a flag holds; null for a foreign flag.
create function sluice.split_of(flag text) returns text language sql stable security definer set search_path = '' as $$
  select s.key from sluice.splits s where s.key = flag
  union all
  select s.key from sluice.splits s where sluice.policy_key(s.key) = flag
  limit 1 $$;

create function sluice.candidates_of(policy jsonb) returns text[] immutable language sql
return case when jsonb_typeof(policy -> 'candidates') = 'array'
  then array(select c.name from jsonb_array_elements_text(policy -> 'candidates') with ordinality c (name, place) order by c.place)
  else array_remove(array[policy ->> 'candidate'], null) end;

-- What a stored policy leaves out. Only the first split has a plan by default; the other rules are every split's.
create function sluice.whole_policy(split text, given jsonb) returns jsonb immutable language sql
return (case when split = 'GEN_PROVIDER_WEIGHTS' then sluice.default_policy()
    else sluice.default_policy() - '{baseline,candidate,stages,rollback}'::text[] end
  - case when given ? 'candidates' then 'candidate' else '' end) || given;

-- For the shares inside a policy. The weights of a split are judged by weights_fault_of, which reads the text itself.
create function sluice.shares_fault_of(place text, value jsonb, named text[], arms text[]) returns text
language plpgsql immutable set search_path = '' as $$
declare
  member text; share jsonb; total numeric := 0;
begin
  if value is null or jsonb_typeof(value) <> 'object' then
    return sluice.place_fault(place, value, 'must be an object of shares such as {"fal":0.9,"runware":0.1}');
  end if;
  for member, share in select * from jsonb_each(value) loop
    if coalesce(sluice.number_of(share) between 0 and 1, false) is false then
      return sluice.place_fault(place || '.' || left(member, 64), share, 'must be a share from 0 to 1');
    end if;
    total := total + sluice.number_of(share);
  end loop;
  if abs(total - 1) > 0.000001 then
    return format('%s adds up to %s; shares must add up to 1', place, trim_scale(round(total, 9)));
  end if;
  foreach member in array named loop
    if not value ? member then
      return format('%s does not name "%s"; it must name the baseline and %s candidate', place, member,
        case when cardinality(named) > 2 then 'every' else 'the' end);
    end if;
  end loop;
  for member in select k.key from jsonb_object_keys(value) k (key) order by k.key collate "C" loop
    if member <> all (arms) then
      return format('%s names "%s", which is no arm of this split; its arms are %s', place, left(member, 64),
        array_to_string(arms, ', '));
    end if;
  end loop;
  return null;
end $$;

create function sluice.arms_of_split(of_split text) returns text[] language sql stable security definer set search_path = '' as $$
  select coalesce(array_agg(a.name order by a.name collate "C"), '{}') from sluice.arms a where a.split = of_split $$;

-- From step to step the one candidate's share rises; of several none falls, and at least one rises.
create function sluice.step_fault(place text, candidates text[], before jsonb, weights jsonb) returns text
language plpgsql immutable set search_path = '' as $$
declare
  arm text; share numeric; was numeric; rises boolean := false;
begin
  foreach arm in array candidates loop
    share := sluice.number_of(weights -> arm);
    was := sluice.number_of(before -> arm);
    rises := rises or share > was;
    if cardinality(candidates) = 1 and share <= was then
      return format('%s.weights gives %s %s; it must be more than %s, what the step before gives', place, arm,
        trim_scale(share), trim_scale(was));
    elsif share < was then
      return format('%s.weights gives %s %s; it must not be less than %s, what the step before gives', place, arm,
        trim_scale(share), trim_scale(was));
    end if;
  end loop;
  return case when not rises then place
    || '.weights gives no candidate more than the step before; at least one share must rise' end;
end $$;

create function sluice.stages_fault_of(policy jsonb, arms text[]) returns text language plpgsql immutable set search_path = '' as $$
declare
  candidates constant text[] := sluice.candidates_of(policy);
  named constant text[] := (policy ->> 'baseline') || candidates;
  stages constant jsonb := policy -> 'stages';
  stage jsonb; place text; fault text; seen text[] := '{}'; i int := 0; before jsonb := policy -> 'rollback';
begin
  if jsonb_typeof(stages) <> 'array' then return sluice.place_fault('policy.stages', stages, 'must be a list of stages'); end if;
  if jsonb_array_length(stages) not between 1 and 12 then
    return format('policy.stages has %s stages; it must have 1 to 12', jsonb_array_length(stages));
  end if;
  fault := sluice.shares_fault_of('policy.rollback', before, named, arms);
  if fault is not null then return fault; end if;
  for stage in select * from jsonb_array_elements(stages) loop
    place := format('policy.stages[%s]', i);
    i := i + 1;
    if jsonb_typeof(stage) <> 'object' then
      return sluice.place_fault(place, stage, 'must be an object with name, weights and observe');
    end if;
    fault := sluice.key_fault(place, stage, '{name,weights,observe}');
    if fault is not null then return fault; end if;
    if coalesce(jsonb_typeof(stage -> 'name') = 'string' and stage ->> 'name' ~ '^[A-Za-z0-9][A-Za-z0-9 ._-]{0,31}$', false) is false then
      return sluice.place_fault(place || '.name', stage -> 'name', 'must be 1 to 32 letters, digits, spaces, ".", "_" or "-"');
    elsif stage ->> 'name' in ('baseline', 'rolled_back', 'custom') then
      return sluice.place_fault(place || '.name', stage -> 'name', 'is the name of a state, not of a stage');
    elsif stage ->> 'name' = any (seen) then
      return format('policy.stages names "%s" twice; names must be unique', stage ->> 'name');
    end if;
    seen := seen || (stage ->> 'name');
    fault := sluice.shares_fault_of(place || '.weights', stage -> 'weights', named, arms);
    if fault is not null then return fault; end if;
    if stage -> 'observe' is null or stage -> 'observe' <> 'null' then
      fault := sluice.duration_fault(place || '.observe', stage -> 'observe', 10, 7776000, '10s to 90d');
      if fault is not null then return fault; end if;
    end if;
    fault := sluice.step_fault(place, candidates, before, stage -> 'weights');
    if fault is not null then return fault; end if;
    before := stage -> 'weights';
  end loop;
  return null;
end $$;

-- Who is baseline and who are candidates.
create function sluice.roles_fault(split text, given jsonb, policy jsonb) returns text
language plpgsql immutable set search_path = '' as $$
declare
  rule constant text := 'must be a provider: 1 to 32 small letters, digits, "_" or "-", a letter first';
  pattern constant text := '^[a-z][a-z0-9_-]{0,31}$';
  candidates text[]; role text; i int := 0;
begin
  if split <> 'GEN_PROVIDER_WEIGHTS' then
    foreach role in array '{baseline,candidate,stages,rollback}'::text[] loop
      if not given ? role and not (role = 'candidate' and given ? 'candidates') then
        return format('policy.%s is missing; it must be said: only the first split has a plan by default', role);
      end if;
    end loop;
  end if;
  foreach role in array '{baseline,candidate}'::text[] loop
    continue when role = 'candidate' and not policy ? 'candidate';
    if coalesce(jsonb_typeof(policy -> role) = 'string' and policy ->> role ~ pattern, false) is false then
      return sluice.place_fault('policy.' || role, policy -> role, rule);
    end if;
  end loop;
  if given ? 'candidates' then
    if jsonb_typeof(given -> 'candidates') <> 'array' then
      return sluice.place_fault('policy.candidates', given -> 'candidates', 'must be a list of arms such as ["runware"]');
    end if;
    if jsonb_array_length(given -> 'candidates') not between 1 and 7 then
      return sluice.place_fault('policy.candidates', given -> 'candidates', case jsonb_array_length(given -> 'candidates')
        when 0 then 'must name at least one candidate' else 'must name at most 7 candidates' end);
    end if;
    for i in 0 .. jsonb_array_length(given -> 'candidates') - 1 loop
      if coalesce(jsonb_typeof(given -> 'candidates' -> i) = 'string' and given -> 'candidates' ->> i ~ pattern, false) is false then
        return sluice.place_fault(format('policy.candidates[%s]', i), given -> 'candidates' -> i, rule);
      end if;
    end loop;
    if given ? 'candidate' then
      return sluice.place_fault('policy.candidates', given -> 'candidates', 'must not stand beside policy.candidate');
    end if;
  end if;
  candidates := sluice.candidates_of(policy);
  if policy ->> 'baseline' = any (candidates) then
    return format('policy.%s "%s"; it must differ from policy.baseline',
      case when cardinality(candidates) = 1 then 'candidate is' else 'candidates has' end, policy ->> 'baseline');
  end if;
  select c.name into role from unnest(candidates) c (name) group by c.name having count(*) > 1 limit 1;
  if found then return format('policy.candidates has "%s" twice; each arm once', role); end if;
  return null;
end $$;

-- Null when the text is a good policy of that split, else a sentence: the rules of lib/split/policy/read-policy.ts.
create function sluice.policy_fault_of(split text, policy_text text) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
  given jsonb; policy jsonb; fault text; line jsonb; i int := 0; seen text[] := '{}'; n numeric;
begin
  if policy_text is null and split = 'GEN_PROVIDER_WEIGHTS' then
    return 'the policy is null; write an object such as {"minRequests":150}, or delete the row for the default';
  elsif policy_text is null then
    return 'the policy is null; write an object with baseline, candidate, stages and rollback';
  elsif length(policy_text) > 16384 then
    return format('the policy is %s characters long; at most 16384 are allowed', length(policy_text));
  end if;
  begin
    given := policy_text::jsonb;
  exception when others then
    return format('the policy %s is not JSON; write an object such as {"minRequests":150}', quote_literal(left(policy_text, 64)));
  end;
  if jsonb_typeof(given) <> 'object' then
    return sluice.place_fault('policy', given, 'must be an object such as {"minRequests":150}');
  end if;
  fault := sluice.key_fault('policy', given, '{baseline,candidate,candidates,stages,rollback,redLines,evidence,sharedCause,
    warningTolerance,minRequests,baselineCostUsd,autoAdvance}');
  if fault is not null then return fault; end if;
  policy := sluice.whole_policy(split, given);
  fault := sluice.roles_fault(split, given, policy);
  if fault is not null then return fault; end if;
  fault := sluice.stages_fault_of(policy, sluice.arms_of_split(split));
  if fault is not null then return fault; end if;

  if jsonb_typeof(policy -> 'redLines') <> 'array' then
    return sluice.place_fault('policy.redLines', policy -> 'redLines', 'must be a list of red lines');
  elsif jsonb_array_length(policy -> 'redLines') = 0 then
    return 'policy.redLines is []; it must have at least one red line';
  end if;
  for line in select * from jsonb_array_elements(policy -> 'redLines') loop
    fault := sluice.red_line_fault(format('policy.redLines[%s]', i), line);
    if fault is not null then return fault; end if;
    if line ->> 'metric' = any (seen) then
      return format('policy.redLines has %s twice; one line a metric', line ->> 'metric');
    end if;
    seen := seen || (line ->> 'metric');
    i := i + 1;
  end loop;

  if policy -> 'evidence' not in ('"confirmed"', '"observed"') then
    return sluice.place_fault('policy.evidence', policy -> 'evidence', 'must be "confirmed" or "observed"');
  end if;
  if policy ? 'sharedCause' and policy -> 'sharedCause' not in ('"block"', '"act"') then
    return sluice.place_fault('policy.sharedCause', policy -> 'sharedCause', 'must be "block" or "act"');
  end if;
  n := sluice.number_of(policy -> 'warningTolerance');
  if policy ? 'warningTolerance' and (n is null or n not between 0 and 1) then
    return sluice.place_fault('policy.warningTolerance', policy -> 'warningTolerance',
      'must be a share from 0 to 1: a tenth is 0.1');
  end if;
  n := sluice.number_of(policy -> 'minRequests');
  if n is null or n not between 0 and 1000000 or n <> trunc(n) then
    return sluice.place_fault('policy.minRequests', policy -> 'minRequests', 'must be a whole number from 0 to 1000000');
  end if;
  n := sluice.number_of(policy -> 'baselineCostUsd');
  if policy -> 'baselineCostUsd' <> 'null' and (n is null or n <= 0 or n > 100) then
    return sluice.place_fault('policy.baselineCostUsd', policy -> 'baselineCostUsd', 'must be null or US dollars above 0, at most 100');
  end if;
  if jsonb_typeof(policy -> 'autoAdvance') <> 'boolean' then
    return sluice.place_fault('policy.autoAdvance', policy -> 'autoAdvance', 'must be true or false');
  end if;
  return null;
end $$;

-- The policy in force: the stored one when it is valid, else the default of the first split; null: there is none.
create function sluice.policy_of(split text) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  stored text;
begin
  select f.flag_value_text into stored from public.feature_flags f where f.flag_key = sluice.policy_key(split);
  if stored is not null and sluice.policy_fault_of(split, stored) is null then
    return sluice.whole_policy(split, stored::jsonb);
  end if;
  return case when split = 'GEN_PROVIDER_WEIGHTS' then sluice.default_policy() end;
end $$;

create function sluice.policy_version_of(split text) returns bigint language sql stable security definer set search_path = '' as $$
  select coalesce((select f.version from public.feature_flags f where f.flag_key = sluice.policy_key(split)), 0) $$;

-- Null when the text is good weights of that split, else a sentence: the rules of lib/split/weights.ts, in its order and
-- words. It reads `json` because `jsonb` would hide what was written: a duplicate key, 1e400.
create function sluice.weights_fault_of(split text, weights_text text) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
  weights json; member text; share json; n numeric; total numeric := 0; seen text[] := '{}';
  arms constant text[] := sluice.arms_of_split(split);
  policy jsonb; named text[];
begin
  if weights_text is null then return 'the weights are null; write an object like {"fal":0.9,"runware":0.1}'; end if;
  if length(weights_text) > 4096 then
    return format('the weights are %s characters long; at most 4096 are allowed', length(weights_text));
  end if;
  begin
    weights := weights_text::json;
    perform weights_text::jsonb;
  exception when others then
    return format('%s is not JSON (%s); write an object like {"fal":0.9,"runware":0.1}',
      quote_literal(left(weights_text, 64)), left(sqlerrm, 80));
  end;
  if json_typeof(weights) <> 'object' then
    return format('%s is %s; weights are an object like {"fal":0.9,"runware":0.1}', quote_literal(left(weights_text, 64)),
      case json_typeof(weights) when 'array' then 'an array' when 'null' then 'null' else 'a ' || json_typeof(weights) end);
  end if;
  for member, share in select * from json_each(weights) loop
    if member = any (seen) then return format('provider %s is written twice', quote_literal(left(member, 64))); end if;
    seen := seen || member;
    if member <> all (arms) then
      return format('%s is not an arm of this split; its arms are: %s', quote_literal(left(member, 64)), array_to_string(arms, ', '));
    end if;
    if json_typeof(share) <> 'number' then
      return format('the weight of %s is %s, a %s; it must be a number from 0 to 1', member, left(share::text, 64), json_typeof(share));
    end if;
    n := (share #>> '{}')::numeric;
    if n < 0 or n > 1 then
      return format('the weight of %s is %s; it must be from 0 to 1', member, left(share::text, 64));
    end if;
    total := total + round(n, 9);
  end loop;
  if seen = '{}' then return 'the weights name no provider; write an object like {"fal":0.9,"runware":0.1}'; end if;
  policy := sluice.policy_of(split);
  if policy is null then
    return format('there is no valid policy yet, so nobody would watch them; write %s first', sluice.policy_key(split));
  end if;
  named := (policy ->> 'baseline') || sluice.candidates_of(policy);
  foreach member in array named loop
    if member <> all (seen) then
      return format('the weights leave out %s; %s', member, case when cardinality(named) > 2
        then 'the baseline and every candidate must be named' else 'the baseline and the candidate must both be named' end);
    end if;
  end loop;
  if abs(total - 1) > 0.000001 then
    return format('the weights add up to %s; they must add up to 1', trim_scale(total));
  end if;
  return null;
end $$;

-- An arm whose provider takes nothing new gets no share, unless it had it or a rollback gives it.
create function sluice.share_fault(split text, was jsonb, becomes jsonb) returns text
language sql stable security definer set search_path = '' as $$
  select format('%s takes no share: its provider %s is %s; the split''s arms are: %s', quote_literal(a.name), p.name, p.state,
    array_to_string(sluice.arms_of_split(split), ', '))
  from sluice.arms a join sluice.providers p on p.name = a.provider
  where a.split = share_fault.split and p.state <> 'active' and sluice.share_of(becomes, a.name)
    > greatest(sluice.share_of(was, a.name), sluice.share_of(sluice.policy_of(share_fault.split) -> 'rollback', a.name))
  order by a.name collate "C" limit 1 $$;

create function sluice.is_live(weights jsonb, policy jsonb) returns boolean immutable language sql
return exists (select from unnest(sluice.candidates_of(policy)) c (arm) where sluice.share_of(weights, c.arm) > 0);

-- Whether an arm takes more than it would after a rollback.
create function sluice.is_up(weights jsonb, policy jsonb, arm text) returns boolean immutable language sql
return sluice.share_of(weights, arm) - sluice.share_of(policy -> 'rollback', arm) >= 0.000000001;

-- True when there is nothing to roll back: the rollback weights, weights that give the candidates nothing, or weights in
-- which none of several has more than after a rollback.
create or replace function sluice.at_rest(weights jsonb, policy jsonb) returns boolean
language sql immutable set search_path = '' as $$
  select sluice.same_weights(weights, policy -> 'rollback') or not sluice.is_live(weights, policy)
    or (cardinality(sluice.candidates_of(policy)) > 1 and not exists (
      select from unnest(sluice.candidates_of(policy)) c (arm) where sluice.is_up(weights, policy, c.arm))) $$;

-- Some arms get the shares they have in other weights; the baseline gives or takes the difference.
create function sluice.with_shares(weights jsonb, policy jsonb, other jsonb, arms text[]) returns jsonb
language sql immutable set search_path = '' as $$
  select case when cardinality(arms) = 0 then weights else weights || (
    select jsonb_object_agg(a.arm, sluice.share_of(other, a.arm)) || jsonb_build_object(policy ->> 'baseline',
      sluice.share_of(weights, policy ->> 'baseline') + sum(sluice.share_of(weights, a.arm) - sluice.share_of(other, a.arm)))
    from unnest(arms) a (arm)) end $$;

-- These arms fall to what a rollback leaves them, the rest goes to the baseline, and nobody else moves.
create function sluice.after_rollback_of(weights jsonb, policy jsonb, arms text[]) returns jsonb
language sql immutable set search_path = '' as $$
  select case
    when cardinality(f.falling) = 0 then weights
    when exists (select from unnest(sluice.candidates_of(policy)) c (arm) where sluice.is_up(a.after, policy, c.arm)) then a.after
    else policy -> 'rollback' end
  from (select array(select c.arm from unnest(sluice.candidates_of(policy)) c (arm)
    where c.arm = any (arms) and sluice.is_up(weights, policy, c.arm)) as falling) f
  cross join lateral (select sluice.with_shares(weights, policy, policy -> 'rollback', f.falling) as after) a $$;

-- Weights equal to a stage's are that stage, latched arms left out of it and re-armed ones that lag behind included: the
-- furthest that fits; as stageOf in lib/split/stages.ts.
create function sluice.stage_of(weights jsonb, policy jsonb, latched text[]) returns text
language plpgsql immutable set search_path = '' as $$
declare
  candidates constant text[] := sluice.candidates_of(policy);
  down text[]; live text[]; behind text[]; stage jsonb; nth bigint; name text;
begin
  if sluice.at_rest(weights, policy) then
    return case when candidates <@ latched then 'rolled_back' else 'baseline' end;
  end if;
  down := array(select c.arm from unnest(candidates) c (arm) where c.arm = any (latched) and not sluice.is_up(weights, policy, c.arm));
  select s.value ->> 'name' into name from jsonb_array_elements(policy -> 'stages') with ordinality s (value, place)
  where sluice.same_weights(sluice.with_shares(s.value -> 'weights', policy, weights, down), weights)
  order by s.place desc limit 1;
  if found or cardinality(candidates) = 1 then return coalesce(name, 'custom'); end if;
  for stage, nth in
    select s.value, s.place from jsonb_array_elements(policy -> 'stages') with ordinality s (value, place) order by s.place desc
  loop
    live := array(select c.arm from unnest(candidates) c (arm)
      where c.arm <> all (down) and sluice.is_up(stage -> 'weights', policy, c.arm));
    -- At an earlier stage's share; where all are, they are at that stage.
    behind := array(select l.arm from unnest(live) l (arm)
      where sluice.is_up(weights, policy, l.arm) and not sluice.same_share(weights, stage -> 'weights', l.arm)
        and exists (select from jsonb_array_elements(policy -> 'stages') with ordinality s (value, place)
          where s.place < nth and sluice.same_share(weights, s.value -> 'weights', l.arm)));
    if cardinality(behind) between 1 and cardinality(live) - 1
      and sluice.same_weights(sluice.with_shares(stage -> 'weights', policy, weights, down || behind), weights) then
      return stage ->> 'name';
    end if;
  end loop;
  return 'custom';
end $$;

create function sluice.same_share(one jsonb, other jsonb, arm text) returns boolean immutable language sql
return abs(sluice.share_of(one, arm) - sluice.share_of(other, arm)) < 0.000000001;

-- Each candidate's own part. An only candidate is where its row is, and while the whole split is latched every one is.
create function sluice.arms_of(f public.feature_flags, policy jsonb) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(jsonb_object_agg(c.arm, case
      when cardinality(sluice.candidates_of(policy)) = 1 then r.mirrored
      when f.latched_at is not null and a.known -> 'latched_at' = 'null' then a.known || (r.mirrored - 'rollout_started_at')
      else a.known end), '{}')
  from unnest(sluice.candidates_of(policy)) c (arm)
  cross join lateral (select jsonb_build_object('rollout_started_at', f.rollout_started_at, 'latched_at', f.latched_at,
    'latched_by', f.latched_by, 'reason', f.latch_reason) as mirrored) r
  cross join lateral (select coalesce(f.rollout_arms -> c.arm,
    '{"rollout_started_at": null, "latched_at": null, "latched_by": null, "reason": null}') as known) a $$;

create function sluice.latched_of(arms jsonb) returns text[] immutable language sql
return array(select a.key from jsonb_each(arms) a where a.value -> 'latched_at' <> 'null' order by a.key);

-- The candidates' parts after a write: one that gets a share begins or is re-armed; one that falls although no stage of
-- the plan puts it there is latched alone; when the whole split falls, all are.
create function sluice.arms_after(arms jsonb, was jsonb, becomes jsonb, policy jsonb, fell boolean, instant timestamptz)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  candidates constant text[] := sluice.candidates_of(policy);
  blank constant jsonb := '{"latched_at": null, "latched_by": null, "reason": null}';
  latch constant jsonb := jsonb_build_object('latched_at', instant, 'latched_by', sluice.actor(), 'reason', sluice.said('reason'));
  arm text; known jsonb; is_rearmed boolean; down text[];
begin
  foreach arm in array candidates loop
    known := arms -> arm;
    is_rearmed := known -> 'latched_at' <> 'null' and sluice.is_up(becomes, policy, arm);
    if is_rearmed then known := known || blank; end if;
    if sluice.share_of(becomes, arm) > 0 and (is_rearmed or coalesce(sluice.share_of(was, arm), 0) = 0) then
      known := known || jsonb_build_object('rollout_started_at', instant);
    end if;
    arms := arms || jsonb_build_object(arm, known);
  end loop;
  down := sluice.latched_of(arms);
  foreach arm in array candidates loop
    continue when arms -> arm -> 'latched_at' <> 'null';
    if fell or (was is not null and sluice.is_up(was, policy, arm) and not sluice.is_up(becomes, policy, arm)
      and not exists (select from jsonb_array_elements(policy -> 'stages') s (stage)
        where not sluice.is_up(s.stage -> 'weights', policy, arm)
          and sluice.same_weights(sluice.after_rollback_of(s.stage -> 'weights', policy, down), becomes)))
    then
      arms := arms || jsonb_build_object(arm, (arms -> arm) || latch);
    end if;
  end loop;
  return arms;
end $$;

-- Computes the state columns; what was written to them by hand is overwritten. For pause, resume and re-arm the setting
-- sluice.verb says so, and the weights stay as they are; sluice.arm names the only arm that is re-armed.
create or replace function sluice.keep_state(was public.feature_flags, becomes public.feature_flags) returns public.feature_flags
language plpgsql volatile set search_path = '' as $$
declare
  policy constant jsonb := sluice.policy_of(becomes.flag_key);
  verb constant text := sluice.said('verb');
  of_arm constant text := sluice.said('arm');
  -- Whole milliseconds: what JavaScript reads is what SQL compares.
  instant constant timestamptz := date_trunc('milliseconds', clock_timestamp());
  blank constant jsonb := '{"latched_at": null, "latched_by": null, "reason": null}';
  new_weights constant jsonb := becomes.flag_value_text::jsonb;
  old_weights jsonb; is_changed boolean; rests boolean; fell boolean := false;
  arms jsonb; before text[]; goes_on boolean := false;
begin
  -- What we never saw (a row being adopted) or what got past the guard (a restored dump) counts as unknown.
  old_weights := case when was.stage is not null and sluice.weights_fault_of(becomes.flag_key, was.flag_value_text) is null
    then was.flag_value_text::jsonb end;
  is_changed := old_weights is null or not sluice.same_weights(old_weights, new_weights);
  rests := sluice.at_rest(new_weights, policy);
  arms := sluice.arms_of(was, policy);
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
  elsif verb = 'rearm' and (not is_changed or rests) then
    arms := (select jsonb_object_agg(a.key, case when of_arm is null or of_arm = a.key then a.value || blank else a.value end)
      from jsonb_each(arms) a);
    becomes.latched_at := null;
    becomes.latched_by := null;
    becomes.latch_reason := null;
  end if;
  before := sluice.latched_of(arms);

  if is_changed then
    fell := rests and ((old_weights is not null and not sluice.at_rest(old_weights, policy))
      -- What was there is not known, and was taken back all the same.
      or (old_weights is null and verb = 'rollback' and was.flag_value_text is not null));
    if not rests then
      becomes.latched_at := null;
      becomes.latched_by := null;
      becomes.latch_reason := null;
    elsif fell then
      becomes.latched_at := instant;
      becomes.latched_by := sluice.actor();
      becomes.latch_reason := sluice.said('reason');
      -- There is nothing left to pause.
      becomes.paused_at := null;
      becomes.paused_by := null;
      becomes.pause_reason := null;
    end if;
    if not coalesce(sluice.is_live(old_weights, policy), false) and sluice.is_live(new_weights, policy) then
      becomes.rollout_started_at := instant;
      becomes.baseline_cost_usd := sluice.baseline_cost(policy, instant);
    end if;
    arms := sluice.arms_after(arms, old_weights, new_weights, policy, fell, instant);
    -- With an arm that fell alone the others' observation goes on: nothing about them has changed.
    goes_on := not rests and cardinality(sluice.candidates_of(policy)) > 1 and not sluice.latched_of(arms) <@ before
      and sluice.stage_of(new_weights, policy, sluice.latched_of(arms)) = sluice.stage_of(old_weights, policy, before);
    if not goes_on then
      becomes.stage_started_at := instant;
      becomes.stage_by := sluice.actor();
      becomes.paused_for := '0';
    end if;
  end if;
  becomes.rollout_arms := arms;
  becomes.rollout_arms := sluice.arms_of(becomes, policy);
  becomes.stage := sluice.stage_of(new_weights, policy, sluice.latched_of(becomes.rollout_arms));
  return becomes;
end $$;

-- A policy that is valid by itself may still not fit the rollout that is running. Null for `becomes`: it is deleted.
create function sluice.policy_change_fault_of(split text, becomes jsonb) returns text
language plpgsql stable set search_path = '' as $$
declare
  was constant jsonb := sluice.policy_of(split);
  weights jsonb; of_stage text; name text; old_names text; new_names text; rests boolean;
begin
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

-- Those of the first split, as they have always been called.
create or replace function sluice.policy() returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
  return sluice.policy_of('GEN_PROVIDER_WEIGHTS');
end $$;
create or replace function sluice.policy_fault(policy_text text) returns text
language plpgsql stable security definer set search_path = '' as $$
begin
  return sluice.policy_fault_of('GEN_PROVIDER_WEIGHTS', policy_text);
end $$;
create or replace function sluice.weights_fault(weights_text text) returns text
language plpgsql stable security definer set search_path = '' as $$
begin
  return sluice.weights_fault_of('GEN_PROVIDER_WEIGHTS', weights_text);
end $$;
create or replace function sluice.policy_change_fault(becomes jsonb) returns text language plpgsql stable set search_path = '' as $$
begin
  return sluice.policy_change_fault_of('GEN_PROVIDER_WEIGHTS', becomes);
end $$;
create or replace function sluice.stage_of(weights jsonb, policy jsonb, is_latched boolean) returns text
language sql immutable set search_path = '' as $$
  select sluice.stage_of(weights, policy, case when is_latched then sluice.candidates_of(policy) else '{}'::text[] end) $$;
drop function sluice.stages_fault(jsonb), sluice.shares_fault(text, jsonb, text, text);

-- Keeps only what the guard would pass: this trigger may fire while the guard's is off.
create or replace function sluice.keep_last_good() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if new.stage is not null and exists (select from sluice.splits s where s.key = new.flag_key)
    and sluice.weights_fault_of(new.flag_key, new.flag_value_text) is null then
    insert into sluice.last_good (flag_key, row) values (new.flag_key, to_jsonb(new))
    on conflict (flag_key) do update set row = excluded.row;
  end if;
  return null;
end $$;

-- What a write of the weights starts from: the row, or the last good one where the row is gone or cannot be used.
create or replace function sluice.stands_at(stored public.feature_flags, key text) returns public.feature_flags
language plpgsql stable security definer set search_path = '' as $$
declare
  good public.feature_flags;
begin
  if stored.stage is not null and sluice.weights_fault_of(key, stored.flag_value_text) is null then
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

-- What the rest of the database says against good weights.
create function sluice.weights_now_fault(split text, stands public.feature_flags, weights jsonb) returns text
language plpgsql stable set search_path = '' as $$
declare
  was jsonb;
begin
  if exists (select from sluice.splits s where s.key = split and s.archived_at is not null)
    and not sluice.at_rest(weights, sluice.policy_of(split)) then
    return 'the split is archived; set its archived_at to null first';
  end if;
  was := case when stands.stage is not null and sluice.weights_fault_of(split, stands.flag_value_text) is null
    then stands.flag_value_text::jsonb else '{}' end;
  return sluice.share_fault(split, was, weights);
end $$;

create or replace function sluice.guard_flag() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  split text; is_weights boolean; fault text; nobody public.feature_flags; stands public.feature_flags;
begin
  if tg_op = 'DELETE' then
    split := sluice.split_of(old.flag_key);
    if split <> old.flag_key then
      fault := sluice.policy_change_fault_of(split,
        case when split = 'GEN_PROVIDER_WEIGHTS' then sluice.default_policy() end);
      if fault is not null then
        raise exception using errcode = '22023', message = format('%s was not deleted: %s', old.flag_key, fault);
      end if;
    end if;
    return old;
  end if;
  split := sluice.split_of(new.flag_key);
  is_weights := split = new.flag_key;
  if tg_op = 'UPDATE' and new.flag_key <> old.flag_key and (split is not null or sluice.split_of(old.flag_key) is not null) then
    raise exception using errcode = '22023',
      message = format('%s cannot be renamed to %s; insert the new flag instead', old.flag_key, new.flag_key);
  end if;
  if is_weights then
    stands := sluice.stands_at(case when tg_op = 'UPDATE' then old else nobody end, new.flag_key);
    fault := coalesce(sluice.weights_fault_of(split, new.flag_value_text),
      sluice.weights_now_fault(split, stands, new.flag_value_text::jsonb));
  elsif split is not null then
    fault := coalesce(sluice.policy_fault_of(split, new.flag_value_text),
      sluice.policy_change_fault_of(split, sluice.whole_policy(split, new.flag_value_text::jsonb)));
  end if;
  if fault is not null then
    raise exception using errcode = '22023', message = format('%s was not changed: %s', new.flag_key, fault),
      hint = case when is_weights then 'Weights are provider → share, each 0..1, adding up to 1.'
        when split = 'GEN_PROVIDER_WEIGHTS' then 'select sluice.policy() shows the policy in force.'
        else format('select sluice.policy_of(%L) shows the policy in force.', split) end;
  end if;
  if is_weights then
    new := sluice.keep_state(stands, new);
  end if;
  new.version := nextval('sluice.flag_versions');
  return new;
end $$;

-- Most flags hold no weights, and are not looked up.
drop trigger zz_sluice_last_good on public.feature_flags;
create trigger zz_sluice_last_good after insert or update on public.feature_flags
  for each row when (new.flag_key like '%\_WEIGHTS') execute function sluice.keep_last_good();
alter table public.feature_flags enable always trigger zz_sluice_last_good;

-- `decode('00', 'hex')` and not '\x00': a role with standard_conforming_strings off would read the latter as a fault.
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
  elsif e.verb = 'sql' and tg_op = 'UPDATE' and ((old.latched_at is not null and new.latched_at is null)
    or not sluice.latched_of(coalesce(old.rollout_arms, '{}')) <@ sluice.latched_of(coalesce(new.rollout_arms, '{}'))) then
    -- Raw SQL that raises the weights, or an arm's share, after a rollback is the break-glass re-arm.
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
  e.policy_version := coalesce(sluice.said('policy_version')::bigint,
    sluice.policy_version_of(coalesce(sluice.split_of(e.flag_key), 'GEN_PROVIDER_WEIGHTS')));
  e.prev_hash := head.hash;
  e.hash := sluice.entry_hash(e);
  insert into sluice.journal values (e.*);
  update sluice.journal_head set seq = e.seq, hash = e.hash where flag_key = e.flag_key;
  perform pg_notify('sluice_flags', json_build_object('key', e.flag_key, 'version', e.version)::text);
  return null;
end $$;

-- The flags that are ours: weights and policies of the registered splits.
create function sluice.own_flags() returns setof text language sql stable security definer set search_path = '' as $$
  select s.key from sluice.splits s union all select sluice.policy_key(s.key) from sluice.splits s $$;

-- Each flag beside the newest row of its journal. Only flags of ours must exist: the others may be renamed. The chains
-- 'sluice.access' and 'sluice.registry' have no flag beside them. Each newest row is found by the index on (flag_key, seq).
create or replace function sluice.live_faults() returns table (flag_key text, seq bigint, fault text)
language sql stable security definer set search_path = '' as $$
  select k.flag_key, coalesce(j.seq, 0) + 1, case
    when f.flag_key is null then 'the flag was deleted without a row here'
    when j.seq is null or j.verb = 'delete' or f.version is distinct from j.version then 'the flag has changed without a row here'
    else 'the live row is not what the newest row here says' end
  from (select x.flag_key::text from public.feature_flags x union select o from sluice.own_flags() o) k (flag_key)
  left join public.feature_flags f on f.flag_key = k.flag_key
  left join lateral (
    select n.seq, n.verb, n.version, n.becomes, n.stage_to from sluice.journal n
    where n.flag_key = k.flag_key and n.flag_key not in ('sluice.access', 'sluice.registry') order by n.seq desc limit 1
  ) j on true
  where (f.flag_key is null and j.verb <> 'delete')
    or (f.version > 0 and (j.seq is null or j.verb = 'delete' or f.version is distinct from j.version
      or coalesce(f.flag_value_text, f.flag_value::text) is distinct from j.becomes or f.stage is distinct from j.stage_to))
    -- Ours at version 0 has never passed the guard; one that was adopted though it is invalid is said as such.
    or (f.version = 0 and case
      when sluice.split_of(f.flag_key) is null then false
      when sluice.split_of(f.flag_key) = f.flag_key then sluice.weights_fault_of(f.flag_key, f.flag_value_text) is null
      else sluice.policy_fault_of(sluice.split_of(f.flag_key), f.flag_value_text) is null end) $$;

-- The newest row of the chains of our flags. A copy of these kept outside of the database shows later whether the chains
-- still hold. Other flags are left out: an anchor may not be able to hold their names.
create or replace function sluice.journal_heads() returns table (flag_key text, seq bigint, hash text)
language sql stable security definer set search_path = '' as $$
  select j.flag_key, j.seq, encode(j.hash, 'hex')
  from sluice.own_flags() ours (flag_key)
  cross join lateral (select h.flag_key, h.seq, h.hash from sluice.journal h where h.flag_key = ours.flag_key
    order by h.seq desc limit 1) j
  order by 1 $$;

-- When the weights of a flag became others, oldest first; a write of equal ones is none.
create or replace function sluice.weights_changed(of_flag text, since timestamptz, until timestamptz) returns setof timestamptz
language sql stable set search_path = ''
begin atomic
  select j.at from sluice.journal j
  where j.flag_key = of_flag and j.at > since and j.at <= until and j.was is distinct from j.becomes
    and case when sluice.weights_fault_of(of_flag, j.was) is not null or sluice.weights_fault_of(of_flag, j.becomes) is not null
      then true else not sluice.same_weights(j.was::jsonb, j.becomes::jsonb) end
  order by j.at, j.id;
end;

-- Which share an arm of a split has now, and what its policy calls it; null when neither names it.
create or replace function sluice.arm_use(of_split text, arm text) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
  weights jsonb; policy jsonb;
begin
  begin
    select f.flag_value_text::jsonb into weights from public.feature_flags f where f.flag_key = of_split;
    if jsonb_typeof(weights -> arm) = 'number' and sluice.share_of(weights, arm) > 0 then
      return format('%s of %s goes to it now', trim_scale(round(sluice.share_of(weights, arm) * 100, 2)) || ' %', of_split);
    end if;
  exception when others then
    weights := null; -- what the row holds is not weights
  end;
  begin
    select f.flag_value_text::jsonb into policy from public.feature_flags f where f.flag_key = sluice.policy_key(of_split);
    policy := sluice.whole_policy(of_split, case when jsonb_typeof(policy) = 'object' then policy else '{}' end);
    if policy ->> 'baseline' = arm then return format('it is the baseline of %s', of_split); end if;
    if arm = any (sluice.candidates_of(policy)) then return format('it is a candidate of %s', of_split); end if;
    if policy -> 'rollback' ? arm
      or exists (select from jsonb_array_elements(policy -> 'stages') s (stage) where s.stage -> 'weights' ? arm) then
      return format('the policy %s names it', sluice.policy_key(of_split));
    end if;
  exception when others then
    null; -- what the row holds is no policy
  end;
  if jsonb_typeof(weights) = 'object' and weights ? arm then
    return format('the weights in %s name it', of_split);
  end if;
  return null;
end $$;

-- Each candidate's part in the rollout of its split. A function, so that owners of an adopted table may alter it.
create function sluice.arm_states() returns table (split text, arm text, rollout_started_at timestamptz,
  latched_at timestamptz, latched_by text, reason text)
language sql stable security definer set search_path = '' as $$
  select f.flag_key, a.key, (a.value ->> 'rollout_started_at')::timestamptz, (a.value ->> 'latched_at')::timestamptz,
    a.value ->> 'latched_by', a.value ->> 'reason'
  from sluice.splits s
  join public.feature_flags f on f.flag_key = s.key
  cross join lateral jsonb_each(case when f.rollout_arms is null and f.stage is not null
    then sluice.arms_of(f, sluice.policy_of(f.flag_key)) else coalesce(f.rollout_arms, '{}') end) a $$;
create view sluice.arm_state as select * from sluice.arm_states();

-- Which rows they see: of the flags only ours, and the watchdog writes no policy. The watchdog reads the journal of the
-- weights, not that of who signs in. Row security of an adopted table stays as it is: where it is off, these policies
-- have no effect yet.
create or replace function sluice.role_policies() returns table (relation text, grantee text, name text, command text, rows text)
language sql stable set search_path = '' as $$
  select t.relation, r.grantee, r.grantee, case t.relation when 'public.analytics_logs' then 'select' else 'all' end,
    case
      when t.relation = 'public.feature_flags' and r.grantee = 'sluice_watchdog' then 'flag_key in (select s.key from sluice.splits s)'
      when t.relation = 'public.feature_flags' then 'flag_key in (select o from sluice.own_flags() o)'
      when t.relation = 'sluice.journal' and r.grantee = 'sluice_watchdog' then 'flag_key <> ''sluice.access'''
      else 'true' end
  from sluice.role_tables() t
  cross join lateral (values ('sluice_web', t.web), ('sluice_watchdog', t.watchdog), ('sluice_cli', t.cli)) r (grantee, may)
  -- A view has no row security of its own.
  where r.may is not null and t.relation <> 'sluice.arm_state'
  union all
  values ('public.feature_flags', 'sluice_watchdog', 'sluice_watchdog_reads', 'select', 'flag_key in (select o from sluice.own_flags() o)') $$;

insert into sluice.role_grants (relation, web, watchdog, cli) values ('sluice.arm_state', 'select', 'select', 'select');
insert into sluice.role_calls (name)
select unnest('{split_of,candidates_of,policy_of,policy_version_of,policy_fault_of,weights_fault_of,arms_of_split,is_live,
  is_up,with_shares,after_rollback_of,same_share,latched_of,own_flags,arm_states,whole_policy}'::text[]);

do $$
declare
  item record;
  grantee text;
begin
  for item in
    select p.oid::regprocedure as function from pg_catalog.pg_proc p
    where p.pronamespace = 'sluice'::regnamespace and p.proname = any ('{split_of,candidates_of,whole_policy,shares_fault_of,
      arms_of_split,step_fault,stages_fault_of,roles_fault,policy_fault_of,policy_of,policy_version_of,weights_fault_of,
      share_fault,is_live,is_up,with_shares,after_rollback_of,stage_of,same_share,arms_of,latched_of,arms_after,
      policy_change_fault_of,weights_now_fault,own_flags,arm_states}'::text[])
  loop
    execute format('revoke all on function %s from public', item.function);
    for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
      execute format('revoke all on function %s from %I', item.function, grantee);
    end loop;
  end loop;
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on sluice.arm_state from %I', grantee);
  end loop;
  -- Those that were made before see the first split's rows alone; grant_roles makes policies, and changes none.
  for item in
    select w.* from sluice.role_policies() w
    join pg_catalog.pg_policy p on p.polrelid = w.relation::regclass and p.polname = w.name
    where w.relation = 'public.feature_flags'
  loop
    execute format('alter policy %I on %s using (%s)', item.name, item.relation, item.rows);
  end loop;
end $$;
select sluice.grant_roles(on_adopted => false);
