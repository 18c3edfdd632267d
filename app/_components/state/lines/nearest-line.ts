import type { RedLineView } from '@/lib/api/snapshot';
import { headroomOf } from '../headroom';

/** The line that has the least left before it is crossed; null where none is measured. */
export function nearestLine(lines: readonly RedLineView[]): RedLineView | null {
  const room = ({ value, limit }: RedLineView) => headroomOf(value, limit);
  const measured = lines.filter((line) => room(line) !== null);
  return measured.toSorted((a, b) => (room(a) ?? 0) - (room(b) ?? 0)).at(0) ?? null;
}
