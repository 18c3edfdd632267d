import { judgedArms } from '@/lib/rule/candidates';
import { type ArmFacts, type CandidateFacts, candidateFacts, type Facts, nothingBeside } from '@/lib/rule/facts';
import { gridIndex, gridMs, type Role } from '../buckets/history';
import { contextOf, rolloutFloor } from '../decide';
import { clip, horizonOf, type Span, spanOf } from '../hold';
import type { Gauge, StraddledWindow } from './gauge';
import { p95Gauge } from './gauge-p95';

type Counted = Omit<ArmFacts, 'neighbours' | 'repeats' | 'users'>;
type Unread = Omit<Facts, 'arms'> & { readonly arms: Readonly<Record<string, Counted>> };

/**
 * The windows `decide` will ask about whose p95 the counts cannot place, by candidate: fetch the latencies next to the
 * line for each, then answer them through its `neighbours`. Usually none.
 */
export function straddles(facts: Unread): (StraddledWindow & { readonly arm: string })[] {
  const blank = Object.entries(facts.arms).map(([arm, own]) => [arm, { ...nothingBeside, ...own }]);
  const known: Facts = { ...facts, arms: Object.fromEntries(blank) };
  return judgedArms(facts).flatMap((arm) =>
    straddlesOf(candidateFacts(known, arm)).map((window) => ({ ...window, arm })),
  );
}

function straddlesOf(facts: CandidateFacts): StraddledWindow[] {
  const line = facts.policy.redLines.find((each) => each.metric === 'p95_latency_ms');
  if (!line || line.limit === null) return [];
  const limitMs = line.limit;
  const at = gridIndex(facts.nowMs);
  const span = spanOf(line, rolloutFloor(facts, at));
  const context = contextOf(facts);
  const named = (role: Role, spans: readonly (readonly [number, number])[]) => {
    const gauge = p95Gauge(context, role, limitMs);
    return spans
      .filter(([from, to]) => gauge.straddled(from, to))
      .map(([from, to]) => ({ role, fromMs: from * gridMs, toMs: to * gridMs, limitMs }));
  };
  const candidate = p95Gauge(context, 'candidate', limitMs);
  return [
    ...named('candidate', [...holdSpans(candidate, span, at), halfSpan(span, at)]),
    ...named('baseline', [[clip(at - span.window, span), at], halfSpan(span, at)]),
  ];
}

const halfSpan = (span: Span, at: number) => [clip(at - span.half, span), at] as const;

/** Every window of the hold, and before it back to the first that has anything in it. */
function holdSpans(gauge: Gauge, span: Span, at: number): (readonly [number, number])[] {
  const last = horizonOf(span, at);
  const spans: (readonly [number, number])[] = [];
  for (let index = at; index > last; index--) {
    const window = [clip(index - span.window, span), index] as const;
    spans.push(window);
    if (index <= at - span.hold && gauge.count(...window) > 0) break;
  }
  return spans;
}
