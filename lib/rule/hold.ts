import { gridSeconds } from '@/lib/rule/buckets/bucket';
import type { RedLine } from '@/lib/split/policy/policy';
import type { Gauge } from './gauges/gauge';
import { longestHorizon } from './horizons';
import type { VerdictKind } from './verdict';

/** Over its line now, whether or not that is enough to act. */
export const isCrossed = ({ verdict }: { readonly verdict: VerdictKind }): boolean =>
  verdict === 'breach' || verdict === 'held' || verdict === 'shared_cause';

/** A red line in grid steps, and the grid index at or before which nothing counts (the rollout's start). */
export interface Span {
  readonly window: number;
  readonly hold: number;
  /** The newer half of the hold. */
  readonly half: number;
  readonly floor: number;
  /** Until here a provider may be slow because it is cold; null where that plays no part. */
  readonly coldUntil: number | null;
}

/** How long a provider that had no traffic may be slow before it counts, unless it goes on. */
const coldSteps = 30;

export function spanOf(line: RedLine, floor: number): Span {
  const hold = line.holdSeconds / gridSeconds;
  const coldUntil = line.metric === 'p95_latency_ms' ? floor + coldSteps : null;
  return { window: line.windowSeconds / gridSeconds, hold, half: Math.ceil(hold / 2), floor, coldUntil };
}

/**
 * Since when it is over, which is known by the grid alone: the end of the ten seconds in which the line was crossed,
 * wherever in the ten after it that was judged.
 */
export const overSinceMs = (judgedMs: number, breachedForSeconds: number): number =>
  Math.floor(judgedMs / 1000 / gridSeconds) * gridSeconds * 1000 - breachedForSeconds * 1000;

export const clip = (from: number, span: Span): number => Math.max(from, span.floor);

/** No window that ends at or before this step can matter at `at`. */
export const horizonOf = (span: Span, at: number): number =>
  Math.max(span.floor, at - longestHorizon * (span.hold + span.window) + span.window);

/**
 * When the run of windows over the line began that reaches to `at`; null when there is none. A window without anything
 * to measure neither breaks a run nor begins one. The walk ends after the hold (or `enough` steps), or where the longest
 * horizon does, so that nothing older than that can matter.
 */
export function runBegan(gauge: Gauge, span: Span, at: number, enough = span.hold): number | null {
  const last = horizonOf(span, at);
  let began: number | null = null;
  for (let index = at; index > last; index--) {
    const side = gauge.side(clip(index - span.window, span), index);
    if (side === 'under') break;
    if (side !== 'over') continue;
    began = index;
    if (at - began >= enough) break;
  }
  return began;
}

/** For how many grid steps the windowed metric has been over, up to the hold; null when it is not over now. */
export function stepsOver(gauge: Gauge, span: Span, at: number): number | null {
  if (gauge.side(clip(at - span.window, span), at) !== 'over') return null;
  return Math.min(span.hold, at - (runBegan(gauge, span, at) ?? at));
}

/**
 * The newer half of the hold, on its own, is over the line too, and looks more like the window it is part of than like
 * a healthy provider: one failure among 25 requests is over 2 %, and no sign that an outage goes on. Nothing in it does
 * not count as recovered.
 */
export function isStillSo(gauge: Gauge, span: Span, at: number): boolean {
  if (span.half === 0) return true;
  const middle = clip(at - span.half, span);
  const side = gauge.side(middle, at);
  if (side !== 'over') return side === 'unmeasured';
  return gauge.isLikeBefore(clip(at - span.hold - span.window, span), middle, at);
}
