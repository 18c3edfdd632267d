import type { RunningDeadline } from '@/lib/kernel/deadline';

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
