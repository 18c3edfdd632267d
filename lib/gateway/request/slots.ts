import type { Deadline } from '@/lib/kernel/deadline';

/** The calls that may run at one provider at once. Who finds no slot free waits in line: our own time, not the provider's. */
export class Slots {
  #free: number;
  readonly #line = new Set<() => void>();

  constructor(readonly most: number) {
    this.#free = most;
  }

  get inUse(): number {
    return this.most - this.#free;
  }

  get waiting(): number {
    return this.#line.size;
  }

  take(): boolean {
    if (this.#free === 0) return false;
    this.#free -= 1;
    return true;
  }

  /** A slot that is given back goes to the first in line. */
  give(): void {
    if (this.#line.size === 0) {
      this.#free += 1;
      return;
    }
    const [first] = this.#line;
    first?.();
  }

  /** Whether a slot came before the deadline; it is the caller's then. */
  wait(deadline: Deadline): Promise<boolean> {
    if (deadline.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = (hasSlot: boolean) => {
        this.#line.delete(come);
        deadline.removeEventListener('abort', giveUp);
        resolve(hasSlot);
      };
      const come = () => end(true);
      const giveUp = () => end(false);
      deadline.addEventListener('abort', giveUp);
      this.#line.add(come);
    });
  }
}
