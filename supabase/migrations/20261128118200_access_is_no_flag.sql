-- Each flag beside the newest row of its journal. The chain of who may come in has no flag beside it.
create or replace function sluice.live_faults() returns table (flag_key text, seq bigint, fault text)
language sql stable security definer set search_path = '' as $$
  with newest as (
    select distinct on (j.flag_key) j.flag_key, j.seq, j.verb, j.version, j.becomes, j.stage_to
    from sluice.journal j where j.flag_key <> 'sluice.access' order by j.flag_key, j.seq desc
  )
  select coalesce(f.flag_key, j.flag_key), coalesce(j.seq, 0) + 1, case
    when f.flag_key is null then 'the flag was deleted without a row here'
    when j.seq is null or j.verb = 'delete' or f.version is distinct from j.version then 'the flag has changed without a row here'
    else 'the live row is not what the newest row here says' end
  from newest j full join public.feature_flags f on f.flag_key = j.flag_key
  where (f.flag_key is null and j.verb <> 'delete')
    or (f.version > 0 and (j.seq is null or j.verb = 'delete' or f.version is distinct from j.version
      or coalesce(f.flag_value_text, f.flag_value::text) is distinct from j.becomes or f.stage is distinct from j.stage_to))
    -- Ours at version 0 has never passed the guard; one that was adopted though it is invalid is said as such.
    or (f.version = 0 and ((f.flag_key = 'GEN_PROVIDER_WEIGHTS' and sluice.weights_fault(f.flag_value_text) is null)
      or (f.flag_key = 'GEN_ROLLOUT_POLICY' and sluice.policy_fault(f.flag_value_text) is null))) $$;
