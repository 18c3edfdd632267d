import { readFileSync } from 'node:fs';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, expect } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld, type WorldWeb } from '../support/fault-world';
import { type LargeImages, largeImages } from '../support/large-images';
import { writeWeights } from '../support/rollout';
import { fault } from './fault';

const image = Buffer.alloc(20 * 1024 * 1024, 'twenty megabytes of an image ');

let world: FaultWorld;
let database: TestDatabase;
let provider: LargeImages;
let web: WorldWeb;
beforeAll(async () => {
  [world, database] = await Promise.all([faultWorld(), testDatabase()]);
  await writeWeights(database.sql, { fal: 1, runware: 0 });
  provider = await largeImages(image);
  const env = { FAL_BASE_URL: provider.url, FAL_KEY: 'id:secret', NODE_OPTIONS: '--max-old-space-size=512' };
  web = await world.web(database.url, { env });
});
afterAll(async () => {
  await world.close();
  provider.close();
  await database.close();
});

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

/** An answer of which nothing is read until it is asked for. */
function slowly(key: string): Promise<IncomingMessage> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  return new Promise((resolve, reject) => {
    request(`${web.url}/v1/images/generations`, { method: 'POST', headers, agent: false }, (answer) =>
      resolve(answer.pause()),
    )
      .once('error', reject)
      .end('{"prompt":"x","response_format":"b64_json"}');
  });
}

async function lengthOf(answer: IncomingMessage): Promise<number> {
  let length = 0;
  for await (const chunk of answer) length += (chunk as Buffer).length;
  return length;
}

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
    provider.state.hasImages = false;
    const gone = await ask('order-8');
    expect([gone.status, gone.headers['x-should-retry']]).toEqual([409, 'false']);
    expect(JSON.parse(gone.bytes.toString()).error).toMatchObject({
      code: 'replay_unavailable',
      message: expect.stringContaining('It is not made again: use a new key'),
    });
    expect(provider.state.calls).toBe(60);
    saw(
      `${row?.bytes} bytes stored; replayed from its address; without it 409, ${provider.state.calls} provider calls in all`,
    );
  },
  // Three gigabytes through two processes: ten seconds alone, minutes on a crowded machine.
  400_000,
);

fault(
  'F41',
  {
    what: '40 replays of 20 MB at once',
    injected: 'b64_json under one key; readers that take nothing until all have come; five of them break off',
    expected: 'bounded memory, nobody lost: an answer, or 503 with Retry-After',
  },
  async (saw) => {
    provider.state.hasImages = true;
    expect((await made('slow')).status).toBe(200);
    const { calls } = provider.state;
    const before = residentMb();
    const answers = await Promise.all(Array.from({ length: 40 }, () => slowly('slow')));
    const grownMb = residentMb() - before;
    const given = answers.filter(({ statusCode }) => statusCode === 200);
    const refused = answers.filter(({ statusCode }) => statusCode === 503);
    expect([given.length + refused.length, given.length > 4]).toEqual([40, true]);
    for (const { headers } of refused) expect(headers['retry-after']).toBe('5');
    expect(grownMb).toBeLessThan(600);
    saw(`${given.length} answered, ${refused.length} × 503; resident memory + ${grownMb.toFixed(0)} MB`);

    for (const answer of refused) answer.resume();
    for (const answer of given.splice(0, 5)) answer.destroy();
    const next = await slowly('slow');
    expect([next.statusCode, next.headers['idempotency-replayed']]).toEqual([200, 'true']);
    const whole = Math.ceil(image.length / 3) * 4;
    for (const answer of [...given, next]) expect(await lengthOf(answer)).toBeGreaterThan(whole);
    await eventually(
      () => ask('slow'),
      ({ status }) => status === 200,
      20_000,
    );
    expect(provider.state.calls).toBe(calls);
    saw(`a place freed by a reader that broke off was given on; ${given.length + 1} slow readers got it whole`);
  },
  120_000,
);
