import { BucketReader } from './bucket-reader';
import { LastAnswers } from './last-answers';

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
