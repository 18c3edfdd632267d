import type { Deadline, RunningDeadline, StartDeadline } from './deadline';
import type { LastingFault } from './lasting-fault';

export interface Clock {
  /** Wall clock of this process; never decides anything that the database's clock should. */
  now(): number;
  /** Monotonic milliseconds. */
  monotonic(): number;
}

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

export const startDeadline: StartDeadline = (ms) => new TimedDeadline(ms);

/** As much of an AbortSignal as a call needs: a real one costs a request more than its whole routing does. */
class TimedDeadline implements Deadline, RunningDeadline {
  private readonly timer: NodeJS.Timeout;
  private last: NodeJS.Immediate | undefined;
  private readonly listeners: (() => void)[] = [];
  aborted = false;
  isCut = false;

  constructor(ms: number) {
    // Timers come before what was received: after a standstill of this process an answer may be there and not be read.
    this.timer = setTimeout(() => {
      this.last = setImmediate(() => this.end());
    }, ms);
  }

  get signal(): Deadline {
    return this;
  }

  addEventListener(_: 'abort', listener: () => void): void {
    this.listeners.push(listener);
  }

  removeEventListener(_: 'abort', listener: () => void): void {
    const at = this.listeners.indexOf(listener);
    if (at >= 0) this.listeners.splice(at, 1);
  }

  clear(): void {
    clearTimeout(this.timer);
    clearImmediate(this.last);
  }

  cut(): void {
    if (this.aborted) return;
    this.clear();
    this.isCut = true;
    this.end();
  }

  private end(): void {
    this.aborted = true;
    for (const listener of [...this.listeners]) listener();
  }
}

/** Every call and every wait that runs now, so that a process which must end can end them and write down how they stood. */
export class RunningCalls {
  private readonly running = new Set<RunningDeadline>();
  private hasCut = false;

  /** From then on nothing is begun. */
  get isCut(): boolean {
    return this.hasCut;
  }

  get size(): number {
    return this.running.size;
  }

  begin(deadline: RunningDeadline): void {
    this.running.add(deadline);
    if (this.hasCut) deadline.cut();
  }

  end(deadline: RunningDeadline): void {
    this.running.delete(deadline);
    deadline.clear();
  }

  cut(): void {
    this.hasCut = true;
    for (const deadline of this.running) deadline.cut();
  }
}

/** Runs `work` every so often, never twice at once, and tells `fault` how it went. Returns the end of it. */
export function repeat(everyMs: number, work: () => Promise<unknown>, fault: LastingFault): () => void {
  let isRunning = false;
  const timer = setInterval(() => {
    if (isRunning) return;
    isRunning = true;
    void work()
      .then(
        () => fault.worked(),
        (error) => fault.failed(error),
      )
      .finally(() => {
        isRunning = false;
      });
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
