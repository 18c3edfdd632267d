-- An address that nobody can call is refused where it is written, and one of this machine is known in whatever spelling.
create or replace function sluice.url_fault(what text, value text, may_be_private boolean) returns text
language plpgsql immutable set search_path = '' as $$
declare
  host text; rest text; name text;
  octet constant text := '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
  label constant text := '[a-z0-9]([a-z0-9-]*[a-z0-9])?';
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
      || case when rest is null then '' else format('; remove "%s"', case when length(rest) > 64 then left(rest, 63) || '…' else rest end) end);
  end if;
  name := rtrim(host, '.');
  -- As whoever connects reads it: what ends in a number is an address, however that is written.
  if host !~ '^\[' and (name !~ ('^' || label || '(\.' || label || ')*$')
    or (name ~ '(^|\.)(0x[0-9a-f]*|[0-9]+)$' and name !~ ('^(' || octet || '\.){3}' || octet || '$'))) then
    return sluice.place_fault(what, to_jsonb(value), 'must name a host such as api.example.com, or an address of four numbers from 0 to 255');
  end if;
  if substring(value from ':([0-9]{1,5})$')::integer not between 1 and 65535 then
    return sluice.place_fault(what, to_jsonb(value), 'must have a port from 1 to 65535, or say none');
  end if;
  if coalesce(may_be_private, false) then return null; end if;
  if value !~ '^https://' then
    return sluice.place_fault(what, to_jsonb(value), 'must begin with https://; for one in your own network set options.private to true');
  end if;
  if name ~ '^(localhost|.*\.localhost|.*\.local|.*\.internal)$' or host ~ '^\[' or name !~ '[a-z]'
    or name ~ '^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2[0-9]|3[01])|100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7]))\.' then
    return sluice.place_fault(what, to_jsonb(value), 'must name a host of the open internet; for one in your own network set options.private to true');
  end if;
  return null;
end $$;

select sluice.grant_roles(on_adopted => false);
