export interface SteadyTraffic {
  readonly sent: number;
  /** Requests that were not answered 200, with what they got instead. */
  readonly failed: readonly string[];
  /** The slowest answer, in ms. */
  readonly slowestMs: number;
  /** What of an answer's time no provider took, by Server-Timing: the median and the 99th percentile. */
  decisionMs(): { readonly p50: number; readonly p99: number };
  stop(): Promise<void>;
}

/** Generations at a steady rate, whatever becomes of the ones before. */
export function steadyTraffic(url: string, perSecond: number, headers: Record<string, string> = {}): SteadyTraffic {
  const failed: string[] = [];
  const decisions: number[] = [];
  const underWay = new Set<Promise<void>>();
  const traffic = { sent: 0, slowestMs: 0 };
  const one = async () => {
    const startedAt = performance.now();
    try {
      const answer = await fetch(`${url}/api/generate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{"prompt":"x"}',
      });
      const text = await answer.text();
      if (answer.status !== 200) failed.push(`${answer.status} ${text.slice(0, 200)}`);
      const own = /sluice;dur=([\d.]+)/.exec(answer.headers.get('server-timing') ?? '')?.[1];
      if (own !== undefined) decisions.push(Number(own));
    } catch (error) {
      failed.push(String(error instanceof Error ? (error.cause ?? error) : error));
    }
    traffic.slowestMs = Math.max(traffic.slowestMs, performance.now() - startedAt);
  };
  const timer = setInterval(() => {
    traffic.sent += 1;
    const going = one().finally(() => underWay.delete(going));
    underWay.add(going);
  }, 1000 / perSecond);
  return {
    get sent() {
      return traffic.sent;
    },
    get slowestMs() {
      return Math.round(traffic.slowestMs);
    },
    failed,
    decisionMs() {
      const sorted = [...decisions].sort((a, b) => a - b);
      const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
      return { p50: at(0.5), p99: at(0.99) };
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
    },
  };
}
