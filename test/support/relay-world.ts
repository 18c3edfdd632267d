import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Sql } from '@/lib/postgres/sql';
import { addSplit, writeFlag } from '@/test/gateway/splits/add-split';
import { type TestDataPlane, testDataPlane } from './data-plane';
import { type TestDatabase, testDatabase } from './database';
import { eventually } from './eventually';
import { addProvider } from './relay-rows';

export { addProvider } from './relay-rows';

export const relayKey = 'ACME_WEIGHTS';
/** Of the sandbox's environment: a further provider needs none of its own there. */
export const ourKey = 'sandbox-relay';

/** A vendor of a few lines: what it was asked last, and answers by path. */
export class PlayedVendor {
  readonly asked: IncomingMessage[] = [];
  /** Answers in the place of the usual ones. */
  serve: RequestListener | null = null;
  private constructor(readonly server: Server) {}

  static async start(): Promise<PlayedVendor> {
    const server = createServer({ requestTimeout: 0 });
    const vendor = new PlayedVendor(server);
    server.on('request', (request, response) => vendor.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return vendor;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get last(): IncomingMessage {
    return this.asked.at(-1) as IncomingMessage;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    // Whether somebody is there at all is asked so.
    if (request.method === 'GET' && request.url === '/') return void response.end('here');
    this.asked.push(request);
    if (this.serve) return void this.serve(request, response);
    const url = new URL(request.url ?? '/', 'http://vendor');
    const [, what = '', size = '0'] = url.pathname.split('/');
    const bytes = () => bytesOf(Number(size));
    if (what === 'bytes') return void response.writeHead(200, { 'content-length': size }).end(bytes());
    if (what === 'chunked') return void response.end(bytes());
    if (what === 'gzip') return void response.setHeader('content-encoding', 'gzip').end(gzipSync(bytes()));
    if (what === 'br') return void response.setHeader('content-encoding', 'br').end(brotliCompressSync(bytes()));
    if (what === 'status') return void response.writeHead(Number(size)).end();
    void digest(request).then(({ sha256, length }) => {
      const body = JSON.stringify({
        url: request.url,
        method: request.method,
        headers: request.headers,
        sha256,
        length,
      });
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    });
  }
}

async function digest(request: IncomingMessage): Promise<{ sha256: string; length: number }> {
  const hash = createHash('sha256');
  let length = 0;
  for await (const chunk of request) {
    hash.update(chunk);
    length += chunk.length;
  }
  return { sha256: hash.digest('hex'), length };
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const made = new Map<number, Buffer>();

/** The same for the same length, and nowhere twice the same. */
export function bytesOf(length: number): Buffer {
  const known = made.get(length);
  if (known) return known;
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = 1;
  for (let at = 0; at < words.length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    words[at] = state;
  }
  const bytes = Buffer.from(words.buffer, 0, length);
  made.set(length, bytes);
  return bytes;
}

export interface RelayWorld {
  readonly plane: TestDataPlane;
  readonly database: TestDatabase;
  readonly sql: Sql;
  readonly old: PlayedVendor;
  readonly fresh: PlayedVendor;
  /** Waits until the process routes by these. */
  share(weights: Readonly<Record<string, number>>): Promise<void>;
  /** What leaves for the relay as bytes, and all that comes back. */
  raw(text: string | readonly (string | Buffer)[]): Promise<string>;
  close(): Promise<void>;
}

/** A web process with a relay at /acme over two vendors, `old` and `fresh`; the first is asked alone. */
export async function relayWorld(
  env: Readonly<Record<string, string>> = {},
  options: Readonly<Record<string, unknown>> = {},
): Promise<RelayWorld> {
  const database = await testDatabase();
  const { sql } = database;
  const [old, fresh] = await Promise.all([PlayedVendor.start(), PlayedVendor.start()]);
  const plane = await testDataPlane({ env: { DATABASE_URL: database.url, ...env } });
  await addProvider(sql, 'acme-old', old.url, options);
  await addProvider(sql, 'acme-new', fresh.url, options);
  await addSplit(sql, {
    ...{ key: relayKey, slug: 'acme', kind: 'relay', prefixes: ['/acme', '/acme2'] },
    arms: { old: ['acme-old', null], new: ['acme-new', null] },
    weights: { old: 1, new: 0 },
  });
  const read = () => plane.runtime.dataPlane.splits.all.get(relayKey)?.routing;
  const routing = () => read()?.weights;
  // Before its row is read a split routes by its registry alone, and has no version to tell.
  await eventually(read, (now) => now?.weights.old === 1 && now.version !== null, 10_000);
  return {
    ...{ plane, database, sql, old, fresh },
    async share(weights) {
      await writeFlag(sql, relayKey, weights);
      const isSo = (now: ReturnType<typeof routing>) =>
        Object.keys(weights).every((arm) => now?.[arm] === weights[arm]);
      await eventually(routing, isSo, 10_000);
    },
    raw: (text) => rawTo(plane.url, [text].flat()),
    async close() {
      await plane.close();
      await Promise.all([old.close(), fresh.close()]);
      await database.close();
    },
  };
}

function rawTo(url: string, parts: readonly (string | Buffer)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      for (const part of parts) socket.write(part);
    });
    let answer = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}
