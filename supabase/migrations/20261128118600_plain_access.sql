-- Where standard_conforming_strings is off, '\x00' in a function is no bytes but a fault, and nobody could be let in.
create or replace function sluice.note_access(of_verb text, was text, becomes text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  e sluice.journal;
  head sluice.journal_head;
begin
  e.flag_key := 'sluice.access';
  insert into sluice.journal_head (flag_key, seq, hash) values (e.flag_key, 0, decode('00', 'hex')) on conflict do nothing;
  select * into head from sluice.journal_head h where h.flag_key = e.flag_key for update;
  e.id := nextval(pg_get_serial_sequence('sluice.journal', 'id'));
  e.seq := head.seq + 1;
  e.at := clock_timestamp();
  e.actor := sluice.actor();
  e.login := session_user;
  e.verb := of_verb;
  e.was := was;
  e.becomes := becomes;
  e.version := e.seq;
  e.reason := sluice.said('reason');
  e.prev_hash := head.hash;
  e.hash := sluice.entry_hash(e);
  insert into sluice.journal values (e.*);
  update sluice.journal_head h set seq = e.seq, hash = e.hash where h.flag_key = e.flag_key;
end $$;
