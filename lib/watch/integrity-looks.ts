import type { Log } from '@/lib/config/log';
import type { IntegrityFault } from '@/lib/control/journal/integrity';
import { LastingFault } from '@/lib/kernel/lasting-fault';
import { isLate, StoreAway } from '@/lib/kernel/store-away';
import { within } from '@/lib/kernel/within';
import { type IntegrityWatch, watchIntegrity } from '@/lib/watch/watch-integrity';

export const lookEveryMs = 10_000;
/** Verifying every hash reads the journal through. */
const wholeEveryMs = 600_000;
/** A head that stands is said again, so that a log that is cut short still holds one. */
const sayEveryMs = 3_600_000;

/** Looks for what went past the guards, beside the ticks, and says in the log where the journal stands. */
export class IntegrityLooks {
  private readonly watch: IntegrityWatch;
  private readonly log: Log;
  private lookedAtMs = Number.NEGATIVE_INFINITY;
  private wholeAtMs = Number.NEGATIVE_INFINITY;
  private said = { line: '', atMs: 0 };
  private known = '';
  private readonly unverified: LastingFault;
  private looking: Promise<readonly IntegrityFault[]> | null = null;

  constructor(watch: IntegrityWatch, log: Log) {
    this.watch = watch;
    this.log = log;
    this.unverified = new LastingFault((error) =>
      log.warn({ err: error }, 'the journal was not verified; it is tried again and not said again'),
    );
  }

  /** What it found; nothing when it failed, which is said once. Never two at once. */
  look(withinMs: number | null = null): Promise<readonly IntegrityFault[]> {
    this.lookedAtMs = performance.now();
    this.looking ??= this.lookNow(withinMs).finally(() => {
      this.looking = null;
    });
    return this.looking;
  }

  /** For a process that a scheduler calls, at a pace of its own. */
  async lookIfDue(withinMs: number): Promise<readonly IntegrityFault[]> {
    // A scheduler that comes every ten seconds comes a little early, too.
    return performance.now() - this.lookedAtMs < lookEveryMs * 0.9 ? [] : this.look(withinMs);
  }

  private async lookNow(withinMs: number | null): Promise<readonly IntegrityFault[]> {
    const endsAtMs = performance.now() + (withinMs ?? Number.POSITIVE_INFINITY);
    try {
      let faults = await this.check(false, endsAtMs);
      // Afterwards: a journal too long to be read through here must not keep us from the rest.
      if (performance.now() - this.wholeAtMs >= wholeEveryMs) faults = await this.checkWhole(faults, endsAtMs);
      this.sayFaults(faults);
      this.sayAnchor();
      this.unverified.worked();
      return faults;
    } catch (error) {
      this.unverified.failed(error);
      return [];
    }
  }

  private async checkWhole(found: readonly IntegrityFault[], endsAtMs: number): Promise<readonly IntegrityFault[]> {
    try {
      const faults = await this.check(true, endsAtMs);
      this.wholeAtMs = performance.now();
      return faults;
    } catch (error) {
      if (!isLate(error)) throw error;
      this.wholeAtMs = performance.now();
      this.log.warn({ err: error }, 'not every hash was verified in time: run sluice journal --verify');
      return found;
    }
  }

  private check(isWhole: boolean, endsAtMs: number): Promise<readonly IntegrityFault[]> {
    const checking = watchIntegrity(this.watch, { isWhole, now: new Date() });
    const leftMs = Math.max(0, endsAtMs - performance.now());
    if (!Number.isFinite(leftMs)) return checking;
    return within(leftMs, checking, () => StoreAway.late('look at the journal', leftMs));
  }

  private sayFaults(faults: readonly IntegrityFault[]): void {
    const now = faults.map(({ key }) => key).join();
    if (now !== this.known && faults.length > 0)
      this.log.error({ faults, anchor: this.watch.book.line() }, 'changed past its guards');
    this.known = now;
  }

  private sayAnchor(): void {
    const line = this.watch.book.line();
    if (line === null || (line === this.said.line && performance.now() - this.said.atMs < sayEveryMs)) return;
    this.said = { line, atMs: performance.now() };
    this.log.info({ anchor: line }, 'the journal stands here');
  }
}
