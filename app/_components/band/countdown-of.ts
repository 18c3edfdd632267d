import type { RedLineView, Snapshot } from '@/lib/api/snapshot';
import { candidateShare } from '../state/candidates';
import type { Tone } from '../state/condition';
import { soonestLine } from '../state/soonest-line';

/** The one thing that happens next by itself, or whom it waits for; `at` is what the clock counts to or from. */
export type Countdown =
  | { readonly kind: 'rolls_back'; readonly tone: Tone; readonly at: string; readonly line: RedLineView }
  | {
      readonly kind: 'rolls_back_now' | 'unwatched' | 'held_back' | 'needs_you';
      readonly tone: Tone;
      readonly line: RedLineView;
    }
  | { readonly kind: 'rolled_back' | 'paused' | 'last_stage'; readonly tone: Tone; readonly at: string }
  | { readonly kind: 'eligible_in' | 'away'; readonly tone: Tone; readonly at: string }
  | {
      readonly kind: 'waits_for_gates' | 'waits_for_you' | 'goes_on' | 'to_start' | 'to_start_again' | 'nothing';
      readonly tone: Tone;
    }
  | {
      /** Somebody may start it once what refuses is over. */
      readonly kind: 'to_start_blocked' | 'to_start_again_blocked';
      readonly tone: Tone;
    };

/**
 * Worst first: what takes traffic away goes before what would give more. Without its store nothing happens by itself,
 * whatever was counted down to; `awaySinceMs`: when it was last heard of.
 */
export function countdownOf(snapshot: Snapshot, nowMs: number, awaySinceMs: number | null = null): Countdown {
  if (awaySinceMs !== null) return { kind: 'away', tone: 'caution', at: new Date(awaySinceMs).toISOString() };
  const { latched, paused, next, observation, blockers, story } = snapshot;
  if (latched) return { kind: 'rolled_back', tone: 'breach', at: latched.at };
  const crossed = crossedOf(snapshot);
  if (crossed) return crossed;
  if (candidateShare(snapshot) === 0) {
    if (next === null) return { kind: 'nothing', tone: 'unknown' };
    const kind = story.rearmed ? 'to_start_again' : 'to_start';
    return { kind: blockers.length === 0 ? kind : `${kind}_blocked`, tone: 'unknown' };
  }
  if (paused) return { kind: 'paused', tone: 'caution', at: paused.at };
  if (next === null) {
    const at = snapshot.stage_started_at;
    return at === null ? { kind: 'nothing', tone: 'unknown' } : { kind: 'last_stage', tone: 'unknown', at };
  }
  const { eligible_at: eligibleAt } = observation;
  if (eligibleAt !== null && Date.parse(eligibleAt) > nowMs)
    return { kind: 'eligible_in', tone: 'unknown', at: eligibleAt };
  if (blockers.length > 0) return { kind: 'waits_for_gates', tone: 'unknown' };
  return { kind: snapshot.policy.auto_advance ? 'goes_on' : 'waits_for_you', tone: 'well' };
}

function crossedOf({ red_lines: lines, watchdog }: Snapshot): Countdown | null {
  const soonest = soonestLine(lines.filter((line) => line.acts_at !== null));
  const acting = lines.find(({ verdict, hindrance }) => verdict === 'held' && hindrance === null);
  const worst = acting ?? soonest;
  if (worst && !watchdog.alive) return { kind: 'unwatched', tone: 'breach', line: worst };
  if (acting) return { kind: 'rolls_back_now', tone: 'breach', line: acting };
  if (soonest?.acts_at) return { kind: 'rolls_back', tone: 'breach', at: soonest.acts_at, line: soonest };
  const undecided = lines.find(({ hindrance }) => hindrance !== null && waiting.has(hindrance));
  if (undecided) return { kind: 'held_back', tone: 'breach', line: undecided };
  const stuck = lines.find(({ hindrance }) => hindrance !== null && !quiet.has(hindrance));
  return stuck ? { kind: 'needs_you', tone: 'caution', line: stuck } : null;
}

/** Rolls back as soon as the numbers leave no doubt. */
const waiting: ReadonlySet<string> = new Set(['could_be_luck', 'could_be_on_the_line']);
/** A signal clears by itself and stands at the gate; what recovered, or has nothing to lose, needs no operator. */
const quiet: ReadonlySet<string> = new Set(['signal', 'recovered', 'nothing_to_roll_back']);
