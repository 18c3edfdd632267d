-- What every client of a vendor says, such as the version of its API, is part of its dialect: callers' own passes, and
-- what goes without a caller says it, too.

create function sluice.dialect_headers_fault(headers jsonb) returns text language plpgsql immutable set search_path = '' as $$
declare
  fault text := sluice.object_fault('rules.headers', headers, null, 4096);
begin
  if fault is not null then return fault; end if;
  return (select coalesce(sluice.own_header_fault('rules.headers', h.key),
      case when h.key <> lower(h.key) then sluice.place_fault('rules.headers', to_jsonb(h.key), 'must be the name of a header in small letters')
        when jsonb_typeof(h.value) <> 'null' and h.key ~ '^(content-.*|(x-)?idempotency-key)$' then
          sluice.place_fault('rules.headers.' || h.key, h.value, 'must be null: only a caller can say it')
        when jsonb_typeof(h.value) <> 'null' and (jsonb_typeof(h.value) <> 'string' or length(h.value #>> '{}') > 512
          or h.value #>> '{}' !~ '^[!-~]([ -~]*[!-~])?$') then
          sluice.place_fault('rules.headers.' || h.key, h.value, 'must be one line of plain text, or null where it only passes') end)
    from jsonb_each(headers) h order by 1 nulls last limit 1);
end $$;

create or replace function sluice.dialect_fault(d sluice.dialects) returns text language plpgsql stable security definer set search_path = '' as $$
declare
  headers constant jsonb := case when jsonb_typeof(d.rules) = 'object' then d.rules -> 'headers' end;
begin
  if d.name is null or d.name !~ '^[a-z][a-z0-9_-]{0,31}$' then
    return sluice.place_fault('name', to_jsonb(d.name), 'must be 1 to 32 small letters, digits, "_" or "-", a letter first');
  elsif d.name = any (sluice.dialect_names()) then
    return format('name is "%s", which is that of a dialect that ships; choose another', d.name);
  end if;
  return coalesce(case when headers is not null then sluice.dialect_headers_fault(headers) end,
    sluice.dialect_rules_fault(case when headers is null then d.rules else d.rules - 'headers' end));
end $$;

select sluice.grant_roles(on_adopted => false);
