-- A model's row says how our parameters are called at its provider, what is always sent, and what happens where a request
-- cannot be expressed there.
alter table sluice.models
  -- Sent with every request, in the provider's own words.
  add column fixed jsonb not null default '{}',
  -- Where another arm can express a request and this one cannot: it goes to the other one, is refused, or loses what it cannot.
  add column lossy text not null default 'pin',
  -- What is not enabled counts as not there.
  add column enabled boolean not null default true,
  -- Where its id and parameters were read, and when.
  add column source text,
  -- Came with Sluice and nobody changed it: no file of a team's says anything of it.
  add column shipped boolean not null default false;

-- A row that somebody writes is theirs from then on.
create function sluice.own_model() returns trigger language plpgsql set search_path = '' as $$
begin
  if old.shipped and new.shipped and current_setting('sluice.shipping', true) is distinct from 'on'
    and to_jsonb(new) is distinct from to_jsonb(old) then
    new.shipped := false;
  end if;
  return new;
end $$;
create trigger a_own_model before update on sluice.models for each row execute function sluice.own_model();
alter table sluice.models enable always trigger a_own_model;

-- A member of a parameter's rule that nobody reads would be a wish that is not fulfilled in silence.
create function sluice.rule_fault(parameter text, rule jsonb) returns text language plpgsql immutable set search_path = '' as $$
declare
  place constant text := 'params.' || left(parameter, 64);
  known constant text[] := '{to,type,min,max,step,times,plus,values,default,required,list,most,takes,model,scale,accepts,as,width,height}';
  numbers constant text[] := '{min,max,step,times,plus,most}';
  member record;
begin
  if parameter !~ '^[a-z][a-z0-9_]{0,63}$' then
    return sluice.place_fault(place, to_jsonb(parameter), 'must be named by small letters, digits and "_"');
  end if;
  if jsonb_typeof(rule) = 'string' then
    if rule #>> '{}' !~ '^[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z_][A-Za-z0-9_]*){0,3}$' then
      return sluice.place_fault(place, rule, 'must be the name of a field there, such as "seed" or "safety.checkContent"');
    end if;
    return null;
  end if;
  if jsonb_typeof(rule) <> 'object' then
    return sluice.place_fault(place, rule, 'must be the name of a field there, or an object');
  end if;
  for member in select e.key, e.value from jsonb_each(rule) e loop
    if member.key <> all (known) then
      return format('%s.%s is not known; a rule may have %s', place, left(member.key, 64), array_to_string(known, ', '));
    end if;
    if member.key = any (numbers) and jsonb_typeof(member.value) <> 'number' then
      return sluice.place_fault(place || '.' || member.key, member.value, 'must be a number');
    end if;
    if member.key in ('to', 'width', 'height', 'model', 'scale') and (jsonb_typeof(member.value) <> 'string'
      or member.value #>> '{}' !~ '^[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z_][A-Za-z0-9_]*){0,3}$') then
      return sluice.place_fault(place || '.' || member.key, member.value, 'must be the name of a field there');
    end if;
    if member.key = 'values' and jsonb_typeof(member.value) not in ('object', 'array') then
      return sluice.place_fault(place || '.values', member.value, 'must be a list, or an object of ours to theirs');
    end if;
  end loop;
  if (rule ->> 'min')::numeric > (rule ->> 'max')::numeric then
    return format('%s.min is %s, and its max is %s', place, rule ->> 'min', rule ->> 'max');
  end if;
  if (rule ->> 'times')::numeric = 0 then return format('%s.times is 0, which no value comes back from', place); end if;
  return null;
end $$;

create function sluice.price_fault(price jsonb) returns text language plpgsql immutable set search_path = '' as $$
declare fault text;
begin
  fault := sluice.object_fault('price', price, '{usd,per,by,at}', 4096);
  if fault is not null then return fault; end if;
  if price ? 'usd' and (jsonb_typeof(price -> 'usd') <> 'number' or (price ->> 'usd')::numeric not between 0 and 1000) then
    return sluice.place_fault('price.usd', price -> 'usd', 'must be a number from 0 to 1000');
  end if;
  if price ? 'per' and coalesce(price ->> 'per' not in ('image', 'megapixel', 'step', 'second', 'unit'), true) then
    return sluice.place_fault('price.per', price -> 'per', 'must be image, megapixel, step, second or unit');
  end if;
  return null;
end $$;

create or replace function sluice.model_fault(m sluice.models) returns text language plpgsql stable security definer set search_path = '' as $$
declare
  fault text; parameter record; other text;
begin
  if m.alias is null or m.alias !~ '^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,127}$' then
    return sluice.place_fault('alias', to_jsonb(m.alias), 'must be 1 to 128 letters, digits, ".", "_", "-", ":", "/" or "@"');
  end if;
  if not exists (select from sluice.providers p where p.name = m.provider) then
    return format('provider is "%s", which is not registered', left(m.provider, 64));
  end if;
  fault := coalesce(sluice.text_fault('provider_model', m.provider_model, 256), sluice.price_fault(m.price),
    sluice.object_fault('params', m.params, null, 16384), sluice.object_fault('fixed', m.fixed, null, 4096));
  if fault is not null then return fault; end if;
  select o.alias into other from sluice.models o
  where o.provider_model = m.alias and o.alias <> m.alias order by 1 limit 1;
  if found then
    return format('alias is "%s", which is what a provider calls the model "%s"; choose another', m.alias, left(other, 64));
  end if;
  if m.lossy is null or m.lossy not in ('pin', 'refuse', 'drop') then
    return sluice.place_fault('lossy', to_jsonb(m.lossy), 'must be pin, refuse or drop');
  end if;
  if m.source is not null then fault := sluice.text_fault('source', m.source, 500); end if;
  if fault is not null then return fault; end if;
  for parameter in select e.key, e.value from jsonb_each(m.params) e loop
    fault := sluice.rule_fault(parameter.key, parameter.value);
    if fault is not null then return fault; end if;
  end loop;
  return null;
end $$;

create or replace function sluice.registry() returns jsonb language sql stable security definer set search_path = ''
begin atomic
  select jsonb_build_object('version', sluice.registry_version(),
    'splits', (select coalesce(jsonb_agg(jsonb_build_object('key', s.key, 'slug', s.slug, 'kind', s.kind, 'label', s.label,
        'match', s.match, 'isDefault', s.is_default, 'archived', s.archived_at is not null,
        'arms', (select coalesce(jsonb_agg(jsonb_build_object('name', a.name, 'provider', a.provider, 'model', a.model,
            'params', a.params) order by a.name), '[]') from sluice.arms a where a.split = s.key))
      order by s.created_at, s.key), '[]') from sluice.splits s),
    'providers', (select coalesce(jsonb_agg(jsonb_build_object('name', p.name, 'adapter', p.adapter, 'label', p.label,
        'baseUrl', p.base_url, 'options', p.options, 'state', p.state, 'deprecated', p.deprecated) order by p.name), '[]')
      from sluice.providers p),
    'models', (select coalesce(jsonb_agg(jsonb_build_object('alias', m.alias, 'provider', m.provider,
        'providerModel', m.provider_model, 'price', m.price, 'params', m.params, 'fixed', m.fixed, 'lossy', m.lossy,
        'enabled', m.enabled, 'source', m.source, 'shipped', m.shipped) order by m.alias, m.provider), '[]')
      from sluice.models m));
end;

-- A trigger of this file, which the doctor looks after like the others.
alter function sluice.guards() rename to guards_before_models;
create function sluice.guards() returns table (relation text, guard text, is_always boolean, calls text)
language sql immutable set search_path = '' as $$
  select * from sluice.guards_before_models()
  union all values ('sluice.models', 'a_own_model', true, 'sluice.own_model') $$;

do $$
declare grantee text; made regprocedure;
begin
  foreach made in array
    '{sluice.own_model(),"sluice.rule_fault(text,jsonb)",sluice.price_fault(jsonb),sluice.guards()}'::regprocedure[] loop
    execute format('revoke all on function %s from public', made);
    -- The default privileges of a Supabase project hand out what is made.
    for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
      execute format('revoke all on function %s from %I', made, grantee);
    end loop;
  end loop;
end $$;

-- What came with the code until now: no change of an installation, so the journal tells nothing of it. A row that is there already is somebody's own, and stays.
alter table sluice.models disable trigger zz_note;
insert into sluice.models (alias, provider, provider_model, price, params, source, shipped)
select v.alias, v.provider, v.provider_model, v.price::jsonb, v.params::jsonb, v.source, true
from (values
  ('flux-dev', 'fal', 'fal-ai/flux/dev', '{"usd":0.025,"per":"megapixel"}',
    '{"prompt":{"to":"prompt","required":true,"max":3000},"n":{"to":"num_images","min":1,"max":4},"size":{"as":"object","to":"image_size","min":64,"max":14142},"seed":{"to":"seed","min":0,"max":4294967295},"steps":{"to":"num_inference_steps","min":1,"max":50},"guidance":{"to":"guidance_scale","min":1,"max":20},"output_format":{"to":"output_format","values":["jpeg","png"],"default":"jpeg"},"safety":{"to":"enable_safety_checker","default":true}}',
    'https://fal.ai/models/fal-ai/flux/dev/api (2026-11-29)'),
  ('flux-dev', 'runware', 'runware:101@1', '{}',
    '{"prompt":{"to":"positivePrompt","required":true,"max":3000},"n":{"to":"numberResults","min":1,"max":20},"size":{"as":"sides","width":"width","height":"height","min":128,"max":2048,"step":64},"seed":{"to":"seed","min":1,"max":4294967295},"steps":{"to":"steps","min":1,"max":100},"guidance":{"to":"CFGScale","min":0,"max":50},"output_format":{"to":"outputFormat","values":{"jpeg":"JPG","png":"PNG","webp":"WEBP"},"default":"jpeg"}}',
    'https://runware.ai/docs/en/image-inference/api-reference (2026-11-29)'),
  ('flux-schnell', 'fal', 'fal-ai/flux/schnell', '{"usd":0.003,"per":"megapixel"}',
    '{"prompt":{"to":"prompt","required":true,"max":3000},"n":{"to":"num_images","min":1,"max":4},"size":{"as":"object","to":"image_size","min":64,"max":14142},"seed":{"to":"seed","min":0,"max":4294967295},"steps":{"to":"num_inference_steps","min":1,"max":12},"output_format":{"to":"output_format","values":["jpeg","png"],"default":"jpeg"},"safety":{"to":"enable_safety_checker","default":true}}',
    'https://fal.ai/models/fal-ai/flux/schnell/api (2026-11-29)'),
  ('flux-schnell', 'runware', 'runware:100@1', '{}',
    '{"prompt":{"to":"positivePrompt","required":true,"max":3000},"n":{"to":"numberResults","min":1,"max":20},"size":{"as":"sides","width":"width","height":"height","min":128,"max":2048,"step":64},"seed":{"to":"seed","min":1,"max":4294967295},"steps":{"to":"steps","min":1,"max":100},"guidance":{"to":"CFGScale","min":0,"max":50},"output_format":{"to":"outputFormat","values":{"jpeg":"JPG","png":"PNG","webp":"WEBP"},"default":"jpeg"}}',
    'https://runware.ai/docs/en/image-inference/api-reference (2026-11-29)')) v (alias, provider, provider_model, price, params, source)
where exists (select from sluice.providers p where p.name = v.provider)
on conflict do nothing;
alter table sluice.models enable always trigger zz_note;
