import type { Deadline, RunningDeadline, StartDeadline } from './deadline';

export interface Clock {
  /** Wall clock of this process; never decides anything that the database's clock should. */
  now(): number;
  /** Monotonic milliseconds. */
  monotonic(): number;
}

/** Bounds a call that may never answer; rejects when the time is over. */
export type Within = <T>(ms: number, call: Promise<T>) => Promise<T>;

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

export const startDeadline: StartDeadline = (ms) => new TimedDeadline(ms);

/** As much of an AbortSignal as a call needs: a real one costs a request more than its whole routing does. */
class TimedDeadline implements Deadline, RunningDeadline {
  readonly #timer: NodeJS.Timeout;
  #last: NodeJS.Immediate | undefined;
  #listeners: readonly (() => void)[] = [];
  aborted = false;
  isCut = false;

  constructor(ms: number) {
    // Timers come before what was received: after a standstill of this process an answer may be there and not be read.
    this.#timer = setTimeout(() => {
      this.#last = setImmediate(() => this.#end());
    }, ms);
  }

  get signal(): Deadline {
    return this;
  }

  addEventListener(_: 'abort', listener: () => void): void {
    this.#listeners = [...this.#listeners, listener];
  }

  removeEventListener(_: 'abort', listener: () => void): void {
    this.#listeners = this.#listeners.filter((each) => each !== listener);
  }

  clear(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#last);
  }

  cut(): void {
    if (this.aborted) return;
    this.clear();
    this.isCut = true;
    this.#end();
  }

  #end(): void {
    this.aborted = true;
    for (const listener of this.#listeners) listener();
  }
}

const slices = 10;

/** In slices: while this process itself stands still nobody's answer can be heard, and only one of them passes. */
export const within: Within = (ms, call) =>
  new Promise((resolve, reject) => {
    let left = slices;
    const pass = () => {
      left -= 1;
      if (left > 0) timer = setTimeout(pass, ms / slices);
      else reject(new Error(`no answer within ${ms} ms`));
    };
    let timer = setTimeout(pass, ms / slices);
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
