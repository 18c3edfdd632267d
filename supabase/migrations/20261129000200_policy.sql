-- The providers, and the rules for a rollout policy: those of lib/split/policy/read-policy.ts, in its order and words.

-- Who can be routed to. Another provider is one row here and one folder in the code.
create table sluice.providers (
  name text primary key check (name ~ '^[a-z][a-z0-9_-]{0,31}$'),
  label text not null,
  deprecated boolean not null default false,
  created_at timestamptz not null default now()
);
alter table sluice.providers enable row level security;
insert into sluice.providers (name, label, deprecated) values ('fal', 'FAL', false), ('runware', 'Runware', true);

-- The plan's numbers; the same as defaultPolicy in lib/split/policy/policy.ts (a test compares them).
create function sluice.default_policy() returns jsonb language sql immutable set search_path = '' as $$
  select '{
    "baseline": "fal", "candidate": "runware",
    "stages": [
      {"name": "D1", "weights": {"fal": 0.9, "runware": 0.1}, "observe": "1h"},
      {"name": "D2", "weights": {"fal": 0.5, "runware": 0.5}, "observe": "3h"},
      {"name": "D3", "weights": {"fal": 0, "runware": 1}, "observe": null}],
    "rollback": {"fal": 1, "runware": 0},
    "redLines": [
      {"metric": "p95_latency_ms", "limit": 8000, "window": "5m", "hold": "5m"},
      {"metric": "failure_rate", "limit": 0.02, "window": "5m", "hold": "5m"},
      {"metric": "cost_per_image", "timesBaseline": 1.2, "window": "1h", "hold": "10m"},
      {"metric": "regenerate_voucher_rate", "limit": 0.05, "window": "1h", "hold": "10m"}],
    "evidence": "confirmed", "minRequests": 150, "baselineCostUsd": null, "autoAdvance": false}'::jsonb $$;

-- "90s", "5m", "1h", "2d" as seconds; null for anything else.
create function sluice.seconds_of(duration text) returns bigint language sql immutable set search_path = '' as $$
  select case when duration ~ '^(0|[1-9][0-9]{0,8})[dhms]$' then
    left(duration, -1)::bigint * case right(duration, 1) when 'd' then 86400 when 'h' then 3600 when 'm' then 60 else 1 end
  end $$;

-- A value as a message shows it: at most 64 characters.
create function sluice.shown(value jsonb) returns text language sql immutable set search_path = '' as $$
  select case when length(value::text) > 64 then left(value::text, 63) || '…' else value::text end $$;

create function sluice.place_fault(place text, value jsonb, rule text) returns text
language sql immutable set search_path = '' as $$
  select place || coalesce(' is ' || sluice.shown(value), ' is missing') || '; it ' || rule $$;

-- Names the first key of an object that is not known.
create function sluice.key_fault(place text, value jsonb, known text[]) returns text
language sql immutable set search_path = '' as $$
  select place || ' has the unknown key "' || left(k.key, 64) || '"; check its spelling'
  from jsonb_object_keys(value) k (key) where k.key <> all (known) order by k.key limit 1 $$;

create function sluice.number_of(value jsonb) returns numeric language sql immutable set search_path = '' as $$
  select case when jsonb_typeof(value) = 'number' then (value #>> '{}')::numeric end $$;

create function sluice.duration_fault(place text, value jsonb, lowest bigint, highest bigint, span text) returns text
language sql immutable set search_path = '' as $$
  select case when coalesce(jsonb_typeof(value) = 'string' and s.n between lowest and highest and s.n % 10 = 0, false)
    then null
    else sluice.place_fault(place, value, 'must be a duration from ' || span
      || ' such as "90s", "5m", "1h" or "1d", in steps of 10 s') end
  from (select sluice.seconds_of(value #>> '{}') as n) s $$;

-- For the shares inside a policy. The weights of the split are judged by weights_fault, which reads the text itself.
create function sluice.shares_fault(place text, value jsonb, baseline text, candidate text) returns text
language plpgsql stable set search_path = '' as $$
declare
  member text; share jsonb; total numeric := 0; known text;
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
  foreach member in array array[baseline, candidate] loop
    if not value ? member then
      return format('%s does not name "%s"; it must name the baseline and the candidate', place, member);
    end if;
  end loop;
  for member in select k.key from jsonb_object_keys(value) k (key) order by 1 loop
    if not exists (select from sluice.providers p where p.name = member) then
      select string_agg(p.name, ', ' order by p.name) into known from sluice.providers p;
      return format('%s names "%s", which is no registered provider; registered are %s', place, left(member, 64), known);
    end if;
  end loop;
  return null;
end $$;

create function sluice.red_line_fault(place text, line jsonb) returns text
language plpgsql immutable set search_path = '' as $$
declare
  metric text := line ->> 'metric';
  n numeric := sluice.number_of(line -> 'limit');
  times numeric := sluice.number_of(line -> 'timesBaseline');
  fault text;
begin
  if jsonb_typeof(line) <> 'object' then
    return sluice.place_fault(place, line, 'must be an object with metric, limit or timesBaseline, window and hold');
  end if;
  fault := sluice.key_fault(place, line, '{metric,limit,timesBaseline,window,hold}');
  if fault is not null then return fault; end if;
  if metric is null or jsonb_typeof(line -> 'metric') <> 'string'
    or metric not in ('p95_latency_ms', 'failure_rate', 'cost_per_image', 'regenerate_voucher_rate') then
    return sluice.place_fault(place || '.metric', line -> 'metric',
      'must be p95_latency_ms, failure_rate, cost_per_image or regenerate_voucher_rate');
  end if;
  if line ? 'limit' and (n is null or n <= 0 or n > 600000) then
    return sluice.place_fault(place || '.limit', line -> 'limit', 'must be a number above 0');
  end if;
  if line ? 'timesBaseline' and (times is null or times <= 1 or times > 100) then
    return sluice.place_fault(place || '.timesBaseline', line -> 'timesBaseline', 'must be a number above 1, at most 100');
  end if;
  if metric = 'cost_per_image' then
    if (n is null) = (times is null) then
      return sluice.place_fault(place || '.timesBaseline', line -> 'timesBaseline',
        'must be set for cost_per_image, or limit in its place, and not both');
    elsif n > 100 then
      return sluice.place_fault(place || '.limit', line -> 'limit', 'must be US dollars above 0, at most 100');
    end if;
  elsif times is not null then
    return sluice.place_fault(place || '.timesBaseline', line -> 'timesBaseline',
      'is only for cost_per_image; ' || metric || ' takes limit');
  elsif n is null then
    return sluice.place_fault(place || '.limit', null, 'must be set for ' || metric);
  elsif metric = 'p95_latency_ms'
    and (n < 1 or length(trim(both '0' from replace(trim_scale(n)::text, '.', ''))) > 3) then
    return sluice.place_fault(place || '.limit', line -> 'limit',
      'must be 1 to 600000 ms with at most three significant digits, which is what the bins can count');
  elsif metric <> 'p95_latency_ms' and (n >= 1 or scale(trim_scale(n)) > 6) then
    return sluice.place_fault(place || '.limit', line -> 'limit',
      'must be a share above 0 and below 1 with at most six decimals: 2 % is 0.02');
  end if;
  return coalesce(
    sluice.duration_fault(place || '.window', line -> 'window', 10, 86400, '10s to 1d'),
    sluice.duration_fault(place || '.hold', line -> 'hold', 0, 86400, '0s to 1d'));
end $$;

create function sluice.stages_fault(policy jsonb) returns text language plpgsql stable set search_path = '' as $$
declare
  baseline text := policy ->> 'baseline'; candidate text := policy ->> 'candidate';
  stages jsonb := policy -> 'stages'; stage jsonb; place text; fault text; seen text[] := '{}'; i int := 0;
  share numeric; before numeric;
begin
  if jsonb_typeof(stages) <> 'array' then return sluice.place_fault('policy.stages', stages, 'must be a list of stages'); end if;
  if jsonb_array_length(stages) not between 1 and 12 then
    return format('policy.stages has %s stages; it must have 1 to 12', jsonb_array_length(stages));
  end if;
  fault := sluice.shares_fault('policy.rollback', policy -> 'rollback', baseline, candidate);
  if fault is not null then return fault; end if;
  before := sluice.number_of(policy -> 'rollback' -> candidate);
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
    fault := sluice.shares_fault(place || '.weights', stage -> 'weights', baseline, candidate);
    if fault is not null then return fault; end if;
    if stage -> 'observe' is null or stage -> 'observe' <> 'null' then
      fault := sluice.duration_fault(place || '.observe', stage -> 'observe', 10, 7776000, '10s to 90d');
      if fault is not null then return fault; end if;
    end if;
    share := sluice.number_of(stage -> 'weights' -> candidate);
    if share <= before then
      return format('%s.weights gives %s %s; it must be more than %s, what the step before gives', place, candidate,
        trim_scale(share), trim_scale(before));
    end if;
    before := share;
  end loop;
  return null;
end $$;

-- Null when the text is a good policy, else a sentence.
create function sluice.policy_fault(policy_text text) returns text language plpgsql stable security definer set search_path = '' as $$
declare
  given jsonb; policy jsonb; fault text; line jsonb; i int := 0; seen text[] := '{}'; n numeric; role text;
begin
  if policy_text is null then
    return 'the policy is null; write an object such as {"minRequests":150}, or delete the row for the default';
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
  fault := sluice.key_fault('policy', given,
    '{baseline,candidate,stages,rollback,redLines,evidence,minRequests,baselineCostUsd,autoAdvance}');
  if fault is not null then return fault; end if;
  policy := sluice.default_policy() || given;

  foreach role in array '{baseline,candidate}'::text[] loop
    if coalesce(jsonb_typeof(policy -> role) = 'string' and policy ->> role ~ '^[a-z][a-z0-9_-]{0,31}$', false) is false then
      return sluice.place_fault('policy.' || role, policy -> role,
        'must be a provider: 1 to 32 small letters, digits, "_" or "-", a letter first');
    end if;
  end loop;
  if policy ->> 'baseline' = policy ->> 'candidate' then
    return format('policy.candidate is "%s"; it must differ from policy.baseline', policy ->> 'candidate');
  end if;
  fault := sluice.stages_fault(policy);
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
