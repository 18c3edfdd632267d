-- Only what the guard would pass is good: this trigger may fire while the guard's is off.
create or replace function sluice.keep_last_good() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if new.stage is not null and sluice.weights_fault(new.flag_value_text) is null then
    insert into sluice.last_good (flag_key, row) values (new.flag_key, to_jsonb(new))
    on conflict (flag_key) do update set row = excluded.row;
  end if;
  return null;
end $$;
