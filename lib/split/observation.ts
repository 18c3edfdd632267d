import type { Policy } from './policy/policy';
import { stageNamed } from './stages';
import type { RolloutState } from './state';

interface Observation {
  readonly servedSeconds: number;
  /** null: the stage has no end, or there is no stage. */
  readonly neededSeconds: number | null;
  /** When the time will have been served; null while paused, without an end, or outside a stage. */
  readonly eligibleAtMs: number | null;
}

/** How long a stage has been observed: pauses, over or running, do not count. */
export function observation(state: RolloutState, policy: Policy, nowMs: number): Observation {
  const stage = stageNamed(state.stage, policy);
  const startedAtMs = state.stageStartedAtMs;
  if (stage === null || startedAtMs === null) return { servedSeconds: 0, neededSeconds: null, eligibleAtMs: null };
  const untilMs = state.pausedAtMs ?? nowMs;
  const servedSeconds = Math.max(0, (untilMs - startedAtMs) / 1000 - state.pausedSeconds);
  const neededSeconds = stage.observeSeconds;
  if (neededSeconds === null || state.pausedAtMs !== null) return { servedSeconds, neededSeconds, eligibleAtMs: null };
  return { servedSeconds, neededSeconds, eligibleAtMs: startedAtMs + (neededSeconds + state.pausedSeconds) * 1000 };
}
