import type { Clock } from '@/lib/operations/ports';
import type { StartDeadline, Within } from '@/lib/operations/ports/data-plane';

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

export const startDeadline: StartDeadline = (ms) => {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error(`the deadline of ${Math.round(ms)} ms is over`)), ms);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
};

export const within: Within = (ms, call) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
    const settle =
      <T>(next: (value: T) => void) =>
      (value: T) => {
        clearTimeout(timer);
        next(value);
      };
    call.then(settle(resolve), settle(reject));
  });

/** Runs `work` every so often, never twice at once; what it throws goes to `onError`. Returns the end of it. */
export function repeat(everyMs: number, work: () => Promise<unknown>, onError: (error: unknown) => void): () => void {
  let isRunning = false;
  const timer = setInterval(() => {
    if (isRunning) return;
    isRunning = true;
    void work()
      .catch(onError)
      .finally(() => {
        isRunning = false;
      });
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
