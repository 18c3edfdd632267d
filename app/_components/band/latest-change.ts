import type { Snapshot } from '@/lib/api/snapshot';

interface Change {
  readonly by: string | null;
  readonly at: string;
}

type Known = Pick<Snapshot, 'story' | 'latched' | 'paused' | 'stage_by' | 'stage_started_at'>;

/** Who wrote the split last and when, as far as the page knows: a pause is a write as well, and moves no stage. */
export function latestChange({ story, latched, paused, stage_by, stage_started_at: at }: Known): Change | null {
  const stage = at === null ? null : { by: stage_by, at };
  const changes: (Change | null)[] = [
    stage,
    latched,
    paused,
    story.rearmed,
    story.attempts.at(-1)?.marks.at(-1) ?? null,
  ];
  return changes.reduce((a, b) => (a === null || (b !== null && Date.parse(b.at) > Date.parse(a.at)) ? b : a), null);
}
