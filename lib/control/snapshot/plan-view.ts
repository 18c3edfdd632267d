import type { PlanStep } from '@/lib/api/snapshot';
import type { RolloutNow } from '@/lib/control/rollout/rollout-now';
import { nextStage } from '@/lib/split/stages';
import type { StoryChange } from './story/story-store';

/** The plan with what has been done of it in this rollout; after a rollback nothing is past, for it starts again. */
export function planOf({ row, policy }: RolloutNow, changes: readonly StoryChange[]): readonly PlanStep[] {
  const { stages } = policy.policy;
  const startMs = row.rolloutStartedAtMs;
  const current = stages.findIndex(({ name }) => name === row.stage);
  const next = row.latched ? null : nextStage(row.stage, policy.policy);
  const ofRollout = startMs === null || current < 0 ? [] : changes.filter(({ at }) => at.getTime() >= startMs - 1000);
  return stages.map(({ name, weights, observeSeconds }, index) => {
    const entered = index <= current ? entryInto(ofRollout, name) : null;
    const state = index === current ? 'current' : index < current ? 'past' : name === next?.name ? 'next' : 'future';
    return {
      name,
      weights,
      observe_seconds: observeSeconds,
      state,
      entered_at: entered?.at.toISOString() ?? null,
      by: entered?.actor ?? null,
    };
  });
}

/** The newest write that brought the split into a stage; changes come newest first. */
function entryInto(changes: readonly StoryChange[], stage: string): StoryChange | null {
  return changes.find(({ stage_to, stage_from }) => stage_to === stage && stage_from !== stage) ?? null;
}
