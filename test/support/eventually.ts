/** Asks until it is so and returns how long that took, in ms; after `withinMs` the last answer is the error. */
export async function eventually<T>(
  ask: () => T | Promise<T>,
  isSo: (answer: T) => boolean,
  withinMs: number,
  everyMs = 10,
): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const answer = await ask();
    const ms = Math.round(performance.now() - startedAt);
    if (isSo(answer)) return ms;
    if (ms > withinMs) throw new Error(`Not so after ${ms} ms; it still says ${JSON.stringify(answer)?.slice(0, 500)}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
