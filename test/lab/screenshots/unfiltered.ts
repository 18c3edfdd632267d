/** The bytes of a PNG's rows as they are, each after a 0 that says "no filter". `scanlines` is what IDAT inflates to. */
export function unfiltered(scanlines: Buffer, rowBytes: number, pixelBytes: number): Buffer {
  const plain = Buffer.from(scanlines);
  const stride = rowBytes + 1;
  for (let row = 0; row < plain.length; row += stride) {
    const filter = plain[row] ?? 0;
    plain[row] = 0;
    for (let at = row + 1; at < row + stride; at++) {
      const isFirst = at - row <= pixelBytes;
      const left = isFirst ? 0 : (plain[at - pixelBytes] ?? 0);
      const above = plain[at - stride] ?? 0;
      const corner = isFirst ? 0 : (plain[at - stride - pixelBytes] ?? 0);
      plain[at] = ((plain[at] ?? 0) + guess(filter, left, above, corner)) & 255;
    }
  }
  return plain;
}

/** What each filter of the format expects a byte to be. */
function guess(filter: number, left: number, above: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  return filter === 4 ? paeth(left, above, corner) : 0;
}

function paeth(left: number, above: number, corner: number): number {
  const sum = left + above - corner;
  const [toLeft, toAbove, toCorner] = [Math.abs(sum - left), Math.abs(sum - above), Math.abs(sum - corner)];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}
