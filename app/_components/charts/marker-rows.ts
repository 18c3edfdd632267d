/** Where a mark's name would stand, in pixels. */
interface NamedMark {
  readonly from: number;
  readonly to: number;
  /** Keeps its name where there is room for one alone. */
  readonly isFirst: boolean;
}

/**
 * The row each marker's name is printed in, so that no two print over each other: first those that matter most, then
 * the newest. What finds no room in either row has no name; the list under the charts has them all.
 */
export function markerRows(marks: readonly NamedMark[]): readonly (0 | 1 | null)[] {
  const rows = new Map<NamedMark, 0 | 1>();
  const isFree = (mark: NamedMark, row: 0 | 1) =>
    [...rows].every(([other, taken]) => taken !== row || other.to <= mark.from || mark.to <= other.from);
  for (const mark of marks.toReversed().sort((a, b) => Number(b.isFirst) - Number(a.isFirst))) {
    const row = ([0, 1] as const).find((each) => isFree(mark, each));
    if (row !== undefined) rows.set(mark, row);
  }
  return marks.map((mark) => rows.get(mark) ?? null);
}
