interface Known {
  readonly by: string;
  readonly answer: unknown;
}

/** The last answer to each question, for as long as what determines it stays the same. */
export class Latest {
  private readonly known = new Map<string, Known>();
  private readonly asking = new Set<string>();

  async to<T>(question: string, by: readonly unknown[], ask: () => Promise<T>): Promise<T> {
    const key = JSON.stringify(by);
    const known = this.known.get(question);
    if (known?.by === key) return known.answer as T;
    const answer = await ask();
    this.known.set(question, { by: key, answer });
    return answer;
  }

  /** The answer before, while the new one is asked for: only the first is waited for. */
  async lately<T>(question: string, by: readonly unknown[], ask: () => Promise<T>): Promise<T> {
    const known = this.known.get(question);
    if (known === undefined) return this.to(question, by, ask);
    if (known.by !== JSON.stringify(by) && !this.asking.has(question)) {
      this.asking.add(question);
      this.to(question, by, ask)
        // What failed is asked again by the next who wants it.
        .catch(() => undefined)
        .finally(() => this.asking.delete(question));
    }
    return known.answer as T;
  }
}
