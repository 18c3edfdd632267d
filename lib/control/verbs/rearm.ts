import { Refusal } from '@/lib/kernel/refusal';
import type { Control } from '../control';
import { changeState, type StateRequest } from './change-state';
import { requireReason } from './require-reason';

/** After a rollback an operator must say why it is safe to begin again; it begins at the first stage. */
export function rearm(control: Control, request: StateRequest) {
  const reason = requireReason(request.reason, 'Re-arming');
  return changeState(control, 'rearm', { ...request, reason }, ({ latched, stage }) => {
    if (!latched) throw new Refusal('not-rolled-back', `The rollout is at ${stage}: there is nothing to re-arm.`);
  });
}
