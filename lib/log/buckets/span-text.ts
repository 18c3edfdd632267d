/** Lower edge of the age in seconds → vouchers. */
export type AgeBag = Readonly<Record<string, number>>;
/** `price_key` → rows, nano-dollars, squares of nano-dollars. */
export type PriceBag = Readonly<Record<string, readonly [number, number, number]>>;
/** `begun`, `done`, `failed`, `cancelled`, and lower edges of the time to the end in ms → jobs. */
export type JobBag = Readonly<Record<string, number>>;

/** One span of one arm, as `sluice.changed_buckets_of` gives it; `sluice.chart_spans_of` leaves out the bags. */
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
  ages?: AgeBag | null,
  prices?: PriceBag | null,
  jobs?: JobBag | null,
];

export interface SpanText {
  readonly figures: readonly Figures[];
  /** A line for each of them: `200:1,201:4`, the same edge perhaps more than once, in any order. */
  readonly bins: string;
}

const [zero, nine, dot, comma, colon, newline] = [48, 57, 46, 44, 58, 10];

/**
 * Reads the line that begins at `start` and returns where the next one does. By hand, because a chart of ten days has
 * half a million bins, and an object or an array for each costs five times as much.
 */
export function scanBins(text: string, start: number, each: (edge: number, count: number) => void): number {
  let edge = 0;
  for (let at = start; at < text.length; at++) {
    let code = text.charCodeAt(at);
    if (code === newline) return at + 1;
    if (code === comma) continue;
    const from = at;
    let digits = 0;
    for (; code >= zero && code <= nine; code = text.charCodeAt(++at)) digits = digits * 10 + code - zero;
    if (code === dot) {
      while (code !== colon) code = text.charCodeAt(++at);
      digits = Number(text.slice(from, at));
    }
    if (code === colon) edge = digits;
    else {
      each(edge, digits);
      at -= 1;
    }
  }
  return text.length + 1;
}
