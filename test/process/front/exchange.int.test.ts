import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createLog } from '@/lib/config/log';
import type { Handler, Outgoing } from '@/lib/http/message';
import type { Entry } from '@/lib/http/respond';
import { createFront } from '@/lib/process/front/front';
import { listen } from '@/lib/process/front/listen';

let front: Server;
const passed = new Set<ServerResponse>();
afterEach(() => {
  front.closeAllConnections();
  front.close();
});

function entryOf(outgoing: () => Outgoing): Entry {
  const handle: Handler = async () => outgoing();
  return { limitBytes: 0, methods: { GET: handle } };
}

async function serve(outgoing: () => Outgoing): Promise<string> {
  const entry = entryOf(outgoing);
  front = createFront({
    ...{ entries: { get: () => entry }, allowed: () => true, log: createLog('silent', {}), trustedHops: 0 },
    ...{ next: null, nextLimitBytes: 0, passed },
  });
  await listen(front, 0, '127.0.0.1');
  return `http://127.0.0.1:${(front.address() as AddressInfo).port}/`;
}

const headers = { 'content-type': 'video/mp4' };
const piece = (text: string) => new TextEncoder().encode(text);

it('sends an answer as it comes, whole', async () => {
  const size = 3_000_000;
  let left = size;
  const body = () =>
    new ReadableStream<Uint8Array>({
      pull(controller) {
        left -= 50_000;
        controller.enqueue(new Uint8Array(50_000));
        if (left === 0) controller.close();
      },
    });
  let isReleased = false;
  const release = () => {
    isReleased = true;
  };
  const url = await serve(() => ({
    status: 206,
    headers: { ...headers, 'content-range': 'x' },
    body: body(),
    release,
  }));
  const response = await fetch(url);
  expect(response.status).toBe(206);
  expect(response.headers.get('content-range')).toBe('x');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect((await response.arrayBuffer()).byteLength).toBe(size);
  await expect.poll(() => isReleased).toBe(true);
});

it('ends the source for a caller that hangs up, and for one that asks by HEAD', async () => {
  let cancelled = 0;
  const body = () =>
    new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(piece('first')),
      cancel() {
        cancelled += 1;
      },
    });
  const url = await serve(() => ({ status: 200, headers, body: body() }));
  const giveUp = new AbortController();
  const reader = (await fetch(url, { signal: giveUp.signal })).body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('first');
  expect(passed.size).toBe(1);
  giveUp.abort();
  await expect.poll(() => cancelled).toBe(1);
  await expect.poll(() => passed.size).toBe(0);
  const head = await fetch(url, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
  await expect.poll(() => cancelled).toBe(2);
});

it('breaks the connection where its source breaks off: half a file is none', async () => {
  const body = () =>
    new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(piece('half')),
      pull: (controller) => controller.error(new Error('gone')),
    });
  const url = await serve(() => ({ status: 200, headers, body: body() }));
  await expect(fetch(url).then((response) => response.text())).rejects.toThrow();
  await expect.poll(() => passed.size).toBe(0);
});
