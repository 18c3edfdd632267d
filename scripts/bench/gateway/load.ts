import { randomUUID } from 'node:crypto';
import autocannon from 'autocannon';
import { Client } from 'undici';

export interface Target {
  readonly name: string;
  readonly url: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Each request carries an Idempotency-Key of its own. */
  readonly isKeyed?: boolean;
}

/** Requests a second at ten connections; any answer but a 200 ends the bench. */
export async function throughput(target: Target, seconds: number): Promise<number> {
  const { url, path, headers, body, isKeyed } = target;
  const keyed = (request: autocannon.Request): autocannon.Request => {
    return { ...request, headers: { ...headers, 'idempotency-key': randomUUID() } };
  };
  const one: autocannon.Request = { method: 'POST', path, headers: { ...headers }, body };
  const result = await autocannon({
    url,
    connections: 10,
    duration: seconds,
    requests: [isKeyed ? { ...one, setupRequest: keyed } : one],
  });
  const bad = result.non2xx + result.errors + result.timeouts;
  if (bad > 0) throw new Error(`${target.name}: ${bad} of ${result.requests.total} requests were not answered by 200.`);
  return result.requests.total / result.duration;
}

/** One connection kept open, one request at a time. */
export class Caller {
  readonly #client: Client;

  constructor(readonly target: Target) {
    this.#client = new Client(target.url);
  }

  /** Milliseconds from the call to the last byte. */
  async once(): Promise<number> {
    const { path, headers, body, isKeyed, name } = this.target;
    const all = isKeyed ? { ...headers, 'idempotency-key': randomUUID() } : headers;
    const began = performance.now();
    const answer = await this.#client.request({ method: 'POST', path, headers: all, body });
    const text = await answer.body.text();
    const took = performance.now() - began;
    if (answer.statusCode !== 200) throw new Error(`${name} answered ${answer.statusCode}: ${text.slice(0, 300)}`);
    return took;
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}
