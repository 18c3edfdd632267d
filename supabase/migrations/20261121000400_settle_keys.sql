-- What idempotency keys need of the store, in one commit: the ends of some requests, the claims of others. Returned are
-- the keys that were claimed here. A claim of a key that is there asks for no lock and waits for none, and new keys are
-- taken in one order always, so that two of these do not wait for each other crosswise. Never by reading the table: it may
-- have grown since this was planned.
create function sluice.settle_keys(ends jsonb, claims jsonb) returns setof text
language plpgsql set search_path = '' set enable_seqscan = off as $$
declare
  claimed integer;
begin
  if jsonb_array_length(ends) > 0 then
    -- An end also writes the row of a claim that never reached the store.
    insert into sluice.idempotency as i (key_hash, body_hash, state, request_id, status, response)
    select distinct on (e."keyHash") e."keyHash", e."bodyHash", e.state, e."requestId", e.status, e.response
    from jsonb_to_recordset(ends)
      as e ("keyHash" text, "bodyHash" text, state text, "requestId" text, status integer, response jsonb)
    order by e."keyHash"
    on conflict (key_hash) do update set state = excluded.state, status = excluded.status, response = excluded.response
    where i.request_id = excluded.request_id;
  end if;
  if jsonb_array_length(claims) > 0 then
    return query
      insert into sluice.idempotency as i (key_hash, body_hash, state, request_id)
      select distinct on (k."keyHash") k."keyHash", k."bodyHash", 'running', k."requestId"
      from rows from (jsonb_to_recordset(claims) as ("keyHash" text, "bodyHash" text, "requestId" text))
        with ordinality as k ("keyHash", "bodyHash", "requestId", n)
      where (select i.expires_at > now() from sluice.idempotency i where i.key_hash = k."keyHash") is not true
      order by k."keyHash", k.n
      on conflict do nothing
      returning i.key_hash;
    get diagnostics claimed = row_count;
    if claimed < jsonb_array_length(claims) then
      return query
        with expired as materialized (
          select i.key_hash from sluice.idempotency i
          where i.key_hash in (select c.value ->> 'keyHash' from jsonb_array_elements(claims) c) and i.expires_at <= now()
          order by i.key_hash for update
        )
        update sluice.idempotency i set body_hash = k."bodyHash", state = 'running', request_id = k."requestId",
          status = null, response = null, created_at = now(), expires_at = now() + interval '24 hours'
        from expired x join (
          select distinct on (k."keyHash") k.*
          from rows from (jsonb_to_recordset(claims) as ("keyHash" text, "bodyHash" text, "requestId" text))
            with ordinality as k ("keyHash", "bodyHash", "requestId", n)
          order by k."keyHash", k.n
        ) k on k."keyHash" = x.key_hash
        where i.key_hash = x.key_hash
        returning i.key_hash;
    end if;
  end if;
end $$;

-- A key's end is written beside its claim, not into every index.
alter table sluice.idempotency set (fillfactor = 60);

do $$
declare grantee text;
begin
  revoke all on function sluice.settle_keys(jsonb, jsonb) from public;
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on function sluice.settle_keys(jsonb, jsonb) from %I', grantee);
  end loop;
end $$;
