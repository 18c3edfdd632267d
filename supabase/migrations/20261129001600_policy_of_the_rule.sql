-- A policy may say what a cause that both providers share does, how much worse the candidate may be before the early
-- warning says so, and that a red line only signals. What is left out is as it is by default, so the default stands.

create or replace function sluice.red_line_fault(place text, line jsonb) returns text
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
  fault := sluice.key_fault(place, line, '{metric,limit,timesBaseline,window,hold,action}');
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
    sluice.duration_fault(place || '.hold', line -> 'hold', 0, 86400, '0s to 1d'),
    case when line ? 'action' and line -> 'action' not in ('"rollback"', '"signal"')
      then sluice.place_fault(place || '.action', line -> 'action', 'must be "rollback" or "signal"') end);
end $$;

-- Null when the text is a good policy, else a sentence.
create or replace function sluice.policy_fault(policy_text text) returns text language plpgsql stable security definer set search_path = '' as $$
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
    '{baseline,candidate,stages,rollback,redLines,evidence,sharedCause,warningTolerance,minRequests,baselineCostUsd,autoAdvance}');
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
