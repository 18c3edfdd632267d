-- A path that comes before every other has a place of its own, and the refusal of an address names it, but for the two
-- adapters that have paths of their own and heed no path_prefix.
create or replace function sluice.url_fault(what text, value text, may_be_private boolean) returns text
language plpgsql immutable set search_path = '' as $$
declare
  host text; rest text;
begin
  if value is null then return null; end if;
  if length(value) > 256 then return format('%s is %s characters long; at most 256 are allowed', what, length(value)); end if;
  if value ~ '^https?://[^/?#]*@' then
    return what || ' holds credentials; store them with `sluice keys set`, and give the origin alone';
  end if;
  host := lower(substring(value from '^https?://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::[0-9]{1,5})?$'));
  if host is null then
    rest := substring(value from '^https?://[^/?#]+([/?#].*)$');
    -- Only what the options take is advised, and that whole.
    if rest ~ '^(/[A-Za-z0-9_~.-]+)+/?$' and rest !~ '/\.{1,2}(/|$)' and length(rtrim(rest, '/')) <= 128 then
      return sluice.place_fault(what, to_jsonb(value), format('must be an origin such as "https://api.example.com", without a path or a slash at its end; remove "%s", and where it belongs before every path, say so in the options, which all adapters but fal and runware heed: {"path_prefix":"%s"}',
        rest, rtrim(rest, '/')));
    end if;
    return sluice.place_fault(what, to_jsonb(value), 'must be an origin such as "https://api.example.com", without a path or a slash at its end'
      || coalesce(format('; remove "%s"', case when length(rest) > 64 then left(rest, 63) || '…' else rest end), ''));
  end if;
  if coalesce(may_be_private, false) then return null; end if;
  if value !~ '^https://' then
    return sluice.place_fault(what, to_jsonb(value), 'must begin with https://; for one in your own network set options.private to true');
  end if;
  if host ~ '^(localhost|.*\.localhost|.*\.local|.*\.internal)$' or host ~ '^\[' or host !~ '[a-z]'
    or host ~ '^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2[0-9]|3[01])|100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7]))\.' then
    return sluice.place_fault(what, to_jsonb(value), 'must name a host of the open internet; for one in your own network set options.private to true');
  end if;
  return null;
end $$;

select sluice.grant_roles(on_adopted => false);
