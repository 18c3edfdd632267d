import type { JournalEntry, PlanStep } from '@/lib/api/snapshot';
import type { RolloutNow } from '@/lib/control/rollout/rollout-now';
import { nextStage } from '@/lib/split/stages';
import type { Control } from '../control';

const enough = 200;

/** The plan with what has been done of it in this rollout; after a rollback nothing is past, for it starts again. */
export async function planOf(
  { journal, facts }: Control,
  { row, policy, nowMs }: RolloutNow,
): Promise<readonly PlanStep[]> {
  const { stages } = policy.policy;
  const startMs = row.rolloutStartedAtMs;
  const current = stages.findIndex(({ name }) => name === row.stage);
  const next = row.latched ? null : nextStage(row.stage, policy.policy);
  const entries =
    startMs === null || current < 0
      ? []
      : await journal.list({ flagKey: facts.split, fromMs: startMs - 1000, toMs: nowMs, limit: enough });
  return stages.map(({ name, weights, observeSeconds }, index) => {
    const entered = index <= current ? entryInto(entries, name) : null;
    const state = index === current ? 'current' : index < current ? 'past' : name === next?.name ? 'next' : 'future';
    return {
      name,
      weights,
      observe_seconds: observeSeconds,
      state,
      entered_at: entered?.at ?? null,
      by: entered?.actor ?? null,
    };
  });
}

/** The newest write that brought the split into a stage; entries come newest first. */
function entryInto(entries: readonly JournalEntry[], stage: string): JournalEntry | null {
  return entries.find(({ stage_to, stage_from }) => stage_to === stage && stage_from !== stage) ?? null;
}
