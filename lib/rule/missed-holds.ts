import { isEndless } from '@/lib/split/stages';
import { shareOf } from '@/lib/split/weights';
import { gridIndex, gridMs } from './buckets/history';
import { evidenceAt, isProven, isRare, type Luck, luckOf } from './evidence';
import type { CandidateFacts } from './facts';
import type { Gauge, GaugeContext } from './gauges/gauge';
import { gaugesOf } from './gauges/red-lines';
import { isStillSo, type Span, spanOf, stepsOver } from './hold';
import type { LineVerdict, MissedHold } from './verdict';

/**
 * Holds that would have acted at an instant between the last tick and now, and are over. The instants are judged as a
 * tick would have judged them, so a hold that luck explains is not reported.
 */
export function missedHolds(facts: CandidateFacts, context: GaugeContext, lines: readonly LineVerdict[]): MissedHold[] {
  const { lastTickMs, state, policy, startedAtMs } = facts;
  if (lastTickMs === null || startedAtMs === null) return [];
  // The candidate was taken out by hand meanwhile: what went before is over, and known.
  if (shareOf(state.weights, policy.candidate) === 0) return [];
  const now = gridIndex(facts.nowMs);
  const luck = luckOf(isEndless(state.stage, policy), facts.among);
  const missed: MissedHold[] = [];
  for (const line of policy.redLines) {
    if (lines.some((each) => each.metric === line.metric && isHeld(each))) continue;
    const span = spanOf(line, gridIndex(startedAtMs));
    const first = Math.max(gridIndex(lastTickMs) + 1, firstKnown(context, span));
    const acted = (gauge: Gauge, at: number) => wouldAct(gauge, span, at, policy.evidence === 'observed', luck);
    const held = gaugesOf(context, line).flatMap(({ candidate }) => heldInstants(candidate, first, now, acted));
    if (held.length === 0) continue;
    const fromMs = (Math.min(...held) - span.hold) * gridMs;
    missed.push({ arm: policy.candidate, metric: line.metric, fromMs, toMs: Math.max(...held) * gridMs });
  }
  return missed;
}

const isHeld = ({ verdict }: LineVerdict): boolean => verdict === 'held' || verdict === 'shared_cause';

/** Before this the windows would be cut short by the start of the history rather than by the rollout's. */
function firstKnown({ history }: GaugeContext, span: Span): number {
  return history.origin > span.floor ? history.origin + span.window + span.hold : span.floor + 1;
}

function heldInstants(
  gauge: Gauge,
  first: number,
  now: number,
  acted: (gauge: Gauge, at: number) => boolean,
): number[] {
  const held: number[] = [];
  for (let at = first; at < now; at++) if (acted(gauge, at)) held.push(at);
  return held;
}

function wouldAct(gauge: Gauge, span: Span, at: number, literal: boolean, luck: Luck): boolean {
  const steps = stepsOver(gauge, span, at);
  if (steps === null || steps < span.hold) return false;
  if (literal) return true;
  if (!isRare(gauge, span, at, luck.healthy) || !isStillSo(gauge, span, at)) return false;
  // What one user repeated is not read for instants that are over.
  return isProven(evidenceAt(gauge, span, at, luck));
}
