import { randomUUID } from 'node:crypto';
import { Client } from 'undici';
import { Connection, requestText } from './connection';

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
export async function throughput({ name, url, path, headers, body, isKeyed }: Target, seconds: number) {
  const plain = requestText(path, headers, body);
  const textOf = () => (isKeyed ? requestText(path, { ...headers, 'idempotency-key': randomUUID() }, body) : plain);
  const connections = Array.from({ length: 10 }, () => new Connection(Number(new URL(url).port)));
  const beganAt = performance.now();
  const endsAt = beganAt + seconds * 1000;
  let sent = 0;
  const next = () => {
    if (performance.now() >= endsAt) return null;
    sent += 1;
    return textOf();
  };
  try {
    await Promise.all(connections.map((connection) => connection.run(next)));
  } catch (cause) {
    throw new Error(`${name}: ${String(cause)}`, { cause });
  } finally {
    for (const connection of connections) connection.close();
  }
  return (sent * 1000) / (performance.now() - beganAt);
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
