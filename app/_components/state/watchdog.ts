import type { Snapshot } from '@/lib/api/snapshot';

/** Silent: the server says so, or three of its own intervals went by without a word to this page. */
export function isSilent(watchdog: Snapshot['watchdog'], ageSeconds: number): boolean {
  return !watchdog.alive || ageSeconds > Math.max(30, 3 * watchdog.interval_seconds);
}
