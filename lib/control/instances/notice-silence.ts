import type { TickRecord } from '@/lib/control/ticks/tick-record';
import { durationText } from '@/lib/kernel/duration';
import { isoOrNull } from '@/lib/kernel/instant';
import type { Control } from '../control';
import { isWatchdogAlive } from '../rollout/gates-of';

/** What to say of a watchdog that does not judge; null when it does. */
export function silenceOf(decided: TickRecord | null, nowMs: number): string | null {
  if (isWatchdogAlive(decided, nowMs)) return null;
  const since =
    decided === null ? 'has never ticked' : `has not decided for ${durationText((nowMs - decided.atMs) / 1000)}`;
  return `The watchdog ${since}: nobody would roll back.`;
}

/** Raises an alert when no watchdog judges; the next tick that decides ends it. */
export async function noticeSilence({ flags, ticks, alerts }: Control): Promise<'alive' | 'silent'> {
  const { decided, any } = await ticks.last();
  const { nowMs } = await flags.readSplit();
  const silence = silenceOf(decided, nowMs);
  if (silence === null) return 'alive';
  const error = any !== null && any.error !== null ? ` Its last error: ${any.error}` : '';
  await alerts.raise({
    kind: 'watchdog_silent',
    key: 'watchdog',
    detail: `${silence}${error}`,
    params: { last_tick_at: isoOrNull(decided?.atMs ?? null) },
    blocksAdvance: false,
    everywhere: true,
  });
  return 'silent';
}
