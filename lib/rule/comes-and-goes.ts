import { gridSeconds } from '@/lib/rule/buckets/bucket';
import { userEffect } from './dispersion';
import { type Luck, noRepeats } from './evidence';
import type { Gauge } from './gauges/gauge';
import { isUnder, tail } from './gauges/gauge-share';
import { clip, type Span } from './hold';
import { minute, minutesOf, type Part, sumOf, withoutWorst } from './minutes';
import type { Evidence } from './verdict';

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
