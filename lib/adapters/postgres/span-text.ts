/** One span of one provider, as `sluice.changed_buckets` and `sluice.chart_spans` give it. */
export type Figures = readonly [
  atMs: number,
  provider: string,
  requests: number,
  failures: number,
  refused: number,
  priced: number,
  costNano: number,
  costNanoSquared: number,
  generated: number,
  vouchers: number,
];

export interface SpanText {
  readonly figures: readonly Figures[];
  /** A line for each of them: `200:1,201:4`, the same edge perhaps more than once, in any order. */
  readonly bins: string;
}

const [zero, nine, dot, colon, newline] = [48, 57, 46, 58, 10];

/**
 * Reads the line that begins at `start` and returns where the next one does. By hand, because a chart of ten days has
 * half a million bins, and an object or an array for each costs five times as much.
 */
export function scanBins(text: string, start: number, each: (edge: number, count: number) => void): number {
  let [edge, digits, divisor] = [-1, 0, 0];
  for (let at = start; ; at++) {
    const code = at < text.length ? text.charCodeAt(at) : newline;
    if (code >= zero && code <= nine) {
      digits = digits * 10 + code - zero;
      divisor *= 10;
    } else if (code === dot) {
      divisor = 1;
    } else if (code === colon) {
      edge = divisor > 0 ? digits / divisor : digits;
      [digits, divisor] = [0, 0];
    } else {
      if (edge >= 0) each(edge, digits);
      [edge, digits] = [-1, 0];
      if (code === newline) return at + 1;
    }
  }
}
