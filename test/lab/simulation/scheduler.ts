import type { Random } from '@/lib/replay/simulate/chance';

/** One thing that somebody does: a tick, a click, a statement. It pauses wherever it speaks to the outside. */
export interface Task {
  readonly name: string;
  /** Where it is held up, as a frozen process is, and for how many simulated steps. */
  readonly freeze: { readonly before: 'write' | 'commit' | 'answer'; readonly steps: number } | null;
}

export type Place = 'read' | 'write' | 'commit' | 'answer';

interface Waiting {
  readonly task: Task;
  readonly wakesAt: number;
  readonly go: () => void;
}

/**
 * Runs tasks in an order drawn from the seed: whenever all of them wait, one is drawn and goes on to its next word to
 * the outside. Frozen tasks wait for simulated time to pass.
 */
export class Scheduler {
  private waiting: Waiting[] = [];
  private alone = false;
  private onFrozen: (() => void) | null = null;
  private readonly frozen = new Set<Task>();

  constructor(
    private readonly random: Random,
    private readonly step: () => number,
  ) {}

  /** A task's word to the outside: it goes on when it is drawn. */
  turn(task: Task, place: Place): Promise<void> | null {
    const holds = task.freeze !== null && task.freeze.before === place && !this.frozen.has(task);
    if (holds) this.frozen.add(task);
    if (this.alone && !holds) return null;
    const wakesAt = this.step() + (holds ? (task.freeze?.steps ?? 0) : 0);
    if (holds) this.onFrozen?.();
    return new Promise((go) => this.waiting.push({ task, wakesAt, go }));
  }

  /** Whether somebody frozen can go on now. */
  hasAwake(): boolean {
    return this.waiting.some(({ wakesAt }) => wakesAt <= this.step());
  }

  hasFrozen(): boolean {
    return this.waiting.length > 0;
  }

  /** The step at which the next frozen one goes on. */
  nextWake(): number {
    return this.waiting.reduce((first, { wakesAt }) => Math.min(first, wakesAt), Number.POSITIVE_INFINITY);
  }

  /** A task that nothing can interleave with needs no drawing. */
  runAlone<T>(work: () => Promise<T>): Promise<T> {
    this.alone = true;
    return work();
  }

  /** From now on every word is drawn for. */
  together(): void {
    this.alone = false;
  }

  /** Settles when the task that runs alone is held up. */
  untilFrozen(): Promise<void> {
    return new Promise((resolve) => {
      this.onFrozen = resolve;
    });
  }

  /** Until every task is over or frozen. */
  async settle(): Promise<void> {
    this.together();
    for (;;) {
      await drained();
      const awake = this.waiting.filter(({ wakesAt }) => wakesAt <= this.step());
      const next = awake[Math.floor(this.random() * awake.length)];
      if (next === undefined) return;
      this.waiting = this.waiting.filter((each) => each !== next);
      next.go();
    }
  }
}

/** Nothing of a simulated world waits for the real one: after one round of the event loop every task stands still. */
const drained = () => new Promise<void>((resolve) => setImmediate(resolve));
