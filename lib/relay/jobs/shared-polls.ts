import type { ProviderResult } from '@/lib/gateway/providers/provider';
import type { HeldAnswer } from './held-answer';

export interface ToldPoll {
  readonly answer: HeldAnswer;
  readonly result: ProviderResult;
}

/** The same question within so long gets the same answer. */
const goodForMs = 500;
const mostKept = 1000;

/** Polls of the same job at the same time: one goes to the provider, and all get its answer. */
export class SharedPolls {
  /** By job, and by how it is asked for. */
  private readonly asked = new Map<string, Map<string, Promise<ToldPoll>>>();

  /** `isOwn`: no answer was there, and this caller asked itself. */
  ask(
    job: string,
    key: string,
    ask: () => Promise<ToldPoll>,
  ): { readonly told: Promise<ToldPoll>; readonly isOwn: boolean } {
    const alike = this.asked.get(job) ?? new Map<string, Promise<ToldPoll>>();
    const known = alike.get(key);
    if (known) return { told: known, isOwn: false };
    const told = ask();
    if (this.asked.size >= mostKept) return { told, isOwn: true };
    this.asked.set(job, alike.set(key, told));
    const over = () => {
      alike.delete(key);
      if (alike.size === 0 && this.asked.get(job) === alike) this.asked.delete(job);
    };
    told.then(() => setTimeout(over, goodForMs).unref(), over);
    return { told, isOwn: true };
  }

  /** After a verb on the job, such as cancel: earlier answers are old. */
  forget(job: string): void {
    this.asked.delete(job);
  }
}
