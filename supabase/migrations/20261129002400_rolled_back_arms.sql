-- A rollback of one arm keeps it out also where an earlier stage of the plan gives the others just what they have then.
-- The same weights written by hand stay a step back.
create or replace function sluice.arms_after(arms jsonb, was jsonb, becomes jsonb, policy jsonb, fell boolean, instant timestamptz)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  candidates constant text[] := sluice.candidates_of(policy);
  blank constant jsonb := '{"latched_at": null, "latched_by": null, "reason": null}';
  latch constant jsonb := jsonb_build_object('latched_at', instant, 'latched_by', sluice.actor(), 'reason', sluice.said('reason'));
  arm text; known jsonb; is_rearmed boolean; down text[];
begin
  foreach arm in array candidates loop
    known := arms -> arm;
    is_rearmed := known -> 'latched_at' <> 'null' and sluice.is_up(becomes, policy, arm);
    if is_rearmed then known := known || blank; end if;
    if sluice.share_of(becomes, arm) > 0 and (is_rearmed or coalesce(sluice.share_of(was, arm), 0) = 0) then
      known := known || jsonb_build_object('rollout_started_at', instant);
    end if;
    arms := arms || jsonb_build_object(arm, known);
  end loop;
  down := sluice.latched_of(arms);
  foreach arm in array candidates loop
    continue when arms -> arm -> 'latched_at' <> 'null';
    if fell or (was is not null and sluice.is_up(was, policy, arm) and not sluice.is_up(becomes, policy, arm)
      and (sluice.said('verb') = 'rollback'
        or not exists (select from jsonb_array_elements(policy -> 'stages') s (stage)
          where not sluice.is_up(s.stage -> 'weights', policy, arm)
            and sluice.same_weights(sluice.after_rollback_of(s.stage -> 'weights', policy, down), becomes))))
    then
      arms := arms || jsonb_build_object(arm, (arms -> arm) || latch);
    end if;
  end loop;
  return arms;
end $$;
