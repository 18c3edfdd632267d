import type { JobSeen } from '@/lib/gateway/providers/job-calls';
import type { JobCalls } from '@/lib/gateway/providers/provider';
import { type Habits, learn } from '@/lib/jobs/poll/learn';
import type { RelayedJob, RelayedStore } from './relayed-store';

interface LearnParts {
  readonly store: Pick<RelayedStore, 'lease' | 'settle'>;
  readonly lease: () => string;
  readonly random: () => number;
  readonly monotonic: () => number;
}

interface Known {
  readonly word: string;
  readonly atMs: number;
}

/** While its caller asks, a job is put off for our own looks about so often, and no oftener. */
const putOffEveryMs = 10_000;
const mostKnown = 10_000;

/**
 * What passing answers say of jobs. News are written as the poller writes its own, by lease and compare-and-set, so that
 * a job ends once, be it seen here or by the poller; an answer that brings none only puts off our next look, now and then.
 */
export class LearntByPassing {
  private readonly known = new Map<string, Known>();

  constructor(private readonly parts: LearnParts) {}

  async learn(job: RelayedJob, seen: JobSeen, calls: JobCalls): Promise<void> {
    if (seen.kind === 'absent' || seen.kind === 'unread') return;
    const { monotonic, store, lease, random } = this.parts;
    const word = seen.kind === 'running' ? seen.phase : seen.kind;
    const known = this.known.get(job.id);
    if (known?.word === word && ((word !== 'queued' && word !== 'running') || monotonic() - known.atMs < putOffEveryMs))
      return;
    const leased = await store.lease(job.id, lease());
    this.remember(job.id, { word, atMs: monotonic() });
    if (leased === null || leased.state === 'attempting' || leased.state === 'unknown') return;
    await store.settle(learn(leased, seen, habitsOf(calls), random));
  }

  private remember(id: string, known: Known): void {
    this.known.delete(id);
    this.known.set(id, known);
    const oldest = this.known.keys().next().value;
    if (this.known.size > mostKnown && oldest !== undefined) this.known.delete(oldest);
  }
}

/** As long as its caller polls, our own looks may wait the longest they ever do. */
const habitsOf = ({ pace, ageLimitMs, readsUnknown }: JobCalls): Habits => ({
  ...{ ageLimitMs, readsUnknown },
  pace: { ...pace, firstMs: pace.mostMs },
});
