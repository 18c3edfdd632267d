const samePlace = 0.012;
const oneWord = 0.14;

/**
 * The row each marker's name is printed in, so that neighbours do not print over each other. Of those that fall on
 * one spot only the last is named; the list under the charts has them all.
 */
export function markerRows(atMs: readonly number[], spanMs: number): readonly (0 | 1 | null)[] {
  let shown: { readonly at: number; readonly row: 0 | 1 } | null = null;
  return atMs.map((at, index) => {
    const next = atMs[index + 1];
    if (next !== undefined && next - at < samePlace * spanMs) return null;
    const row = shown && shown.row === 0 && at - shown.at < oneWord * spanMs ? 1 : 0;
    shown = { at, row };
    return row;
  });
}
