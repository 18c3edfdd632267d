import type { Log } from '@/lib/config/log';
import type { IntegrityFault } from '@/lib/control/journal/integrity';
import { type IntegrityWatch, watchIntegrity } from '@/lib/watch/watch-integrity';

const everyMs = 10_000;
/** Verifying every hash reads the journal through. */
const wholeEveryMs = 600_000;
/** A head that stands is said again, so that a log that is cut short still holds one. */
const sayEveryMs = 3_600_000;

/** Looks for what went past the guards, beside the ticks, and says in the log where the journal stands. */
export function startIntegrity(watch: IntegrityWatch, log: Log): { stop(): Promise<void> } {
  let wholeAtMs = Number.NEGATIVE_INFINITY;
  let said = { line: '', atMs: 0 };
  let known = '';
  let hasFailed = false;
  let looking: Promise<void> | null = null;

  const sayFaults = (faults: readonly IntegrityFault[]) => {
    const now = faults.map(({ key }) => key).join();
    if (now !== known && faults.length > 0) log.error({ faults, anchor: watch.book.line() }, 'changed past its guards');
    known = now;
  };
  const sayAnchor = () => {
    const line = watch.book.line();
    if (line === null || (line === said.line && performance.now() - said.atMs < sayEveryMs)) return;
    said = { line, atMs: performance.now() };
    log.info({ anchor: line }, 'the journal stands here');
  };
  const look = async () => {
    const isWhole = performance.now() - wholeAtMs >= wholeEveryMs;
    try {
      sayFaults(await watchIntegrity(watch, { isWhole, now: new Date() }));
      if (isWhole) wholeAtMs = performance.now();
      sayAnchor();
      hasFailed = false;
    } catch (error) {
      if (!hasFailed) log.warn({ err: error }, 'the journal was not verified; it is tried again and not said again');
      hasFailed = true;
    }
  };
  const next = () => {
    looking ??= look().finally(() => {
      looking = null;
    });
  };
  next();
  const timer = setInterval(next, everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}
