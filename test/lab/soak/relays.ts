import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Sql } from '@/lib/postgres/sql';
import { addSplit } from '@/test/gateway/splits/add-split';
import { addProvider } from '@/test/support/relay-rows';

export interface RelayedSeen {
  ordered: number;
  /** Not begun, because the database was away. */
  postponed: number;
  failed: number;
  readonly failures: string[];
  /** By the vendor's id: what a poll said in the end; null: it was never told to have ended. */
  readonly tasks: Map<string, string | null>;
  polls: number;
  failedPolls: number;
  uploads: number;
  /** That did not come as they were sent, or were not answered. */
  brokenUploads: number;
}

export interface RelayedTraffic {
  readonly seen: RelayedSeen;
  stop(): Promise<void>;
}

const pollEveryMs = 1000;
const endsWithinMs = 90_000;
const uploaded = randomBytes(2 * 1024 * 1024);
const digest = createHash('sha256').update(uploaded).digest('hex');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A vendor that says what it was sent, and sends it back. */
export async function startEcho(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const bytes = Buffer.concat(chunks);
      response.writeHead(200, { 'x-digest': sha256(bytes) }).end(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close().closeAllConnections() };
}

/** What comes to /runway makes tasks, what comes to /acme is bytes. Both stay at their baselines. */
export async function addRelays(sql: Sql, runway: string, echo: string): Promise<void> {
  await addProvider(sql, 'runway', runway, { dialect: 'runway' });
  await addProvider(sql, 'acme', echo, { auth: { scheme: 'none' } });
  for (const [slug, hasJobs] of [['runway', true] as const, ['acme', false] as const]) {
    await addSplit(sql, {
      ...{ key: `${slug.toUpperCase()}_WEIGHTS`, slug, kind: 'relay', hasJobs, prefixes: [`/${slug}`] },
      ...{ arms: { old: [slug, null], new: [slug, null] }, weights: { old: 1, new: 0 } },
    });
  }
}

/** Creates that are relayed, each asked for until its task has ended, and an upload a second that comes back. */
export function startRelayed(url: string, perSecond: number): RelayedTraffic {
  const pool = new Pool(url, { connections: 64, headersTimeout: 70_000, bodyTimeout: 70_000 });
  const seen: RelayedSeen = {
    ...{ ordered: 0, postponed: 0, failed: 0, failures: [], tasks: new Map(), polls: 0, failedPolls: 0 },
    ...{ uploads: 0, brokenUploads: 0 },
  };
  const underWay = new Set<Promise<void>>();
  const begin = (work: Promise<void>) => {
    const going = work.finally(() => underWay.delete(going));
    underWay.add(going);
  };
  const caller = new Caller(pool, seen);
  const timers =
    perSecond === 0
      ? []
      : [
          setInterval(() => begin(caller.makesOne()), 1000 / perSecond),
          setInterval(() => begin(caller.uploads()), 1000),
        ];
  return {
    seen,
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await Promise.all(underWay);
      await pool.close();
    },
  };
}

class Caller {
  constructor(
    private readonly pool: Pool,
    private readonly seen: RelayedSeen,
  ) {}

  async makesOne(): Promise<void> {
    const { seen } = this;
    seen.ordered += 1;
    const body = JSON.stringify({ model: 'gen4', promptText: `film ${seen.ordered}` });
    const { status, text } = await this.ask('POST', '/runway/v1/text_to_video', body);
    if (status === 503 && text.includes('store-unavailable')) seen.postponed += 1;
    else if (status !== 200) this.fail('failed', `create: ${status} ${text.slice(0, 200)}`);
    else await this.follow((JSON.parse(text) as { id: string }).id);
  }

  private async follow(id: string): Promise<void> {
    this.seen.tasks.set(id, null);
    const untilMs = performance.now() + endsWithinMs;
    while (performance.now() < untilMs) {
      await sleep(pollEveryMs);
      this.seen.polls += 1;
      const { status, text } = await this.ask('GET', `/runway/v1/tasks/${id}`);
      const said = status === 200 ? (JSON.parse(text) as { status: string }).status : null;
      if (said === null) this.fail('failedPolls', `look: ${status} ${text.slice(0, 200)}`);
      if (said === 'SUCCEEDED' || said === 'FAILED') return void this.seen.tasks.set(id, said);
    }
  }

  async uploads(): Promise<void> {
    this.seen.uploads += 1;
    try {
      const answer = await this.pool.request({ method: 'POST', path: '/acme/v1/files', body: uploaded });
      const back = sha256(Buffer.from(await answer.body.arrayBuffer()));
      if (back === digest && answer.headers['x-digest'] === digest) return;
      this.fail('brokenUploads', `upload: ${answer.statusCode}, ${back === digest ? 'the same' : 'other'} bytes`);
    } catch (error) {
      this.fail('brokenUploads', `upload: ${String(error)}`);
    }
  }

  private async ask(method: 'GET' | 'POST', path: string, body?: string): Promise<{ status: number; text: string }> {
    try {
      const headers = { 'content-type': 'application/json' };
      const answer = await this.pool.request({ method, path, headers, ...(body === undefined ? {} : { body }) });
      return { status: answer.statusCode, text: await answer.body.text() };
    } catch (error) {
      return { status: 0, text: error instanceof Error ? error.message : String(error) };
    }
  }

  private fail(what: 'failed' | 'failedPolls' | 'brokenUploads', said: string): void {
    this.seen[what] += 1;
    if (this.seen.failures.length < 5) this.seen.failures.push(said);
  }
}
