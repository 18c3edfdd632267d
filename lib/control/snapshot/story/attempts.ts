import type { AttemptEnd, RolloutAttempt, StoryRearm } from '@/lib/api/story';
import { sameWeights, type Weights } from '@/lib/split/weights';
import type { StoryChange } from './story-store';

const mostAttempts = 6;
const mostSteps = 60;
const mostMarks = 40;

type Growing = {
  -readonly [key in keyof RolloutAttempt]: RolloutAttempt[key] extends readonly (infer T)[] ? T[] : RolloutAttempt[key];
};

/**
 * From the first share of any candidate to the last, as the journal has it, oldest first. Of one that began before the
 * oldest known change, what is known.
 */
export function attemptsOf(newestFirst: readonly StoryChange[], baseline: string): readonly RolloutAttempt[] {
  const attempts: Growing[] = [];
  let open: Growing | null = null;
  let weights = sharesOf(newestFirst.at(-1)?.was ?? null) ?? {};
  for (const change of newestFirst.toReversed()) {
    const at = change.at.toISOString();
    const before = liftOf(weights, baseline);
    if (open === null && before > 0) open = begun(attempts, at, { at, weights, stage: change.stage_from });
    const next = sharesOf(change.becomes) ?? weights;
    const moved = !sameWeights(weights, next);
    const after = liftOf(next, baseline);
    weights = next;
    if (open === null && after > 0) open = begun(attempts, at, null);
    if (open === null) continue;
    if (moved) open.steps.push({ at, weights: next, stage: change.stage_to });
    open.marks.push(markOf(change));
    if (after > 0) continue;
    open.ended = endOf(change, before);
    open = null;
  }
  return attempts.slice(-mostAttempts).map(bounded);
}

function begun(attempts: Growing[], from: string, first: RolloutAttempt['steps'][number] | null): Growing {
  const attempt: Growing = { from, steps: first ? [first] : [], marks: [], ended: null };
  attempts.push(attempt);
  return attempt;
}

const bounded = ({ from, steps, marks, ended }: Growing): RolloutAttempt => ({
  from: steps.length > mostSteps ? (steps.at(-mostSteps)?.at ?? from) : from,
  steps: steps.slice(-mostSteps),
  marks: marks.slice(-mostMarks),
  ended,
});

function markOf({ at, verb, actor, stage_from, stage_to, id }: StoryChange): RolloutAttempt['marks'][number] {
  return { at: at.toISOString(), verb, by: actor, stage: stage_to === stage_from ? null : stage_to, journal_id: id };
}

function endOf({ at, actor, verb, stage_from, metric, value, reason, id }: StoryChange, share: number): AttemptEnd {
  return { at: at.toISOString(), by: actor, verb, stage: stage_from, share, metric, value, reason, journal_id: id };
}

/** The last re-arm, while no candidate has had a share since. */
export function rearmedOf(newestFirst: readonly StoryChange[], baseline: string): StoryRearm | null {
  for (const { at, verb, actor, becomes, reason, id } of newestFirst) {
    if (liftOf(sharesOf(becomes) ?? {}, baseline) > 0) return null;
    if (verb === 'rearm') return { at: at.toISOString(), by: actor, reason, journal_id: id };
  }
  return null;
}

/** What all but the baseline take. */
function liftOf(weights: Weights, baseline: string): number {
  const shares = Object.entries(weights).map(([arm, share]) => (arm === baseline ? 0 : share));
  return Number(shares.reduce((sum, share) => sum + share, 0).toFixed(9));
}

/** The journal keeps what was written, which may be anything: null where these are no shares. */
export function sharesOf(text: string | null): Weights | null {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    const entries = Object.entries(value);
    return entries.every(([, share]) => typeof share === 'number') ? Object.fromEntries(entries) : null;
  } catch {
    return null;
  }
}
