import { BucketReader } from './bucket-reader';

/** Rows may come so long after they happened; until then an answer about a span is asked again. */
export const settledAfterMs = 60_000;
const mostAnswers = 16;

/**
 * Answers that their question determines: what a span of the past holds does not change once its last rows have come.
 * A tick that asks the same as the one before is answered from here.
 */
export class LastAnswers {
  private readonly answers = new Map<string, unknown>();

  /** `toMs` is the end of the span that is asked about. */
  async to<T>(question: readonly unknown[], toMs: number, nowMs: number, ask: () => Promise<T>): Promise<T> {
    const key = JSON.stringify(question);
    if (this.answers.has(key)) return this.answers.get(key) as T;
    const answer = await ask();
    if (nowMs < toMs + settledAfterMs) return answer;
    if (this.answers.size >= mostAnswers) this.answers.delete(this.answers.keys().next().value ?? '');
    this.answers.set(key, answer);
    return answer;
  }
}

/** So many splits that the reader does not know may still have answers. */
const mostUnread = 64;

/** What a process has read of all its splits, so that the next look reads only what changed. */
export class SharedReads {
  readonly reader = new BucketReader();
  private readonly answers = new Map<string, LastAnswers>();

  /** What was asked before about a split. */
  answersOf(split: string): LastAnswers {
    const known = this.answers.get(split) ?? new LastAnswers();
    this.answers.set(split, known);
    if (this.answers.size > mostUnread) this.forgetOthers(split);
    return known;
  }

  private forgetOthers(split: string): void {
    for (const each of this.answers.keys()) if (each !== split && !this.reader.knows(each)) this.answers.delete(each);
  }
}
