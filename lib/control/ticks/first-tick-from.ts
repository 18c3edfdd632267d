import type { TickRecord } from './tick-record';

/** Ours start with the minute and divide it; a caller of its own pace goes by its last one. */
type LastTick = Pick<TickRecord, 'by' | 'intervalSeconds' | 'atMs'>;

/** The first tick from an instant on, as far as the last one tells; the instant itself where there was none. */
export function firstTickFrom(fromMs: number, last: LastTick | null): number {
  if (last === null) return fromMs;
  const everyMs = last.intervalSeconds * 1000;
  const phaseMs = last.by === 'cron' ? last.atMs : 0;
  return phaseMs + Math.ceil((fromMs - phaseMs) / everyMs) * everyMs;
}
