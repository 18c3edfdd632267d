import { gridSeconds } from '@/lib/rule/buckets/bucket';
import type { Gauge } from './gauges/gauge';
import { clip, isStillSo, type Span } from './hold';
import { horizons } from './horizons';
import type { Evidence } from './verdict';

/** How rarely luck may roll a healthy provider back, per judgement; a stage without end gives luck more tries. */
export const luckThreshold = 1e-4;
export const luckThresholdEndless = 1e-5;

/**
 * The smallest chance over the horizons of 1, 2, 4, 8 and 16 × (hold + window) back from now: the short ones see a
 * sudden outage before it is diluted, the long ones a small degradation or little traffic. A horizon speaks only when
 * its newer half is like the whole of it: an outage long over must not turn the next unlucky window into a rollback.
 */
export function evidenceAt(gauge: Gauge, span: Span, at: number, threshold: number): Evidence {
  let best = { chance: 1, n: 0, hits: 0, horizonSeconds: 0 };
  for (const times of horizons) {
    const from = horizonFrom(times, span, at);
    const seen = gauge.chance(from, at);
    if (times === 1 || (seen.chance < best.chance && gauge.isLikeBefore(from, middleOf(from, at), at)))
      best = { ...seen, horizonSeconds: (at - from) * gridSeconds };
    if (from === span.floor) break;
  }
  return { ...best, threshold, stillSo: isStillSo(gauge, span, at) };
}

export const isNotLuck = (evidence: Evidence): boolean => evidence.chance < evidence.threshold;

/** `isNotLuck(evidenceAt(…))` at the price of a few look-ups where it is not. */
export function isRare(gauge: Gauge, span: Span, at: number, threshold: number): boolean {
  for (const times of horizons) {
    const from = horizonFrom(times, span, at);
    const speaks = () => times === 1 || gauge.isLikeBefore(from, middleOf(from, at), at);
    if (gauge.isRarer(from, at, threshold) && speaks()) return true;
    if (from === span.floor) return false;
  }
  return false;
}

const horizonFrom = (times: number, span: Span, at: number): number =>
  clip(at - times * (span.hold + span.window), span);

const middleOf = (from: number, at: number): number => Math.floor((from + at) / 2);
