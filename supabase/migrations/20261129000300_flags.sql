-- feature_flags, and what its weights mean. Where the table exists it is adopted: missing columns are added with constant
-- defaults or none, which rewrites no row; rows, policies and row security of other people stay as they are.
do $$
declare
  is_fresh constant boolean := to_regclass('public.feature_flags') is null;
  odd text;
begin
  if is_fresh then
    create table public.feature_flags (
      flag_key text primary key,
      flag_value boolean,
      flag_value_text text,
      description text,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    alter table public.feature_flags enable row level security;
    comment on table public.feature_flags is 'One row per flag. GEN_PROVIDER_WEIGHTS routes live traffic.';
  end if;
  alter table public.feature_flags
    add column if not exists flag_value boolean,
    add column if not exists flag_value_text text,
    add column if not exists description text,
    add column if not exists created_at timestamptz,
    add column if not exists updated_at timestamptz,
    add column if not exists version bigint not null default 0,
    add column if not exists stage text,
    add column if not exists stage_started_at timestamptz,
    add column if not exists stage_by text,
    add column if not exists rollout_started_at timestamptz,
    add column if not exists paused_at timestamptz,
    add column if not exists paused_by text,
    add column if not exists pause_reason text,
    add column if not exists paused_for interval not null default '0',
    add column if not exists latched_at timestamptz,
    add column if not exists latched_by text,
    add column if not exists latch_reason text,
    add column if not exists baseline_cost_usd numeric;
  -- A default that is set afterwards holds for new rows only; one that somebody chose stays.
  for odd in
    select a.attname from pg_catalog.pg_attribute a
    where a.attrelid = 'public.feature_flags'::regclass and a.attname in ('created_at', 'updated_at') and not a.atthasdef
  loop
    execute format('alter table public.feature_flags alter column %I set default now()', odd);
  end loop;

  select string_agg(format('%s is %s and must be text', a.attname, format_type(a.atttypid, a.atttypmod)), '; ') into odd
  from pg_catalog.pg_attribute a
  where a.attrelid = 'public.feature_flags'::regclass and a.attname in ('flag_key', 'flag_value_text')
    and a.atttypid not in ('text'::regtype, 'varchar'::regtype);
  if odd is not null then
    raise exception using errcode = '42804', message = format('public.feature_flags cannot be adopted: %s', odd);
  end if;
  if not exists (
    select from pg_catalog.pg_index i join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where i.indrelid = 'public.feature_flags'::regclass and i.indisunique and i.indisvalid and i.indnkeyatts = 1
      and i.indpred is null and a.attname = 'flag_key'
  ) then
    raise exception using errcode = '42P10',
      message = 'public.feature_flags cannot be adopted: flag_key is not unique',
      hint = 'Add a primary key or a unique index on flag_key, then migrate again.';
  end if;
end $$;

-- One counter for all flags: no version comes twice, not even when a row is deleted and inserted again.
create sequence sluice.flag_versions as bigint;
select setval('sluice.flag_versions', greatest(1, (select max(f.version) + 1 from public.feature_flags f)), false);

-- The policy in force: the stored one when it is valid, else the default.
create function sluice.policy() returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  stored text;
begin
  select f.flag_value_text into stored from public.feature_flags f where f.flag_key = 'GEN_ROLLOUT_POLICY';
  if stored is null or sluice.policy_fault(stored) is not null then
    return sluice.default_policy();
  end if;
  return sluice.default_policy() || stored::jsonb;
end $$;

create function sluice.policy_version() returns bigint language sql stable security definer set search_path = '' as $$
  select coalesce((select f.version from public.feature_flags f where f.flag_key = 'GEN_ROLLOUT_POLICY'), 0) $$;

-- Null when the text is good weights, else a sentence: the rules of lib/split/read-weights.ts, in its order and words.
-- It reads `json` because `jsonb` would hide what was written: a duplicate key, 1e400.
create function sluice.weights_fault(weights_text text) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
  weights json; member text; share json; n numeric; total numeric := 0; seen text[] := '{}'; known text; policy jsonb;
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
    if not exists (select from sluice.providers p where p.name = member) then
      select string_agg(p.name, ', ' order by p.name) into known from sluice.providers p;
      return format('%s is not a registered provider; registered are: %s', quote_literal(left(member, 64)), known);
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
  policy := sluice.policy();
  foreach member in array array[policy ->> 'baseline', policy ->> 'candidate'] loop
    if member <> all (seen) then
      return format('the weights leave out %s; the baseline and the candidate must both be named', member);
    end if;
  end loop;
  if abs(total - 1) > 0.000001 then
    return format('the weights add up to %s; they must add up to 1', trim_scale(total));
  end if;
  return null;
end $$;

create function sluice.share_of(weights jsonb, provider text) returns numeric
language sql immutable set search_path = '' as $$
  select coalesce(sluice.number_of(weights -> provider), 0) $$;

-- Shares that differ by less than a billionth are the same share.
create function sluice.same_weights(one jsonb, other jsonb) returns boolean
language sql immutable set search_path = '' as $$
  select not exists (
    select from (select jsonb_object_keys(one) union select jsonb_object_keys(other)) k (name)
    where abs(sluice.share_of(one, k.name) - sluice.share_of(other, k.name)) >= 0.000000001) $$;

-- True when there is nothing to roll back: the rollback weights, or weights that give the candidate nothing.
create function sluice.at_rest(weights jsonb, policy jsonb) returns boolean
language sql immutable set search_path = '' as $$
  select sluice.same_weights(weights, policy -> 'rollback') or sluice.share_of(weights, policy ->> 'candidate') = 0 $$;

-- Weights equal to a stage's are that stage; as stageOf in lib/split/stages.ts.
create function sluice.stage_of(weights jsonb, policy jsonb, is_latched boolean) returns text
language sql immutable set search_path = '' as $$
  select coalesce(
    (select s.stage ->> 'name' from jsonb_array_elements(policy -> 'stages') with ordinality s (stage, place)
      where sluice.same_weights(s.stage -> 'weights', weights) order by s.place limit 1),
    case when not sluice.at_rest(weights, policy) then 'custom' when is_latched then 'rolled_back' else 'baseline' end) $$;
