export interface NamedTraffic {
  /** Request id → how it ended: a status, or the code of what broke. */
  readonly ends: ReadonlyMap<string, string>;
  /** Request id → when it was answered 200, on this process's monotonic clock. */
  readonly answered: ReadonlyMap<string, number>;
  /** Answers other than 200; what broke on the way is not among them. */
  readonly refused: readonly string[];
  stop(): Promise<void>;
}

/** Generations at a steady rate, each under an id of its own, to be found again in the log. */
export function namedTraffic(url: string, name: string, perSecond: number): NamedTraffic {
  const ends = new Map<string, string>();
  const answered = new Map<string, number>();
  const refused: string[] = [];
  const underWay = new Set<Promise<void>>();
  const one = async (id: string) => {
    const headers = { 'content-type': 'application/json', 'x-request-id': id };
    try {
      const answer = await fetch(`${url}/api/generate`, { method: 'POST', headers, body: '{"prompt":"x"}' });
      await answer.arrayBuffer();
      ends.set(id, String(answer.status));
      if (answer.status === 200) answered.set(id, performance.now());
      else refused.push(`${id}: ${answer.status}`);
    } catch (error) {
      const cause = error instanceof Error ? (error.cause as { code?: string } | undefined) : undefined;
      ends.set(id, cause?.code ?? String(error));
    }
  };
  let n = 0;
  const timer = setInterval(() => {
    const going = one(`${name}-${String(n++).padStart(6, '0')}`).finally(() => underWay.delete(going));
    underWay.add(going);
  }, 1000 / perSecond);
  const stop = async () => {
    clearInterval(timer);
    await Promise.all(underWay);
  };
  return { ends, answered, refused, stop };
}
