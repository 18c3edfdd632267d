import { gridSeconds } from './buckets/bucket';
import type { Gauge } from './gauges/gauge';

/** A minute in grid steps. */
export const minute = 60 / gridSeconds;

/** Rows and hits of a minute, or of what is left of a span. */
export interface Part {
  readonly hits: number;
  readonly n: number;
}

/** The minutes of (from, at], newest first; the oldest may be cut short. */
export function minutesOf(gauge: Gauge, from: number, at: number): Part[] {
  const minutes: Part[] = [];
  for (let end = at; end > from; end -= minute) {
    const start = Math.max(from, end - minute);
    minutes.push({ hits: gauge.hits(start, end), n: gauge.count(start, end) });
  }
  return minutes;
}

/** What is left without so many of the parts that have the most hits beyond this share of their rows. */
export function withoutWorst(parts: readonly Part[], worst: number, share: number): Part {
  const left = [...parts];
  for (let i = Math.min(worst, left.length); i > 0; i--) left.splice(mostExcess(left, share), 1);
  return sumOf(left);
}

function mostExcess(parts: readonly Part[], share: number): number {
  let [at, most] = [0, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < parts.length; i++) {
    const { hits, n } = parts[i] as Part;
    const excess = hits - share * n;
    if (excess > most) [at, most] = [i, excess];
  }
  return at;
}

export function sumOf(parts: readonly Part[]): Part {
  let [hits, n] = [0, 0];
  for (const each of parts) {
    hits += each.hits;
    n += each.n;
  }
  return { hits, n };
}
