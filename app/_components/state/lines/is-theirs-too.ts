import type { RedLineView } from '@/lib/api/snapshot';

type Figures = Pick<RedLineView, 'baseline_value' | 'limit' | 'comparison'>;

/** Whether the baseline is over the same line: then the cause may be one that both share. */
export function isTheirsToo({ baseline_value: theirs, limit, comparison }: Figures): boolean {
  if (theirs === null || limit === null) return false;
  return comparison === '>' ? theirs > limit : theirs >= limit;
}
