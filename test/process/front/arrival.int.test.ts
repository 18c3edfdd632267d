import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POST } from '@/app/api/[[...rest]]/route';
import { readBody } from '@/lib/http/body/read-body';
import { inProcess } from '@/lib/kernel/once-in-process';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';

const kept = inProcess();
const places = ['runtime', 'env', 'log'] as const;
let plane: TestDataPlane;

beforeAll(async () => {
  plane = await testDataPlane({ env: { SLUICE_API_KEYS: 'key-of-ann-1' }, bodyWithinMs: 400 });
  const { runtime } = plane;
  for (const [index, value] of [runtime, runtime.env, runtime.log].entries()) kept[String(places[index])] = value;
});
afterAll(async () => {
  for (const place of places) delete kept[place];
  await plane.close();
});

/** Sends a head and what `drip` adds every 50 ms, until the other side closes; what it said. */
function sendSlowly(headers: string, drip = ''): Promise<{ text: string; ms: number }> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(plane.url).port), '127.0.0.1');
    let text = '';
    socket.write(
      `POST /api/events HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9000\r\n${headers}\r\n`,
    );
    const timer = setInterval(() => drip !== '' && socket.write(drip), 50);
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.once('close', () => {
      clearInterval(timer);
      resolve({ text, ms: performance.now() - startedAt });
    });
    socket.on(
      'error',
      (error: NodeJS.ErrnoException) => error.code !== 'EPIPE' && error.code !== 'ECONNRESET' && reject(error),
    );
  });
}

/** A body that says how much of it was read. */
function watched(body: string) {
  const seen = { pulls: 0 };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        seen.pulls += 1;
        controller.enqueue(Buffer.from(body));
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  return { seen, stream };
}

describe('who sends', () => {
  it.each(['', 'authorization: Bearer wrong\r\n', 'x-api-key: wrong\r\n'])(
    'is judged before the body, with %j',
    async (headers) => {
      const { text } = await sendSlowly(headers);
      expect(text).toMatch(/^HTTP\/1.1 401 /);
      expect(text).toContain('"code":"api-key"');
    },
  );

  it('is judged before the body behind Next, too', async () => {
    const { seen, stream } = watched('{"events":[]}');
    const headers = { 'content-type': 'application/json', host: 'localhost', 'x-api-key': 'wrong' };
    const init = { method: 'POST', headers, body: stream, duplex: 'half' } as RequestInit;
    expect((await POST(new Request('http://localhost/api/events', init))).status).toBe(401);
    expect(seen.pulls).toBe(0);
    const mine = watched('{"events":[]}');
    const good = { ...init, headers: { ...headers, 'x-api-key': 'key-of-ann-1' }, body: mine.stream };
    expect((await POST(new Request('http://localhost/api/events', good))).status).toBe(422);
    expect(mine.seen.pulls).toBe(1);
  });
});

describe('a body that does not come', () => {
  it.each(['', ' '])('is given up after one deadline, however it drips (%j)', async (drip) => {
    const { text, ms } = await sendSlowly('x-api-key: key-of-ann-1\r\n', drip);
    expect(text).toMatch(/^HTTP\/1.1 408 /);
    expect(text).toContain('The body did not arrive within 0.4 s; nothing was done. Send it again.');
    expect(ms).toBeLessThan(15_000);
  });

  it('is given up behind Next, too', async () => {
    const seen = { isCancelled: false };
    const cancel = () => {
      seen.isCancelled = true;
    };
    const stream = new ReadableStream<Uint8Array>({ cancel });
    await expect(readBody(stream, 1000, 50)).rejects.toMatchObject({ status: 408, code: 'body-too-slow' });
    expect(seen.isCancelled).toBe(true);
  });
});

describe('a key written twice', () => {
  it.each([
    ['/api/generate', '{"prompt":"a","prompt":"b"}', '/prompt'],
    ['/v1/images/generations', '{"prompt":"a","n":1,"\\u006e":4}', '/n'],
    ['/api/vouchers', '{"request_id":"a","request_id":"b"}', '/request_id'],
    ['/api/events', '{"events":[{"event_type":"x","event_data":{"a":{"b":1,"b":2}}}]}', '/events/event_data/a/b'],
  ])('is refused at %s, and named', async (path, body, pointer) => {
    const answer = await plane.post(path, body, { 'x-api-key': 'key-of-ann-1' });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain(`${pointer} is written twice; each key may appear once.`);
  });

  it('is not seen where there is none: in texts, in several objects', async () => {
    const body = { events: [{ event_type: 'x', event_data: { 'a:b': '{"c":1,"c":2}' } }, { event_type: 'x' }] };
    const answer = await plane.post('/api/events', body, { 'x-api-key': 'key-of-ann-1' });
    expect(await answer.text()).not.toContain('twice');
  });
});
