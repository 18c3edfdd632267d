import { Refusal, says } from '@/lib/kernel/refusal';
import type { Control } from '../control';
import { changeState, type StateRequest } from './change-state';

export function resume(control: Control, request: StateRequest) {
  return changeState(control, 'resume', request, ({ pausedAtMs }) => {
    if (pausedAtMs === null)
      throw new Refusal('not-paused', 'The rollout is not paused: there is nothing to resume.', says('not-paused'));
  });
}
