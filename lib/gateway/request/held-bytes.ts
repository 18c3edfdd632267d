import type { Deadline } from '@/lib/kernel/deadline';

/** What an answer may hold; it shrinks to what the answer turns out to need and ends with it. */
export interface Place {
  keep(bytes: number): void;
  free(): void;
}

/**
 * The bytes that this process may hold at once for answers that carry them, from before they are read until their
 * callers have them. Counted in bytes, for one answer may be a thousand times another. First come, first served, so
 * that a large answer is not overtaken for ever; one that is larger than everything goes alone.
 */
export class HeldBytes {
  private free: number;
  private readonly line = new Set<{ readonly bytes: number; readonly come: () => void }>();

  constructor(readonly most: number) {
    this.free = most;
  }

  get held(): number {
    return this.most - this.free;
  }

  /** null when no place came free before the deadline. */
  take(bytes: number, deadline: Deadline): Promise<Place | null> {
    const wanted = Math.min(bytes, this.most);
    if (this.line.size === 0 && wanted <= this.free) return Promise.resolve(this.place(wanted));
    if (deadline.aborted) return Promise.resolve(null);
    return new Promise((resolve) => {
      const leave = (place: Place | null) => {
        this.line.delete(waiting);
        deadline.removeEventListener('abort', giveUp);
        resolve(place);
      };
      const waiting = { bytes: wanted, come: () => leave(this.place(wanted)) };
      const giveUp = () => {
        leave(null);
        this.letIn();
      };
      deadline.addEventListener('abort', giveUp);
      this.line.add(waiting);
    });
  }

  private place(bytes: number): Place {
    this.free -= bytes;
    let held = bytes;
    const keep = (wanted: number) => {
      const kept = Math.min(held, wanted);
      this.free += held - kept;
      held = kept;
      this.letIn();
    };
    return { keep, free: () => keep(0) };
  }

  private letIn(): void {
    for (const { bytes, come } of this.line) {
      if (bytes > this.free) return;
      come();
    }
  }
}
