-- The journal's trigger runs as whoever writes the journal, which is our owner: nobody else asks for a fault.
do $$
declare
  grantee text;
begin
  for grantee in
    select 'public' union all
    select quote_ident(r.rolname) from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated')
  loop
    execute format('revoke all on function sluice.hidden_text_fault(text, text), sluice.refuse_hidden_text() from %s', grantee);
  end loop;
end $$;
