import { decide } from './decide';
import type { Facts, RepeatedSpan } from './facts';
import type { Decision } from './verdict';

/** What `decide` says by the buckets alone, and what it would have to be told from the raw log to be sure. */
export interface FirstLook {
  readonly decision: Decision;
  /** Spans whose repetitions could turn a rollback into luck. Usually none: then the decision stands. */
  readonly spans: readonly RepeatedSpan[];
  /** Whether the first rows of all users are needed before the early warning is believed. */
  readonly needsUsers: boolean;
}

export function firstLook(facts: Omit<Facts, 'repeats' | 'users'>): FirstLook {
  const spans: RepeatedSpan[] = [];
  const repeats: Facts['repeats'] = (span) => {
    spans.push(span);
    return null;
  };
  const decision = decide({ ...facts, repeats, users: null });
  return { decision, spans, needsUsers: decision.warnings.length > 0 };
}
