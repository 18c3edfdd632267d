-- Who and why are read by people, in terminals too. Control characters there move the cursor, a line break begins a line
-- that somebody else seems to have written, and signs of direction turn the text around: none of them is journaled.

-- lib/kernel/plain-text.ts says the same of the same texts.
create function sluice.hidden_text_fault(what text, value text) returns text
language sql immutable set search_path = '' as $$
  select what || ' holds U+' || upper(lpad(to_hex(ascii(f.sign)), 4, '0')) || ' at character ' || strpos(value, f.sign)
    || '; control characters, line breaks and signs that turn the direction of text are not taken'
  from (select substring(value from '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]') as sign) f
  where f.sign is not null $$;

-- On the journal itself, so that no way of writing a flag goes around it. The name of a role is what it is.
create function sluice.refuse_hidden_text() returns trigger language plpgsql set search_path = '' as $$
declare
  fault text := coalesce(sluice.hidden_text_fault('the reason', new.reason),
    case when new.actor <> 'sql:' || new.login then sluice.hidden_text_fault('the actor', new.actor) end);
begin
  if fault is not null then
    raise exception '% was not changed: %', new.flag_key, fault using errcode = '22023';
  end if;
  return new;
end $$;

create trigger plain_text before insert on sluice.journal
  for each row execute function sluice.refuse_hidden_text();
alter table sluice.journal enable always trigger plain_text;
