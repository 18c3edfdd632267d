import { gridSeconds } from '@/lib/rule/buckets/bucket';
import { dispersion, userEffect } from './dispersion';
import type { Repeats } from './facts';
import type { Chance, Gauge } from './gauges/gauge';
import { isUnder, tail } from './gauges/gauge-share';
import { clip, isStillSo, type Span } from './hold';
import { horizons } from './horizons';
import { minute, minutesOf, type Part, sumOf, withoutWorst } from './minutes';
import type { Evidence } from './verdict';

/** How rarely luck may do this. */
export interface Luck {
  /** To a healthy provider, at half the line: per judgement. */
  readonly healthy: number;
  /** To a provider on the line itself: a rate that could be the line's is not over it. */
  readonly onTheLine: number;
  /** How many candidates share each of these chances, so that all together are rolled back no likelier than one. */
  readonly among: number;
}

/** A stage without end gives luck more tries. */
export const luckOf = (isEndless: boolean, among: number): Luck => ({
  healthy: (isEndless ? 1e-5 : 1e-4) / among,
  onTheLine: 3e-3 / among,
  among,
});

/** What users repeat in a span of a gauge; nothing where it is not known. */
export type RepeatsOf = (from: number, to: number) => Repeats;
export const noRepeats: RepeatsOf = () => ({ rows: 0, rowsSquared: 0, hitsSquared: 0, hitsTimesRows: 0 });

/**
 * The smallest chance over the horizons of 1, 2, 4, 8 and 16 × (hold + window) back from now: the short ones see a
 * sudden outage before it is diluted, the long ones a small degradation or little traffic. A horizon speaks only when
 * its newer half is like the whole of it: an outage long over must not turn the next unlucky window into a rollback.
 */
export function evidenceAt(gauge: Gauge, span: Span, at: number, luck: Luck, repeats = noRepeats): Evidence {
  const factor = dispersion(gauge, span, at);
  const stillSo = isStillSo(gauge, span, at);
  let best = { chance: 1, atLine: 1, n: 0, hits: 0, horizonSeconds: 0, dispersion: factor };
  for (const times of horizons) {
    const from = horizonFrom(times, span, at);
    const seen = chanceOf(gauge, from, at, stillSo ? times : 0, { factor, threshold: luck.healthy, repeats });
    const proves = isProof(seen, luck);
    const isBetter = proves === isProof(best, luck) ? seen.chance < best.chance : proves;
    if ((times === 1 || isBetter) && speaks(gauge, span, times, from, at))
      best = { ...seen, n: Math.round(seen.n), horizonSeconds: (at - from) * gridSeconds };
    if (from === span.floor) break;
  }
  return { ...best, threshold: luck.healthy, lineThreshold: luck.onTheLine, pattern: 'steady', stillSo };
}

interface Discounts {
  readonly factor: number;
  readonly threshold: number;
  readonly repeats: RepeatsOf;
}

/** From how many rows on the worst minutes are left out: of fewer, each bad one is needed. */
const manyRows = 200;
/** What is left must be this many times the threshold at most. */
const leftOver = 10;

/** What users repeat is asked for only where it could matter: it is read from the raw log. */
function chanceOf(gauge: Gauge, from: number, at: number, worst: number, given: Discounts): Seen {
  const { factor, threshold, repeats } = given;
  const seen = gauge.chance(from, at, factor);
  if (!isUnder(seen.chance, threshold)) return { ...seen, dispersion: factor };
  const effect = Math.max(factor, userEffect(gauge, from, at, repeats(from, at)));
  const found = effect > factor ? gauge.chance(from, at, effect) : seen;
  const { lineShare } = gauge;
  if (worst === 0 || lineShare === null || found.n < manyRows) return { ...found, dispersion: effect };
  // Short bursts that the hold does not show: one in each hold and window may be all there is.
  const left = withoutWorst(minutesOf(gauge, from, at), worst, lineShare);
  const rest = tail(left.hits / effect, left.n / effect, lineShare / 2) / leftOver;
  return { ...found, chance: Math.max(found.chance, rest), dispersion: effect };
}

interface Seen extends Chance {
  readonly dispersion: number;
}

const isProof = (seen: Pick<Chance, 'chance' | 'atLine'>, luck: Luck): boolean =>
  isUnder(seen.chance, luck.healthy) && seen.atLine < luck.onTheLine;

export const isNotLuck = (evidence: Evidence): boolean => isUnder(evidence.chance, evidence.threshold);
export const isOverTheLine = (evidence: Evidence): boolean => evidence.atLine < evidence.lineThreshold;
export const isProven = (evidence: Evidence): boolean => isNotLuck(evidence) && isOverTheLine(evidence);

/** Without it `evidenceAt` proves nothing, and it costs a few look-ups: nothing is discounted here. */
export function isRare(gauge: Gauge, span: Span, at: number, threshold: number): boolean {
  for (const times of horizons) {
    const from = horizonFrom(times, span, at);
    if (gauge.isRarer(from, at, threshold) && speaks(gauge, span, times, from, at)) return true;
    if (from === span.floor) return false;
  }
  return false;
}

/** Requests that a provider may need to be warm, and how long it may take for them to come. */
const coldRows = 10;
const longestCold = 1200 / gridSeconds;

/** When the first minutes are over, or, with little traffic, the first requests. */
function coldEnd(gauge: Gauge, { floor, coldUntil }: Span): number | null {
  if (coldUntil === null) return null;
  let end = coldUntil;
  while (end < floor + longestCold && gauge.count(floor, end) < coldRows) end++;
  return end;
}

function speaks(gauge: Gauge, span: Span, times: number, from: number, at: number): boolean {
  if (times > 1 && !gauge.isLikeBefore(from, Math.floor((from + at) / 2), at)) return false;
  const coldUntil = coldEnd(gauge, span);
  if (coldUntil === null || from >= coldUntil) return true;
  // Slow while it was cold: that counts once it has gone on.
  return gauge.hits(coldUntil, at) >= 2 && gauge.isLikeBefore(from, coldUntil, at);
}

const horizonFrom = (times: number, span: Span, at: number): number =>
  clip(at - times * (span.hold + span.window), span);

/**
 * Where minutes have rows enough to tell, those belong to an episode that are over the line and half as bad as the
 * worst; else those that are so many times worse than the whole span. Half of its rows are always enough.
 */
const episode = 1.25;
const enoughRows = 20;
const atMost = 0.5;

/**
 * A sickness that comes and goes is never over the line for a whole hold. It shows in the last hour without its four
 * worst minutes being over the line, or, sooner where there is more of it, in half an hour without its two worst being
 * over one and a half times the line. Either must hold without the worst episode as well: one outage that is over does
 * not come and go.
 */
const patterns = [
  { steps: 30 * minute, worst: 2, times: 1.5 },
  { steps: 60 * minute, worst: 4, times: 1 },
] as const;
/** A rollout shorter than this shows no pattern. */
const least = 15 * minute;
type Pattern = (typeof patterns)[number];

/** The evidence that the line is crossed again and again; null when there is none, or not for the whole hold. */
export function comesAndGoes(gauge: Gauge, span: Span, at: number, luck: Luck, repeats = noRepeats): Evidence | null {
  if (gauge.lineShare === null || span.window > patterns[0].steps) return null;
  if (gauge.side(clip(at - span.window, span), at) === 'unmeasured') return null;
  for (const pattern of patterns) {
    const share = pattern.times * gauge.lineShare;
    if (!staysOver(gauge, span, at, pattern, share)) continue;
    const from = beginningOf(pattern, span, at);
    const left = leftOf(gauge, from, at, pattern, share);
    let [seen, effect] = [leastSure(left, share, 1), 1];
    if (isUnder(seen.chance, luck.healthy)) {
      effect = userEffect(gauge, from, at, repeats(from, at));
      seen = leastSure(left, share, effect);
    }
    if (!isUnder(seen.chance, luck.healthy)) continue;
    const horizonSeconds = (at - from) * gridSeconds;
    const judged = { threshold: luck.healthy, lineThreshold: luck.onTheLine, dispersion: effect, stillSo: true };
    return {
      ...seen,
      n: Math.round(seen.n),
      ...judged,
      atLine: seen.chance,
      horizonSeconds,
      pattern: 'comes_and_goes',
    };
  }
  return null;
}

function leastSure(left: readonly Part[], share: number, factor: number): Part & { readonly chance: number } {
  const chances = left.map(({ hits, n }) => ({ hits, n, chance: tail(hits / factor, n / factor, share) }));
  return chances.reduce((a, b) => (b.chance > a.chance ? b : a));
}

/** A provider's first minutes, in which it may be slow, are left out as well. */
const beginningOf = ({ steps }: Pattern, { floor, coldUntil }: Span, at: number): number =>
  Math.max(at - steps, coldUntil ?? floor);

/** Whether what is left is over at every instant of the hold. */
function staysOver(gauge: Gauge, span: Span, now: number, pattern: Pattern, share: number): boolean {
  for (let at = now; at >= now - span.hold; at--) {
    const from = beginningOf(pattern, span, at);
    if (at - from < least) return false;
    // Leaving out the worst makes nothing worse.
    if (gauge.hits(from, at) <= share * gauge.count(from, at)) return false;
    if (leftOf(gauge, from, at, pattern, share).some(({ hits, n }) => n === 0 || hits <= share * n)) return false;
  }
  return true;
}

/** The span without its worst minutes, and without its worst episode. */
function leftOf(gauge: Gauge, from: number, at: number, { worst }: Pattern, share: number): [Part, Part] {
  const minutes = minutesOf(gauge, from, at);
  const mean = gauge.hits(from, at) / gauge.count(from, at);
  const worstRate = minutes.reduce((most, { hits, n }) => (n >= enoughRows ? Math.max(most, hits / n) : most), 0);
  const bad = worstRate > 0 ? Math.max(share, worstRate / 2) : episode * mean;
  const [first, end] = worstEpisode(minutes, Math.min(bad, atMost));
  return [withoutWorst(minutes, worst, share), sumOf([...minutes.slice(0, first), ...minutes.slice(end)])];
}

/** The run of minutes [first, end) that has the most hits beyond this share of its rows (Kadane). */
function worstEpisode(minutes: readonly Part[], share: number): [first: number, end: number] {
  let [best, most, first, sum]: [[number, number], number, number, number] = [[0, 0], 0, 0, 0];
  for (const [i, { hits, n }] of minutes.entries()) {
    if (sum <= 0) [first, sum] = [i, 0];
    sum += hits - share * n;
    if (sum > most) [best, most] = [[first, i + 1], sum];
  }
  return best;
}
