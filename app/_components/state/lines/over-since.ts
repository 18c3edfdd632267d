import type { RedLineView } from '@/lib/api/snapshot';
import { overSinceMs } from '@/lib/rule/hold';

type Over = Pick<RedLineView, 'acts_at' | 'hold_seconds' | 'breached_for_seconds'>;

interface OverSince {
  /** null: for its whole hold, and nobody looked further back. */
  readonly at: string | null;
  /** At most its hold. */
  readonly seconds: number;
}

/** Since when a line is over, and for how long by now. */
export function overSince(
  { acts_at: actsAt, hold_seconds: hold, ...line }: Over,
  judgedMs: number,
  nowMs: number,
): OverSince {
  if (actsAt === null && line.breached_for_seconds >= hold) return { at: null, seconds: hold };
  const beganMs = overSinceMs(judgedMs, line.breached_for_seconds);
  return { at: new Date(beganMs).toISOString(), seconds: Math.max(0, Math.min(hold, (nowMs - beganMs) / 1000)) };
}
