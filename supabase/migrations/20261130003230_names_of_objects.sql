-- Weights, shares and health are objects whose keys are the names of arms and providers, and every object has a
-- "constructor" from the start: an arm of that name would be read before it was given anything.
create function sluice.object_name_fault(name text) returns text language sql immutable set search_path = ''
return case when name = 'constructor' then format('name is "%s", which is kept for ourselves; choose another', name) end;

alter function sluice.arm_fault(sluice.arms) rename to arm_fault_before_names;
create function sluice.arm_fault(a sluice.arms) returns text language sql stable security definer set search_path = '' as $$
  select coalesce(sluice.object_name_fault(a.name), sluice.arm_fault_before_names(a)) $$;

alter function sluice.provider_fault(sluice.providers) rename to provider_fault_before_names;
create function sluice.provider_fault(p sluice.providers) returns text language sql stable security definer set search_path = '' as $$
  select coalesce(sluice.object_name_fault(p.name), sluice.provider_fault_before_names(p)) $$;

select sluice.grant_roles(on_adopted => false);
