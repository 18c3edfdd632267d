import { Refusal, says } from '@/lib/kernel/refusal';
import type { Control } from '../control';
import { changeState, type StateRequest } from './change-state';

/** Stops promotion and the observation clock; rolling back stays armed. */
export function pause(control: Control, request: StateRequest) {
  return changeState(control, 'pause', request, ({ pausedAtMs, pausedBy }) => {
    if (pausedAtMs === null) return;
    const since = new Date(pausedAtMs).toISOString();
    throw new Refusal(
      'already-paused',
      `${pausedBy ?? 'Somebody'} paused the rollout at ${since}.`,
      says('already-paused', { by: pausedBy ?? '?', since }),
    );
  });
}
