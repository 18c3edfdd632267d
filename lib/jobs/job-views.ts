import type { Clock } from '@/lib/kernel/clock';
import type { Within } from '@/lib/kernel/within';
import type { JobStore } from './job-store';
import type { JobView } from './job-view';

interface Kept {
  /** null: there is none, as far as the store said. */
  view: JobView | null;
  readAtMs: number;
  reading: Promise<void> | null;
}

interface ViewParts {
  readonly store: Pick<JobStore, 'read'>;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly within: Within;
}

/** However often a job is asked for, it is read twice a second at most. */
const freshForMs = 500;
/** A poll is answered with what was known last rather than wait longer for the store. */
const patienceMs = 400;
const mostKept = 5000;

/** What was last known of the jobs that are asked for. */
export class JobViews {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly parts: ViewParts) {}

  /** null: there is no such job. Throws only where the store does not answer and nothing is known from before. */
  async read(id: string): Promise<JobView | null> {
    const known = this.kept.get(id);
    if (known === undefined) return this.readFirst(id);
    if (known.reading === null && this.parts.clock.monotonic() - known.readAtMs < freshForMs) return known.view;
    known.reading ??= this.refresh(id, known);
    await this.parts.within(patienceMs, known.reading).catch(() => undefined);
    return known.view;
  }

  /** What this process has just written. */
  note(view: JobView): void {
    const known = this.kept.get(view.id);
    this.kept.delete(view.id);
    this.keep(view.id, { view, readAtMs: this.parts.clock.monotonic(), reading: known?.reading ?? null });
  }

  forget(id: string): void {
    this.kept.delete(id);
  }

  private readonly first = new Map<string, Promise<JobView | null>>();

  private readFirst(id: string): Promise<JobView | null> {
    const asked = this.first.get(id);
    if (asked) return asked;
    const reading = this.parts.store
      .read(id)
      .then((view) => {
        if (view !== null) this.keep(id, { view, readAtMs: this.parts.clock.monotonic(), reading: null });
        return view;
      })
      .finally(() => this.first.delete(id));
    this.first.set(id, reading);
    return reading;
  }

  /** A store that does not answer is not asked again at once either. */
  private async refresh(id: string, known: Kept): Promise<void> {
    try {
      const view = await this.parts.store.read(id);
      if (view === null) this.forget(id);
      known.view = view;
    } catch {
      // The store is away: what was known last is answered.
    }
    known.readAtMs = this.parts.clock.monotonic();
    known.reading = null;
  }

  private keep(id: string, kept: Kept): void {
    this.kept.set(id, kept);
    if (this.kept.size <= mostKept) return;
    const [oldest] = this.kept.keys();
    if (oldest !== undefined) this.kept.delete(oldest);
  }
}
