-- What a provider may name as its adapter: the same as lib/registry/adapter-names.ts, and a test holds the two together.
create function sluice.adapter_names() returns text[] immutable language sql
return array['fal', 'runware', 'openai', 'kling', 'aimlapi', 'relay'];

create or replace function sluice.provider_fault(p sluice.providers) returns text language plpgsql stable security definer set search_path = '' as $$
declare
  fault text; stranded record;
begin
  if p.name is null or p.name !~ '^[a-z][a-z0-9_-]{0,31}$' then
    return sluice.place_fault('name', to_jsonb(p.name), 'must be 1 to 32 small letters, digits, "_" or "-", a letter first');
  end if;
  if p.adapter is not null and p.adapter <> all (sluice.adapter_names()) then
    return sluice.place_fault('adapter', to_jsonb(p.adapter), 'must be '
      || regexp_replace(array_to_string(sluice.adapter_names(), ', '), ', ([^,]*)$', ' or \1'));
  end if;
  fault := coalesce(sluice.text_fault('label', p.label, 80), sluice.object_fault('options', p.options, null, 4096),
    sluice.url_fault('base_url', p.base_url, p.options -> 'private' = 'true'));
  if fault is not null then return fault; end if;
  if p.state is null or p.state not in ('active', 'draining', 'off') then
    return sluice.place_fault('state', to_jsonb(p.state), 'must be active, draining or off');
  end if;
  if p.state <> 'active' then
    select a.split, a.name, sluice.arm_use(a.split, a.name) as used into stranded
    from sluice.arms a join sluice.splits s on s.key = a.split
    where a.provider = p.name and s.archived_at is null and sluice.arm_use(a.split, a.name) ~ '(now|baseline)' limit 1;
    if found then
      return format('state is "%s", and arm "%s" still needs it: %s; move its traffic first', p.state, stranded.name, stranded.used);
    end if;
  end if;
  return null;
end $$;

comment on column sluice.providers.adapter is
  'Code that speaks the vendor''s wire format: one of sluice.adapter_names(). Null: nothing is routed there.';

do $$
declare
  grantee text;
begin
  revoke all on function sluice.adapter_names() from public;
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on function sluice.adapter_names() from %I', grantee);
  end loop;
end $$;
