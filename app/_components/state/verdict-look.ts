import type { RedLineView, Snapshot } from '@/lib/api/snapshot';
import { isCrossed } from '@/lib/rule/hold';
import type { VerdictKind } from '@/lib/rule/verdict';
import type { IconName } from '../ui/icon';
import { hasEnough } from './candidates';
import type { Tone } from './condition';

const looks: Record<VerdictKind, { readonly tone: Tone; readonly icon: IconName }> = {
  ok: { tone: 'well', icon: 'check' },
  breach: { tone: 'breach', icon: 'alert' },
  held: { tone: 'breach', icon: 'alert' },
  // Both are sick: a person is needed, and moving traffic would win nothing.
  shared_cause: { tone: 'caution', icon: 'alert' },
  // No data is grey, never green.
  insufficient: { tone: 'unknown', icon: 'dash' },
  no_traffic: { tone: 'unknown', icon: 'dash' },
  blind: { tone: 'caution', icon: 'eye' },
};

export function verdictLook(verdict: VerdictKind) {
  return looks[verdict];
}

/** Jobs run on where they were ordered: how those end is news as long as any does. */
const endsLater: ReadonlySet<string> = new Set(['end_failure_rate', 'p95_time_to_done_ms', 'cost_per_unit']);

/**
 * What was measured of a candidate that has no share left is news of before, whatever its window still holds. A line
 * that is within its limit before its candidate has had its requests is not clear yet: grey, not green.
 */
export function lineLook(line: RedLineView, snapshot: Snapshot) {
  if ((snapshot.weights[line.arm] ?? 0) === 0 && !endsLater.has(line.metric)) {
    if (isCrossed(line)) return { ...looks.no_traffic, name: 'was_over' as const };
    if (line.verdict === 'ok') return { ...looks.no_traffic, name: 'was_ok' as const };
  }
  const isEarly = line.verdict === 'ok' && !hasEnough(snapshot, line.arm);
  return isEarly
    ? { ...looks.insufficient, name: 'not_enough' as const }
    : { ...looks[line.verdict], name: line.verdict };
}
