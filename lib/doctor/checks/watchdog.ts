import type { RolloutFacts } from '../diagnosis';
import { type Finding, ok, problem } from './finding';

const silentIntervals = 3;

/** The tick carries its own interval: an outside cron that comes once a minute is not silent after half of one. */
export function checkWatchdog({ lastTick }: RolloutFacts, nowMs: number): Finding {
  const how = "read the newest tick, by the database's clock";
  const fix =
    'start a watchdog (npm start, or the unit sluice-watchdog), or see that the cron reaches /api/cron/watchdog';
  if (lastTick === null) return problem('watchdog', 'no tick has ever run', how, fix);
  const age = Math.round((nowMs - lastTick.atMs) / 1000);
  if (age > silentIntervals * lastTick.intervalSeconds) {
    const what = `the last tick was ${age} s ago, by ${lastTick.by}; one is due every ${lastTick.intervalSeconds} s`;
    return problem('watchdog', what, how, fix);
  }
  if (lastTick.error !== null) {
    return problem('watchdog', `the last tick failed: ${lastTick.error}`, how, 'see the log of that watchdog');
  }
  return ok('watchdog', `ticked ${age} s ago (${lastTick.by})`, how);
}
