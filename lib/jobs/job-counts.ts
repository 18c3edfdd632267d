/** Counts by two words. */
export class Tally {
  private readonly counts = new Map<string, Map<string, number>>();

  add(of: string, word: string, by = 1): void {
    const words = this.counts.get(of) ?? new Map<string, number>();
    this.counts.set(of, words.set(word, (words.get(word) ?? 0) + by));
  }

  get(of: string, word: string): number {
    return this.counts.get(of)?.get(word) ?? 0;
  }

  *[Symbol.iterator](): Generator<readonly [of: string, word: string, count: number]> {
    for (const [of, words] of this.counts) for (const [word, count] of words) yield [of, word, count];
  }
}

/** What this process did and heard about jobs since it started, each by its provider. */
export class JobCounts {
  /** Jobs asked for: `seen`, or why nothing was learnt. */
  readonly looks = new Tally();
  /** By the state they ended in. */
  readonly ends = new Tally();
  /** News from providers: taken, ended, refused, later. */
  readonly webhooks = new Tally();
  /** Jobs taken over from a process whose lease ran out. */
  readonly expiries = new Tally();
}
