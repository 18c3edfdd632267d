import { shareOf } from '@/lib/split/weights';
import { gridMs } from './buckets/history';
import { judgedArms } from './candidates';
import { barOf, contextOf, decide, rolloutFloor } from './decide';
import { type ArmFacts, candidateFacts, type Facts, type RepeatedSpan } from './facts';
import { gaugesOf } from './gauges/red-lines';
import { clip, runBegan, spanOf } from './hold';
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
