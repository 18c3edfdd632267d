/** Rows may come so long after they happened; until then an answer about a span is asked again. */
export const settledAfterMs = 60_000;
const mostAnswers = 16;

/**
 * Answers that their question determines: what a span of the past holds does not change once its last rows have come.
 * A tick that asks the same as the one before asks nobody.
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
