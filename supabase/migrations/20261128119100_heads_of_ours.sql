-- The newest row of each of our two chains, by name: a foreign flag's may hold what no anchor can be read with. Whoever
-- keeps these outside of the database can tell later whether they hold. Each is found by the index on (flag_key, seq).
create or replace function sluice.journal_heads() returns table (flag_key text, seq bigint, hash text)
language sql stable security definer set search_path = '' as $$
  select j.flag_key, j.seq, encode(j.hash, 'hex')
  from unnest('{GEN_PROVIDER_WEIGHTS,GEN_ROLLOUT_POLICY}'::text[]) ours (flag_key)
  cross join lateral (select h.flag_key, h.seq, h.hash from sluice.journal h where h.flag_key = ours.flag_key
    order by h.seq desc limit 1) j
  order by 1 $$;
