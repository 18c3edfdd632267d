-- Red lines of splits of jobs: other metrics, and none by default.

-- What a split's red lines are about: what answers within the call, whatever it is, is judged as images are.
create function sluice.judged_as(of_split text) returns text language sql stable security definer set search_path = '' as $$
  select case when exists (select from sluice.splits s where s.key = of_split and s.kind = 'job') then 'job' else 'image' end $$;

create function sluice.red_line_fault(place text, line jsonb, judged text) returns text
language plpgsql immutable set search_path = '' as $$
declare
  metric text := line ->> 'metric';
  names text[] := case when judged = 'job' then '{accept_failure_rate,end_failure_rate,p95_time_to_done_ms,cost_per_unit}'::text[]
    else '{p95_latency_ms,failure_rate,cost_per_image,regenerate_voucher_rate}' end;
  most numeric := case when judged = 'job' then 86400000 else 600000 end;
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
    or metric <> all (names) then
    return sluice.place_fault(place || '.metric', line -> 'metric',
      format('must be %s, %s, %s or %s%s', names[1], names[2], names[3], names[4],
        case when judged = 'job' then ': the split is of jobs' else '' end));
  end if;
  if line ? 'limit' and (n is null or n <= 0 or n > most) then
    return sluice.place_fault(place || '.limit', line -> 'limit', 'must be a number above 0');
  end if;
  if line ? 'timesBaseline' and (times is null or times <= 1 or times > 100) then
    return sluice.place_fault(place || '.timesBaseline', line -> 'timesBaseline', 'must be a number above 1, at most 100');
  end if;
  if metric in ('cost_per_image', 'cost_per_unit') then
    if (n is null) = (times is null) then
      return sluice.place_fault(place || '.timesBaseline', line -> 'timesBaseline',
        format('must be set for %s, or limit in its place, and not both', metric));
    elsif n > 100 then
      return sluice.place_fault(place || '.limit', line -> 'limit', 'must be US dollars above 0, at most 100');
    end if;
  elsif times is not null then
    return sluice.place_fault(place || '.timesBaseline', line -> 'timesBaseline',
      format('is only for %s; %s takes limit', case when judged = 'job' then 'cost_per_unit' else 'cost_per_image' end, metric));
  elsif n is null then
    return sluice.place_fault(place || '.limit', null, 'must be set for ' || metric);
  elsif metric in ('p95_latency_ms', 'p95_time_to_done_ms')
    and (n < 1 or length(trim(both '0' from replace(trim_scale(n)::text, '.', ''))) > 3) then
    return sluice.place_fault(place || '.limit', line -> 'limit',
      format('must be 1 to %s ms with at most three significant digits, which is what the bins can count', most));
  elsif metric not in ('p95_latency_ms', 'p95_time_to_done_ms') and (n >= 1 or scale(trim_scale(n)) > 6) then
    return sluice.place_fault(place || '.limit', line -> 'limit',
      'must be a share above 0 and below 1 with at most six decimals: 2 % is 0.02');
  end if;
  return coalesce(
    sluice.duration_fault(place || '.window', line -> 'window', 10, 86400, '10s to 1d'),
    sluice.duration_fault(place || '.hold', line -> 'hold', 0, 86400, '0s to 1d'),
    case when line ? 'action' and line -> 'action' not in ('"rollback"', '"signal"')
      then sluice.place_fault(place || '.action', line -> 'action', 'must be "rollback" or "signal"') end);
end $$;

drop function sluice.red_line_fault(text, jsonb);

-- As before, by what the split's lines are about.
create or replace function sluice.policy_fault_of(split text, policy_text text) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
  given jsonb; policy jsonb; fault text; judged text; line jsonb; i int := 0; seen text[] := '{}'; n numeric;
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
    warningTolerance,minRequests,maxPinned,baselineCostUsd,autoAdvance}');
  if fault is not null then return fault; end if;
  judged := sluice.judged_as(split);
  if judged = 'job' and not given ? 'redLines' then
    return 'policy.redLines is missing; it must be said: how long a job may take is its model''s to tell';
  end if;
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
    fault := sluice.red_line_fault(format('policy.redLines[%s]', i), line, judged);
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
  n := sluice.number_of(policy -> 'maxPinned');
  if policy ? 'maxPinned' and (n is null or n not between 0 and 1) then
    return sluice.place_fault('policy.maxPinned', policy -> 'maxPinned', 'must be a share from 0 to 1: a twentieth is 0.05');
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

-- As before, and jobs where there are any.
create or replace function sluice.chart_spans_of(of_split text, width interval, since timestamptz, until timestamptz,
  out figures json, out bins text)
language plpgsql stable set search_path = '' set jit = off as $$
begin
  execute format($sql$
    select coalesce(json_agg(case when s.jobs is null
        then json_build_array((extract(epoch from s.at) * 1000)::bigint, s.provider, s.requests,
          s.failures, s.refused, s.priced, s.cost_nano, s.cost_nano_squared, s.generated, s.vouchers)
        else json_build_array((extract(epoch from s.at) * 1000)::bigint, s.provider, s.requests,
          s.failures, s.refused, s.priced, s.cost_nano, s.cost_nano_squared, s.generated, s.vouchers, null, null, s.jobs)
        end), '[]'),
      coalesce(string_agg(s.bins, E'\n'), '')
    from (
      select b.at as at, b.provider, b.requests, b.failures, b.refused, b.bins_text as bins,
        b.priced, b.cost_nano, b.cost_nano_squared, b.generated, b.vouchers, b.jobs
      from sluice.%I b where b.split = $4 and b.at > $1 and b.at <= $2
      union all
      select sluice.span_end(d.at, $3), d.provider, sum(d.requests), sum(d.failures), sum(d.refused),
        string_agg(d.bins_text, ','), sum(d.priced), sum(d.cost_nano), sum(d.cost_nano_squared),
        sum(d.generated), sum(d.vouchers), sluice.sum_ages(array_agg(d.jobs) filter (where d.jobs is not null))
      from sluice.bucket_deltas d
      where d.split = $4 and d.at > $1 - $3 and d.at <= $2
        and sluice.span_end(d.at, $3) > $1 and sluice.span_end(d.at, $3) <= $2
      group by 1, 2
      order by 1, 2
    ) s $sql$, sluice.table_of_width(width)) into figures, bins using since, until, width, of_split;
end $$;

do $$
declare
  made record;
  grantee text;
begin
  for made in
    select p.oid::regprocedure as function from pg_catalog.pg_proc p
    where p.pronamespace = 'sluice'::regnamespace and p.proname = any ('{judged_as,red_line_fault}'::text[])
  loop
    execute format('revoke all on function %s from public', made.function);
    -- The default privileges of a Supabase project hand out what is made.
    for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
      execute format('revoke all on function %s from %I', made.function, grantee);
    end loop;
  end loop;
end $$;
select sluice.grant_roles(on_adopted => false);
