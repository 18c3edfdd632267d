import type { Log } from '@/lib/config/log';

const pausesMs = [1000, 5000, 30_000, 120_000];

/** Tries a write again a few times, further and further apart; a process that ends does not wait for it. */
export function retryLater(log: Log): (what: string, write: () => Promise<void>) => void {
  return (what, write) => {
    const attempt = (index: number): void => {
      const pause = pausesMs[index];
      if (pause === undefined) {
        log.warn({ what }, 'the store did not take an idempotency key in four tries; it is kept in memory only');
        return;
      }
      setTimeout(() => void write().catch(() => attempt(index + 1)), pause).unref();
    };
    attempt(0);
  };
}
