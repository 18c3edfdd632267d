import type { VerdictKind } from './verdict';

/** Over its line now, whether or not that is enough to act. */
export const isCrossed = ({ verdict }: { readonly verdict: VerdictKind }): boolean =>
  verdict === 'breach' || verdict === 'held' || verdict === 'shared_cause';
