import { randomUUID } from 'node:crypto';
import type { StartDeadline } from '@/lib/kernel/deadline';
import { within } from '@/lib/kernel/within';
import type { JobCounts } from '../job-counts';
import { JobLane } from './job-lane';
import type { JobProviders } from './job-providers';
import { abandoned, blockedForMs, unknownFor } from './learn';
import { type Leased, type LeasedJob, placeKey } from './lease';
import { putBack, type Settlement } from './settle';
import { SettleQueue } from './settle-queue';

/** The store as a poller uses it. */
export interface JobStore {
  lease(ask: { readonly lease: string; most: number; forMs: number; not: readonly string[] }): Promise<Leased>;
  settle(seen: readonly Settlement[]): Promise<readonly string[]>;
}

export interface PollerParts {
  readonly store: JobStore;
  readonly providers: JobProviders;
  readonly counts: JobCounts;
  readonly monotonic: () => number;
  readonly random: () => number;
  readonly startDeadline: StartDeadline;
  /** Said once when the store goes away, and when it is back. */
  readonly fault: { worked(): void; failed(error: unknown): void };
  readonly warn: (fields: object, sentence: string) => void;
  readonly limits?: Partial<Limits>;
}

interface Limits {
  readonly leaseMs: number;
  readonly callWithinMs: number;
  readonly callsAtOnce: number;
  readonly batch: number;
  /** Jobs in this process at once. */
  readonly mostHeld: number;
  /** The longest wait between two leases, taken when nothing is due, and the shortest. */
  readonly idleMs: number;
  readonly leastMs: number;
}

const usual: Limits = {
  ...{ leaseMs: 30_000, callWithinMs: 10_000, callsAtOnce: 64, batch: 500, mostHeld: 4000 },
  ...{ idleMs: 1000, leastMs: 100 },
};
const startMarginMs = 5000;
const sweepEveryMs = 10_000;
/** The wait when the store did not answer, and what it grows to: a store that comes back has others to answer first. */
const awayMs = { first: 500, most: 4000 };

/**
 * Looks at every job that is due, in any process: leases them by the batch, asks their vendors, and writes what was seen.
 * Where nothing is due it costs one statement a second.
 */
export class JobPoller {
  private readonly limits: Limits;
  private readonly queue: SettleQueue;
  private readonly lanes = new Map<string, JobLane>();
  private readonly name = randomUUID();
  private batches = 0;
  private elsewhere = new Map<string, number>();
  private sweptAtMs: number;
  private awayMs = awayMs.first;
  private isStopping = false;
  private looping: Promise<void> | null = null;
  private wakeUp: () => void = () => undefined;
  private isWoken = false;

  constructor(private readonly parts: PollerParts) {
    this.limits = { ...usual, ...parts.limits };
    this.sweptAtMs = parts.monotonic();
    const onRefused = ({ id, state }: Settlement, error: unknown) =>
      parts.warn({ job: id, state, err: error }, 'what was seen of a job cannot be stored; it is looked at again');
    const settle = (seen: readonly Settlement[]) => parts.store.settle(seen);
    const onSettled = ({ provider, state, due_ms }: Settlement) => {
      if (due_ms === null) parts.counts.ends.add(provider, state);
    };
    this.queue = new SettleQueue({ settle, fault: parts.fault, onSettled, onRefused });
  }

  start(): void {
    this.looping ??= this.loop();
  }

  /** Something is due that was not before. */
  wake(): void {
    this.isWoken = true;
    this.wakeUp();
  }

  /** Gives back what waits, lets the calls that run end for a while, and writes what they brought. */
  async stop(withinMs: number): Promise<void> {
    this.isStopping = true;
    this.wake();
    await within(withinMs, this.looping ?? Promise.resolve()).catch(() => undefined);
    for (const lane of this.lanes.values()) lane.stop();
    const untilMs = this.parts.monotonic() + withinMs / 2;
    while (this.held > 0 && this.parts.monotonic() < untilMs) await pause(10);
    for (const lane of this.lanes.values()) lane.cut();
    await pause(0);
    await within(withinMs, this.queue.flush()).catch(() => undefined);
    await within(withinMs, this.parts.providers.close()).catch(() => undefined);
  }

  /** Jobs that wait in this process or are being looked at. */
  get held(): number {
    let held = 0;
    for (const lane of this.lanes.values()) held += lane.held;
    return held;
  }

  private async loop(): Promise<void> {
    while (!this.isStopping) {
      const waitMs = await this.round();
      this.sweep();
      if (!this.isStopping) await this.rest(waitMs);
    }
  }

  /** Leases once; how long to wait for the next time. */
  private async round(): Promise<number> {
    const { limits, parts } = this;
    const most = Math.min(limits.batch, limits.mostHeld - this.held);
    if (most <= 0) return limits.leastMs;
    const leasedAtMs = parts.monotonic();
    try {
      this.isWoken = false;
      this.batches += 1;
      const ask = { lease: `${this.name}:${this.batches}`, most, forMs: limits.leaseMs, not: this.notHere(leasedAtMs) };
      const { jobs, nextMs } = await parts.store.lease(ask);
      parts.fault.worked();
      this.awayMs = awayMs.first;
      this.distribute(jobs, leasedAtMs);
      if (jobs.length === most) return 0;
      return Math.min(limits.idleMs, Math.max(limits.leastMs, nextMs ?? limits.idleMs));
    } catch (error) {
      parts.fault.failed(error);
      const waitMs = this.awayMs;
      this.awayMs = Math.min(awayMs.most, waitMs * 2);
      return waitMs;
    }
  }

  private distribute(jobs: readonly LeasedJob[], leasedAtMs: number): void {
    const lanes = new Set<JobLane>();
    for (const job of jobs) {
      if (job.wasHeld) this.parts.counts.expiries.add(job.provider, 'taken over');
      const lane = job.state === 'attempting' ? abandoned(job) : this.laneFor(job, leasedAtMs);
      if (lane instanceof JobLane) lanes.add(lane);
      else this.queue.add(lane);
    }
    for (const lane of lanes) lane.pump();
  }

  /** The lane in which it waits to be looked at; else what is written of it without a look. */
  private laneFor(job: LeasedJob, leasedAtMs: number): JobLane | Settlement {
    const reached = this.parts.providers.at(job);
    if ('whyNot' in reached) {
      if (!reached.elsewhere) return putBack(job, blockedForMs, reached.whyNot);
      this.elsewhere.set(placeKey(job), leasedAtMs + blockedForMs);
      return putBack(job, 0);
    }
    if (job.state === 'unknown' && !reached.calls.readsUnknown) return unknownFor(job);
    const lane = this.laneOf(job);
    const isFull = !lane.take(job, leasedAtMs, reached);
    return isFull ? putBack(job, reached.calls.pace.mostMs * (0.5 + 0.5 * this.parts.random())) : lane;
  }

  private laneOf(job: LeasedJob): JobLane {
    const key = `${placeKey(job)} ${job.baseUrl}`;
    const old = this.lanes.get(key);
    if (old) return old;
    const { monotonic, random, startDeadline, counts } = this.parts;
    const { leaseMs, callWithinMs, callsAtOnce } = this.limits;
    const lane = new JobLane({
      ...{ monotonic, random, startDeadline, callWithinMs, calls: callsAtOnce },
      looks: counts.looks,
      settled: (seen) => this.queue.add(seen),
      startWithinMs: Math.max(0, leaseMs - callWithinMs - Math.min(startMarginMs, leaseMs / 6)),
    });
    this.lanes.set(key, lane);
    return lane;
  }

  private notHere(nowMs: number): readonly string[] {
    for (const [key, untilMs] of this.elsewhere) if (untilMs <= nowMs) this.elsewhere.delete(key);
    return [...this.elsewhere.keys()];
  }

  private sweep(): void {
    const nowMs = this.parts.monotonic();
    if (nowMs - this.sweptAtMs < sweepEveryMs) return;
    this.sweptAtMs = nowMs;
    this.parts.providers.sweep();
  }

  private rest(ms: number): Promise<void> {
    if (this.isWoken) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
