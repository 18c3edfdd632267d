import { gridSeconds } from './buckets/bucket';
import { dispersion, userEffect } from './dispersion';
import { evidenceAt, isProven, type Luck, luckOf, type RepeatsOf } from './evidence';
import type { Gauge } from './gauges/gauge';
import { leastSpread } from './gauges/gauge-cost';
import { isUnder, tail } from './gauges/gauge-share';
import { clip, runBegan, type Span } from './hold';
import { chanceOfMore, type Stratum } from './stats/hypergeometric';
import { studentTail } from './stats/student';

/** How rarely luck of assignment may make the candidate look worse than the baseline; it is asked at every tick. */
const surelyWorse = 1e-3;
/** How rarely luck may put a healthy baseline over the line for it to count as sick as well, from so many hits on. */
const hardlyLuck = 0.01;
const fewestHits = 3;
const suspectHits = 2;
/** The baseline is one, however many candidates are compared with it. */
const theirLuck: Luck = { ...luckOf(false, 1), healthy: hardlyLuck };
/** How rarely a baseline that is still as bad may look this well in the newer half of a hold. */
const backWithin = 0.01;
/** The same at every instant of a shared cause that has stood for a quarter of an hour. */
const worseAllAlong = 0.05;
const longStanding = 900 / gridSeconds;

interface Arms {
  readonly candidate: Gauge;
  readonly baseline: Gauge;
}

interface Comparison {
  /** The horizon of the candidate's evidence, in grid steps back from now. */
  readonly horizon: number;
  readonly luck: Luck;
  /** Grid indices at which the weights changed, in order. */
  readonly changes: readonly number[];
  readonly repeats: RepeatsOf;
}

/**
 * Whether the baseline is over the same line by evidence, and the candidate no worse than it beyond the luck of
 * assignment: then the cause is not the candidate's, and moving traffic would win nothing. The burden of proof is never
 * on the candidate's failures: a baseline that is under its line, or has too few rows to be over it by evidence, never
 * blocks.
 */
export function isSharedCause(arms: Arms, span: Span, at: number, comparison: Comparison): boolean {
  const isSick = isOverByEvidence(arms, span, at, comparison);
  if (!isSick && !maySoonBe(arms, span, at, comparison)) return false;
  const from = clip(at - comparison.horizon, span);
  const worse = worseChance(arms, from, at, comparison.changes, dispersionOf(arms, span, at));
  if (worse < (isSick ? surelyWorse : worseAllAlong) / comparison.luck.among) return false;
  return !beganFirst(arms, span, at, comparison) && !worseForLong(arms, span, at, comparison);
}

/**
 * Where both fail, luck decides whose evidence is complete first. A baseline that is over the line as well, though not
 * yet by evidence, has as long as the line's hold to be so, from when the candidate's evidence was.
 */
function maySoonBe({ candidate, baseline }: Arms, span: Span, at: number, { horizon, luck }: Comparison): boolean {
  const from = clip(at - horizon, span);
  if (baseline.hits(from, at) < suspectHits || baseline.side(from, at) !== 'over') return false;
  const before = at - span.hold;
  if (before <= span.floor) return true;
  return !isProven(evidenceAt(candidate, span, before, luck));
}

/**
 * Over the horizon of the candidate's evidence, or over one of its own, the baseline is over the line by more than luck,
 * it has rows in the window, and its newest are not back within the line.
 */
function isOverByEvidence(arms: Arms, span: Span, at: number, comparison: Comparison): boolean {
  const { horizon, changes, repeats, luck } = comparison;
  const { baseline } = arms;
  if (baseline.side(clip(at - span.window, span), at) === 'unmeasured') return false;
  const from = clip(at - horizon, span);
  const factor = Math.max(dispersion(baseline, span, at), userEffect(baseline, from, at, repeats(from, at)));
  const seen = baseline.chance(from, at, factor);
  if (baseline.lineShare !== null && seen.hits < fewestHits) return false;
  const same = isUnder(seen.chance, hardlyLuck) && baseline.side(from, at) === 'over';
  const own = same ? null : evidenceAt(baseline, span, at, theirLuck, repeats);
  if (own !== null && !isProven(own)) return false;
  const since = own === null ? from : at - own.horizonSeconds / gridSeconds;
  const middle = clip(at - span.half, span);
  if (!isBack(baseline, since, middle, at)) return true;
  // When a shared cause passes, luck decides which of the two is back first.
  return worseChance(arms, middle, at, changes, 1) >= worseAllAlong / luck.among;
}

/** The rows of (middle, at] are fewer bad ones than the rate of the whole span makes likely. */
function isBack(baseline: Gauge, from: number, middle: number, at: number): boolean {
  if (baseline.lineShare === null) return baseline.side(middle, at) === 'under';
  const [hits, n] = [baseline.hits(middle, at), baseline.count(middle, at)];
  const rate = Math.min(1, baseline.hits(from, at) / baseline.count(from, at));
  if (n === 0 || hits > n * baseline.lineShare) return false;
  return 1 - tail(hits + 1, n, rate) < backWithin;
}

/** Before the baseline's breach began, the candidate was worse already: it is the baseline that was made sick. */
function beganFirst(arms: Arms, span: Span, at: number, { changes, luck }: Comparison): boolean {
  const [ours, theirs] = [beginningOf(arms.candidate, span, at), beginningOf(arms.baseline, span, at)];
  if (ours >= theirs) return false;
  return worseChance(arms, clip(ours - span.window, span), theirs - 1, changes, 1) < surelyWorse / luck.among;
}

/** When the run of windows over the line began, as far back as the longest horizon; `at` when there is none. */
const beginningOf = (gauge: Gauge, span: Span, at: number): number =>
  runBegan(gauge, span, at, Number.POSITIVE_INFINITY) ?? at;

function worseForLong(arms: Arms, span: Span, now: number, { horizon, changes, luck }: Comparison): boolean {
  if (beginningOf(arms.candidate, span, now) > now - span.hold - longStanding) return false;
  if (beginningOf(arms.baseline, span, now) > now - longStanding) return false;
  for (let at = now; at >= now - longStanding; at--) {
    const from = clip(at - horizon, span);
    const worse = worseChance(arms, from, at, changes, dispersionOf(arms, span, at));
    if (worse >= worseAllAlong / luck.among) return false;
  }
  return true;
}

const dispersionOf = ({ candidate, baseline }: Arms, span: Span, at: number): number =>
  Math.max(dispersion(candidate, span, at), dispersion(baseline, span, at));

/** The chance that luck of assignment makes the candidate this much worse than the baseline in (from, to]. */
function worseChance(
  { candidate, baseline }: Arms,
  from: number,
  to: number,
  changes: readonly number[],
  factor: number,
): number {
  if (to <= from) return 1;
  if (candidate.lineShare === null) return dearerChance({ candidate, baseline }, from, to);
  const edges = [from, ...changes.filter((each) => each > from && each < to), to];
  const strata = edges.slice(1).map((end, i): Stratum => {
    const start = edges[i] ?? from;
    return {
      rows: candidate.count(start, end) / factor,
      hits: candidate.hits(start, end) / factor,
      otherRows: baseline.count(start, end) / factor,
      otherHits: baseline.hits(start, end) / factor,
    };
  });
  return chanceOfMore(strata);
}

/** Means are compared by how far the candidate's is over its line beyond the baseline's over the same. */
function dearerChance({ candidate, baseline }: Arms, from: number, to: number): number {
  const [ours, theirs] = [candidate, baseline].map((gauge) => {
    const [value, limit] = [gauge.value(from, to), gauge.limit(from, to)];
    return value === null || limit === null ? null : value / limit;
  });
  if (typeof ours !== 'number' || typeof theirs !== 'number') return 0;
  const rows = Math.min(candidate.count(from, to), baseline.count(from, to));
  return rows < 2 ? 1 : studentTail(((ours - theirs) / leastSpread) * Math.sqrt(rows / 2), rows - 1);
}
