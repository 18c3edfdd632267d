import type { Repeats } from './facts';
import type { Gauge } from './gauges/gauge';
import { clip, type Span } from './hold';
import { minute } from './minutes';

/** Grid steps of the blocks that are compared: ten seconds for batches, half minutes and minutes for bursts. */
const blocks = [1, minute / 2, minute] as const;
/** Dispersion that luck alone shows once in a hundred times is none. */
const surely = 2.33;

/**
 * How many times less evidence the rows of a hold are than their number says, because bad ones come together: their
 * index of dispersion over blocks of the hold, where it is beyond luck. A sickness that goes on is the same in every
 * block, so it is not discounted; a burst, or a batch that shares its fate, fills few of them.
 */
export function dispersion(gauge: Gauge, span: Span, at: number): number {
  if (gauge.lineShare === null) return 1;
  const from = clip(at - (span.hold >= minute ? span.hold : Math.max(span.hold, span.window)), span);
  return Math.max(...blocks.map((steps) => dispersionOver(gauge, from, at, steps)));
}

/** Pearson's statistic over its degrees of freedom; 1 where it is not beyond luck. */
function dispersionOver(gauge: Gauge, from: number, at: number, steps: number): number {
  const share = gauge.hits(from, at) / gauge.count(from, at);
  const spread = share * (1 - share);
  if (!(spread > 0)) return 1;
  let [filled, sum, variance] = [0, 0, 0];
  for (let end = at; end > from; end -= steps) {
    const start = Math.max(from, end - steps);
    const rows = gauge.count(start, end);
    if (rows <= 0) continue;
    filled++;
    sum += (gauge.hits(start, end) - rows * share) ** 2 / (rows * spread);
    variance += 2 + (1 - 6 * spread) / (rows * spread);
  }
  if (filled < 2) return 1;
  const index = sum / (filled - 1);
  return index > 1 + (surely * Math.sqrt(Math.max(0, variance))) / (filled - 1) ? index : 1;
}

/** Less than this much more than luck makes of it is no clustering by users. */
const leastEffect = 1.25;

/**
 * How many times less evidence the rows of a span are because bad ones are the same users' again and again: the design
 * effect of a sample in clusters. One user's loop is one cluster of nothing but hits; where all users' requests fail
 * alike, users make no difference.
 */
export function userEffect(gauge: Gauge, from: number, at: number, repeats: Repeats): number {
  const rows = gauge.count(from, at);
  const share = gauge.hits(from, at) / rows;
  const spread = share * (1 - share);
  if (!(spread > 0) || repeats.rows === 0) return 1;
  const { rowsSquared, hitsSquared, hitsTimesRows } = repeats;
  const clustered = hitsSquared - 2 * share * hitsTimesRows + share * share * rowsSquared;
  const effect = (clustered + (rows - repeats.rows) * spread) / (rows * spread);
  return effect > leastEffect ? effect : 1;
}
