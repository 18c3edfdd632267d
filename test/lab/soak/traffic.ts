import { randomUUID } from 'node:crypto';
import { Pool } from 'undici';

export interface Seen {
  sent: number;
  /** Due, but too many were under way: the machine is too slow for the rate. */
  skipped: number;
  /** What was answered with something else than 200, with what. */
  readonly failures: string[];
  failed: number;
  /** Request ids of the answers, each with its number of attempts. */
  readonly answered: Map<string, number>;
  readonly latenciesMs: number[];
}

export interface Traffic {
  readonly seen: Seen;
  /** Resolves with the seconds for which requests were sent, when the last is answered. */
  stop(): Promise<number>;
}

const turnMs = 10;
const mostUnderWay = 2000;
/** Each so many-th request carries an idempotency key, so that the store's part in it is soaked, too. */
const keyedEvery = 20;

/** Requests at a steady rate, whatever becomes of the ones before, as callers do. */
export function startTraffic(url: string, perSecond: number): Traffic {
  const pool = new Pool(url, { connections: 256, headersTimeout: 70_000, bodyTimeout: 70_000 });
  const seen: Seen = { sent: 0, skipped: 0, failures: [], failed: 0, answered: new Map(), latenciesMs: [] };
  const underWay = new Set<Promise<void>>();
  const one = async () => {
    const startedAtMs = performance.now();
    seen.sent += 1;
    const keyed: Record<string, string> = seen.sent % keyedEvery === 0 ? { 'idempotency-key': randomUUID() } : {};
    try {
      const { statusCode, body } = await pool.request({
        ...{ method: 'POST', path: '/api/generate', body: '{"prompt":"a lighthouse in fog"}' },
        headers: { 'content-type': 'application/json', ...keyed },
      });
      const text = await body.text();
      if (statusCode === 200) note(seen, text);
      else fail(seen, `${statusCode} ${text.slice(0, 200)}`);
    } catch (error) {
      fail(seen, error instanceof Error ? error.message : String(error));
    }
    seen.latenciesMs.push(performance.now() - startedAtMs);
  };
  const beganMs = performance.now();
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - beganMs) / 1000) * perSecond) - seen.sent - seen.skipped;
    for (let n = 0; n < due; n += 1) {
      if (underWay.size >= mostUnderWay) seen.skipped += 1;
      else {
        const going = one().finally(() => underWay.delete(going));
        underWay.add(going);
      }
    }
  }, turnMs);
  return {
    seen,
    async stop() {
      clearInterval(timer);
      const lastedSeconds = (performance.now() - beganMs) / 1000;
      await Promise.all(underWay);
      await pool.close();
      return lastedSeconds;
    },
  };
}

function note(seen: Seen, text: string): void {
  const { request_id: id, attempts } = JSON.parse(text) as { request_id: string; attempts: unknown[] };
  seen.answered.set(id, attempts.length);
}

function fail(seen: Seen, what: string): void {
  seen.failed += 1;
  if (seen.failures.length < 5) seen.failures.push(what);
}
