import type { RedLineView, Snapshot, WarningView } from '@/lib/api/snapshot';
import { candidateShare } from './candidates';
import { soonestLine } from './soonest-line';

export type Tone = 'well' | 'breach' | 'caution' | 'unknown';

type ConditionName =
  | 'rolled_back'
  | 'held'
  | 'breach'
  | 'shared_cause'
  | 'signal'
  | 'watchdog_silent'
  | 'blind'
  | 'early_warning'
  | 'not_started'
  | 're_armed'
  | 'paused'
  | 'unknown'
  | 'not_enough'
  | 'well';

interface Condition {
  readonly name: ConditionName;
  readonly tone: Tone;
  /** The line the name speaks of, where it speaks of one. */
  readonly line: RedLineView | null;
  readonly warning: WarningView | null;
}

/** The one thing an operator should know first, worst first. */
export function conditionOf(snapshot: Snapshot): Condition {
  const warning = snapshot.warnings[0] ?? null;
  const withVerdict = (verdict: string) => snapshot.red_lines.find((line) => line.verdict === verdict) ?? null;
  const as = (name: ConditionName, tone: Tone, line: RedLineView | null = null): Condition => ({
    name,
    tone,
    line,
    warning: name === 'early_warning' ? warning : null,
  });
  if (snapshot.latched) return as('rolled_back', 'breach');
  const held = snapshot.red_lines.find(({ verdict, hindrance }) => verdict === 'held' && hindrance !== 'signal');
  // What counts down beside it speaks of the same line.
  const crossed = held ?? soonestLine(snapshot.red_lines.filter(({ verdict }) => verdict === 'breach'));
  if (crossed) return as(crossed.verdict === 'held' ? 'held' : 'breach', 'breach', crossed);
  if (!snapshot.watchdog.alive) return as('watchdog_silent', 'breach');
  const shared = withVerdict('shared_cause');
  if (shared) return as('shared_cause', 'caution', shared);
  const signal = withVerdict('held');
  if (signal) return as('signal', 'caution', signal);
  const blind = withVerdict('blind');
  if (blind) return as('blind', 'caution', blind);
  if (candidateShare(snapshot) === 0) return as(snapshot.story.rearmed ? 're_armed' : 'not_started', 'unknown');
  if (snapshot.paused) return as('paused', 'caution');
  if (warning) return as('early_warning', 'caution');
  const unclear = withVerdict('no_traffic') ?? withVerdict('insufficient');
  if (unclear) return as('unknown', 'unknown', unclear);
  return isEnough(snapshot) ? as('well', 'well') : as('not_enough', 'unknown');
}

/** Whether the stage has seen the requests that its policy asks for; before that, nothing is called clear. */
function isEnough(snapshot: Snapshot): boolean {
  const { observation } = snapshot;
  return candidateShare(snapshot) === 0 || observation.requests >= observation.needed_requests;
}
