import type { Draw } from '../draw';
import type { Fate } from './job-fate';

type SandboxJobState = 'queued' | 'running' | 'ended' | 'cancelled';

/** A job as the person who runs the sandbox sees it. */
export interface SandboxJob {
  /** The vendor's, which is the caller's where the caller names it. */
  readonly id: string;
  readonly model: string;
  readonly prompt: string;
  readonly webhookUrl: string | null;
  readonly state: SandboxJobState;
  /** How often it was asked for: each was paid. */
  readonly creates: number;
  readonly polls: number;
}

export interface Job<What> {
  readonly id: string;
  readonly model: string;
  readonly prompt: string;
  readonly webhookUrl: string | null;
  readonly draw: Draw;
  readonly fate: Fate;
  readonly madeAtMs: number;
  readonly what: What;
  isCancelled: boolean;
  creates: number;
  polls: number;
}

type NewJob<What> = Pick<Job<What>, 'id' | 'model' | 'prompt' | 'webhookUrl' | 'draw' | 'what'>;

const mostJobs = 100_000;

/** What a vendor has taken on: kept over time, and forgotten when there are too many. */
export class JobBook<What> {
  private readonly jobs = new Map<string, Job<What>>();

  /** An id that it knows is a second create: counted, and paid like the first. */
  make(made: NewJob<What>, nowMs: number): Job<What> {
    const before = this.jobs.get(made.id);
    const oldest = this.jobs.keys().next().value;
    if (!before && this.jobs.size >= mostJobs && oldest !== undefined) this.jobs.delete(oldest);
    const counts = { isCancelled: false, creates: (before?.creates ?? 0) + 1, polls: before?.polls ?? 0 };
    const job = { ...made, fate: fateOf(made.draw), madeAtMs: nowMs, ...counts };
    this.jobs.set(made.id, job);
    return job;
  }

  find(id: string): Job<What> | undefined {
    return this.jobs.get(id);
  }

  list(nowMs: number): readonly SandboxJob[] {
    return [...this.jobs.values()].map((job) => {
      const { id, model, prompt, webhookUrl, creates, polls } = job;
      return { id, model, prompt, webhookUrl, creates, polls, state: stateOf(job, nowMs) };
    });
  }
}

function fateOf({ fate, delayMs }: Draw): Fate {
  return fate ?? { isHidden: false, lastsMs: delayMs, end: 'well', goesBack: false };
}

type Aged = Pick<Job<unknown>, 'fate' | 'madeAtMs' | 'isCancelled'>;

/** A quarter of its time in the queue, the rest at work; where it goes back, from the half to three quarters in the queue again. */
export function stateOf({ fate, madeAtMs, isCancelled }: Aged, nowMs: number): SandboxJobState {
  if (isCancelled) return 'cancelled';
  const age = nowMs - madeAtMs;
  if (age >= fate.lastsMs) return 'ended';
  const part = Number.isFinite(fate.lastsMs) ? age / fate.lastsMs : Math.min(0.9, age / 1000);
  if (part < 0.25) return 'queued';
  return fate.goesBack && part >= 0.5 && part < 0.75 ? 'queued' : 'running';
}

/** In hundredths; it falls where the job goes back. */
export function progressOf({ fate, madeAtMs }: Aged, nowMs: number): number {
  const age = nowMs - madeAtMs;
  const part = Number.isFinite(fate.lastsMs) ? age / fate.lastsMs : age / (age + 10_000);
  const shown = fate.goesBack && part >= 0.5 && part < 0.75 ? part / 4 : part;
  return Math.max(0, Math.min(99, Math.floor(shown * 100)));
}
