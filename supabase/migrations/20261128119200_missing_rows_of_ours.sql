-- Each flag beside the newest row of its journal. Only ours must be there: a foreign flag may be renamed. The chain of
-- who may come in has no flag beside it. Each newest row is found by the index on (flag_key, seq).
create or replace function sluice.live_faults() returns table (flag_key text, seq bigint, fault text)
language sql stable security definer set search_path = '' as $$
  select k.flag_key, coalesce(j.seq, 0) + 1, case
    when f.flag_key is null then 'the flag was deleted without a row here'
    when j.seq is null or j.verb = 'delete' or f.version is distinct from j.version then 'the flag has changed without a row here'
    else 'the live row is not what the newest row here says' end
  from (
    select x.flag_key::text from public.feature_flags x
    union select unnest('{GEN_PROVIDER_WEIGHTS,GEN_ROLLOUT_POLICY}'::text[])
  ) k (flag_key)
  left join public.feature_flags f on f.flag_key = k.flag_key
  left join lateral (
    select n.seq, n.verb, n.version, n.becomes, n.stage_to from sluice.journal n
    where n.flag_key = k.flag_key and n.flag_key <> 'sluice.access' order by n.seq desc limit 1
  ) j on true
  where (f.flag_key is null and j.verb <> 'delete')
    or (f.version > 0 and (j.seq is null or j.verb = 'delete' or f.version is distinct from j.version
      or coalesce(f.flag_value_text, f.flag_value::text) is distinct from j.becomes or f.stage is distinct from j.stage_to))
    -- Ours at version 0 has never passed the guard; one that was adopted though it is invalid is said as such.
    or (f.version = 0 and ((f.flag_key = 'GEN_PROVIDER_WEIGHTS' and sluice.weights_fault(f.flag_value_text) is null)
      or (f.flag_key = 'GEN_ROLLOUT_POLICY' and sluice.policy_fault(f.flag_value_text) is null))) $$;
