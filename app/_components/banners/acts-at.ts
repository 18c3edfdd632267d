import type { RedLineView } from '@/lib/api/snapshot';
import type { Countdown } from '../band/countdown-of';

/**
 * When the watchdog rolls a crossed line back by itself; null: nobody would, or it is not known any more. The line says
 * only when its hold ends: whether anybody acts then is the countdown's to say.
 */
export function actsAtOf(line: RedLineView | null, { kind }: Countdown, nowMs: number): string | null {
  const at = line?.acts_at ?? null;
  return kind === 'rolls_back' && at !== null && Date.parse(at) > nowMs ? at : null;
}
