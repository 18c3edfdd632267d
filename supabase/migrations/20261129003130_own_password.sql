-- An operator may choose another password: the journal of access says so, never what it was.
create or replace function sluice.note_operator() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  was text := case when tg_op <> 'INSERT' then format('%s, %s', old.name, old.role) end;
  becomes text := case when tg_op <> 'DELETE' then format('%s, %s', new.name, new.role) end;
begin
  if tg_op = 'UPDATE' and new.revoked_at is not null then
    perform sluice.note_access('operator_revoke', was, null) where old.revoked_at is null;
  elsif tg_op = 'UPDATE' and (old.role, old.name, old.token_hash, old.expires_at, old.revoked_at)
      is not distinct from (new.role, new.name, new.token_hash, new.expires_at, new.revoked_at) then
    perform sluice.note_access('password_change', was, becomes) where old.password_hash is distinct from new.password_hash;
  else
    perform sluice.note_access(case tg_op when 'INSERT' then 'operator_add' when 'DELETE' then 'operator_delete'
      else 'operator_change' end, was, becomes);
  end if;
  return null;
end $$;

select sluice.grant_roles(on_adopted => false);
