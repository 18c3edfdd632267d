import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database';
import { type FaultWorld, faultWorld, type WorldWeb } from '../support/fault-world';
import { writeWeights } from '../support/rollout';
import { fault } from './fault';

const image = Buffer.alloc(20 * 1024 * 1024, 'twenty megabytes of an image ');
const seen = { calls: 0, hasImages: true };

let world: FaultWorld;
let database: TestDatabase;
let provider: Server;
let web: WorldWeb;
beforeAll(async () => {
  [world, database] = await Promise.all([faultWorld(), testDatabase()]);
  await writeWeights(database.sql, { fal: 1, runware: 0 });
  const url = await startProvider();
  const env = { FAL_BASE_URL: url, FAL_KEY: 'id:secret', NODE_OPTIONS: '--max-old-space-size=512' };
  web = await world.web(database.url, { env });
});
afterAll(async () => {
  await world.close();
  provider.closeAllConnections();
  provider.close();
  await database.close();
});

/** FAL, with large images under its own origin. */
function startProvider(): Promise<string> {
  provider = createServer((incoming, response) => {
    const { port } = provider.address() as AddressInfo;
    if (incoming.method === 'GET' && incoming.url?.startsWith('/files/')) {
      response.writeHead(seen.hasImages ? 200 : 404, { 'content-type': 'image/png' });
      return void response.end(seen.hasImages ? image : 'gone');
    }
    incoming.resume().once('end', () => {
      if (incoming.method === 'POST') seen.calls += 1;
      const images = [{ url: `http://127.0.0.1:${port}/files/${seen.calls}.png`, width: 1024, height: 1024 }];
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ images, prompt: 'x', seed: 1 }));
    });
  });
  return new Promise((done) =>
    provider.listen(0, '127.0.0.1', () => done(`http://127.0.0.1:${(provider.address() as AddressInfo).port}`)),
  );
}

interface Asked {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/** By node:http, which passes large bodies on more cheaply than fetch; what came with 200 is let go of unless wanted. */
function ask(key: string, isWanted = false): Promise<Asked> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  return new Promise((resolve, reject) => {
    const sent = request(`${web.url}/v1/images/generations`, { method: 'POST', headers }, (answer) => {
      const chunks: Buffer[] = [];
      const isKept = isWanted || answer.statusCode !== 200;
      answer.on('data', (chunk: Buffer) => void (isKept && chunks.push(chunk)));
      answer.once('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, bytes: Buffer.concat(chunks) }),
      );
      answer.once('error', reject);
    });
    sent.once('error', reject).end('{"prompt":"x","response_format":"b64_json"}');
  });
}

/** On a crowded machine 20 MB may take longer than an image may: then it is read once more, under the same key. */
async function made(key: string): Promise<Asked> {
  for (let tries = 1; ; tries += 1) {
    const answer = await ask(key);
    if (answer.status === 200 || tries === 4) return answer;
  }
}

const residentMb = () => {
  if (process.platform !== 'linux') return 0;
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${web.pid}/status`, 'utf8'))?.[1]) / 1024;
};

fault(
  'F41',
  {
    what: '60 keyed answers of 20 MB under 512 MB heap',
    injected: 'b64_json, two at a time, then two replays',
    expected: 'flat memory',
  },
  async (saw) => {
    const peaks: number[] = [];
    for (let order = 0; order < 60; order += 2) {
      const answers = await Promise.all([made(`order-${order}`), made(`order-${order + 1}`)]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      peaks.push(residentMb());
    }
    const [early, late] = [Math.max(...peaks.slice(0, 10)), Math.max(...peaks.slice(-10))];
    saw(
      `60 of 60 answered; resident ${early.toFixed(0)} MB at most after 20 of them, ${late.toFixed(0)} MB at the end`,
    );
    expect(late - early).toBeLessThan(150);
    const [row] = await database.sql<{ rows: number; bytes: number }[]>`
      select count(*)::float8 as rows, sum(length(i.response::text))::float8 as bytes from sluice.idempotency i`;
    expect(row?.rows).toBe(60);
    expect(row?.bytes).toBeLessThan(60 * 2000);

    const again = await ask('order-7', true);
    expect(again.headers['idempotency-replayed']).toBe('true');
    const [{ b64_json }] = JSON.parse(again.bytes.toString()).data;
    expect(Buffer.from(b64_json, 'base64').equals(image)).toBe(true);
    seen.hasImages = false;
    const gone = await ask('order-8');
    expect([gone.status, gone.headers['x-should-retry']]).toEqual([409, 'false']);
    expect(JSON.parse(gone.bytes.toString()).error).toMatchObject({
      code: 'replay_unavailable',
      message: expect.stringContaining('It is not made again: use a new key'),
    });
    expect(seen.calls).toBe(60);
    saw(`${row?.bytes} bytes stored; replayed from its address; without it 409, ${seen.calls} provider calls in all`);
  },
  // Three gigabytes through two processes: ten seconds alone, minutes on a crowded machine.
  400_000,
);
