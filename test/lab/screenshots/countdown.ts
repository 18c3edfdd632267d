import { setTimeout as wait } from 'node:timers/promises';
import { readSnapshot } from '@/lib/control/snapshot/read-snapshot';
import type { World } from './world';

/** Until the first line that is over acts in so many seconds. */
export async function waitForCountdown({ control }: World, leftSeconds: number): Promise<void> {
  for (let n = 0; n < 300; n++) {
    const { red_lines: lines, now } = await readSnapshot(control);
    const ends = lines.flatMap(({ acts_at: at }) => (at === null ? [] : [Date.parse(at)]));
    if (ends.length > 0 && Math.min(...ends) - Date.parse(now) <= leftSeconds * 1000) return;
    await wait(500);
  }
  throw new Error('No line was crossed, or none counted down.');
}
