import { decide } from './decide';
import type { ArmFacts, Facts, RepeatedSpan } from './facts';
import type { Decision } from './verdict';

/** What `decide` says by the buckets alone, and what it would have to be told from the raw log to be sure. */
export interface FirstLook {
  readonly decision: Decision;
  /** Spans whose repetitions could turn a rollback into luck, by candidate. Usually none: then the decision stands. */
  readonly spans: readonly (RepeatedSpan & { readonly arm: string })[];
  /** The candidates of which the first rows of all users are needed before their early warning is believed. */
  readonly needsUsers: readonly string[];
}

type Unread = Omit<Facts, 'arms'> & { readonly arms: Readonly<Record<string, Omit<ArmFacts, 'repeats' | 'users'>>> };

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
