import type { RedLineView, Snapshot } from '@/lib/api/snapshot';
import type { VerdictKind } from '@/lib/rule/verdict';
import { bySoonest } from '../state/soonest-line';

const ranks: readonly VerdictKind[] = ['held', 'breach', 'shared_cause', 'blind'];

/** What is over its line first, and of that what acts first; then what is warned of; the others stay in the order of the policy. */
export function bySeverity({
  red_lines: lines,
  warnings,
}: Pick<Snapshot, 'red_lines' | 'warnings'>): readonly RedLineView[] {
  const rank = (line: RedLineView): number => {
    const place = ranks.indexOf(line.verdict);
    if (place >= 0) return place;
    return warnings.some(({ arm, metric }) => arm === line.arm && metric === line.metric)
      ? ranks.length
      : ranks.length + 1;
  };
  return lines.toSorted((a, b) => rank(a) - rank(b) || bySoonest(a, b));
}
