import { shareOf } from '@/lib/split/weights';
import { judgedArms } from '../split/stages';
import { gridIndex, gridMs, type Role } from './buckets/history';
import { barOf, candidateFacts, contextOf, decide, rolloutFloor } from './decide';
import { type ArmFacts, type CandidateFacts, type Facts, nothingBeside, type RepeatedSpan } from './facts';
import type { Gauge, StraddledWindow } from './gauges/gauge';
import { p95Gauge } from './gauges/gauge-share';
import { gaugesOf } from './gauges/red-lines';
import { clip, horizonOf, runBegan, type Span, spanOf } from './hold';
import type { Decision, LineVerdict } from './verdict';

/** What `decide` says by the buckets alone, and what it would have to be told from the raw log to be sure. */
export interface FirstLook {
  readonly decision: Decision;
  /** Spans whose repetitions could turn a rollback into luck, by candidate. Usually none: then the decision stands. */
  readonly spans: readonly (RepeatedSpan & { readonly arm: string })[];
  /** The candidates of which the first rows of all users are needed before their early warning is believed. */
  readonly needsUsers: readonly string[];
}

/** Facts without what is read from the raw log. */
export type Unread = Omit<Facts, 'arms'> & {
  readonly arms: Readonly<Record<string, Omit<ArmFacts, 'repeats' | 'users'>>>;
};

export function firstLook(facts: Unread): FirstLook {
  const spans: (RepeatedSpan & { readonly arm: string })[] = [];
  const noting = ([arm, own]: [string, Unread['arms'][string]]): [string, ArmFacts] => {
    const repeats: ArmFacts['repeats'] = (span) => {
      spans.push({ ...span, arm });
      return null;
    };
    return [arm, { ...own, repeats, users: () => null }];
  };
  const arms = Object.fromEntries(Object.entries(facts.arms).map(noting));
  const decision = decide({ ...facts, arms });
  return { decision, spans, needsUsers: [...new Set(decision.warnings.map(({ arm }) => arm))] };
}

/**
 * A line with nothing to measure now that was over whenever there was: what cannot be measured does not break a run, so
 * that the next rows over the line count from its beginning.
 */
export interface OpenRun extends Pick<LineVerdict, 'arm' | 'metric' | 'holdSeconds'> {
  readonly sinceMs: number;
  readonly action: 'rollback' | 'signal';
}

export function openRuns({ arms, ...facts }: Unread): readonly OpenRun[] {
  const silent = { repeats: () => null, users: () => null };
  const known = Object.entries(arms).map(([name, arm]) => [name, { ...arm, ...silent }] as const);
  const whole = { ...facts, arms: Object.fromEntries(known) };
  return judgedArms(whole).flatMap((arm) => {
    const own = candidateFacts(whole, arm);
    if (shareOf(own.state.weights, arm) === 0) return [];
    const [context, { at }] = [contextOf(own), barOf(own)];
    return own.policy.redLines.flatMap((line) => {
      const span = spanOf(line, rolloutFloor(own, at));
      const begun = gaugesOf(context, line).flatMap(({ candidate }) => {
        if (candidate.side(clip(at - span.window, span), at) !== 'unmeasured') return [];
        return runBegan(candidate, span, at) ?? [];
      });
      if (begun.length === 0) return [];
      const { metric, holdSeconds, action } = line;
      return [{ arm, metric, holdSeconds, action, sinceMs: Math.min(...begun) * gridMs }];
    });
  });
}

type Counted = Omit<ArmFacts, 'neighbours' | 'repeats' | 'users'>;
type Unplaced = Omit<Facts, 'arms'> & { readonly arms: Readonly<Record<string, Counted>> };

/**
 * The windows `decide` will ask about whose p95 the counts cannot place, by candidate: fetch the latencies next to the
 * line for each, then answer them through its `neighbours`. Usually none.
 */
export function straddles(facts: Unplaced): (StraddledWindow & { readonly arm: string })[] {
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
