import { type IncomingMessage, request } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { POST } from '@/app/v1/[[...rest]]/route';
import type { Place } from '@/lib/gateway/request/held-bytes';
import { startDeadline } from '@/lib/kernel/clock';
import { inProcess } from '@/lib/kernel/once-in-process';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';
import { type LargeImages, largeImages } from '@/test/support/large-images';

const path = '/v1/images/generations';
const wanted = { prompt: 'x', response_format: 'b64_json' };
/** More than a connection takes by itself. */
const image = Buffer.alloc(15 * 1024 * 1024, 'fifteen megabytes ');
const kept = inProcess();
const places = ['runtime', 'env', 'log'] as const;

let provider: LargeImages;
let plane: TestDataPlane;
beforeAll(async () => {
  provider = await largeImages(image);
});
beforeEach(async () => {
  provider.state.onCall = () => undefined;
  plane = await testDataPlane({ env: { FAL_BASE_URL: provider.url, FAL_KEY: 'id:secret' } });
  plane.runtime.dataPlane.weights.offer({ version: 1, text: '{"fal":1,"runware":0}', stage: null });
  const { runtime } = plane;
  for (const [index, value] of [runtime, runtime.env, runtime.log].entries()) kept[String(places[index])] = value;
});
afterEach(async () => {
  for (const place of places) delete kept[place];
  await plane.close();
});
afterAll(() => provider.close());

const held = () => plane.runtime.dataPlane.heldBytes.held;
const answerBytes = Math.ceil(image.length / 3) * 4;

function fill(): Promise<Place | null> {
  const { heldBytes } = plane.runtime.dataPlane;
  const deadline = startDeadline(5000);
  return heldBytes.take(heldBytes.most, deadline.signal).finally(() => deadline.clear());
}

/** An answer whose body nobody reads yet. */
function unread(): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    request(plane.url + path, { method: 'POST', headers, agent: false }, (answer) => resolve(answer.pause()))
      .once('error', reject)
      .end(JSON.stringify(wanted));
  });
}

function throughNext(): Promise<Response> {
  const headers = { 'content-type': 'application/json', host: 'localhost' };
  return POST(new Request(`http://localhost${path}`, { method: 'POST', headers, body: JSON.stringify(wanted) }));
}

describe('the bytes of an answer', () => {
  it('are held until the caller has read them, and no longer', async () => {
    const answer = await unread();
    expect(held()).toBeGreaterThan(answerBytes);
    expect(held()).toBeLessThan(answerBytes + 1000);
    answer.resume();
    await expect.poll(held).toBe(0);
  });

  it('are let go of when the caller breaks off, while they are sent or before', async () => {
    const answer = await unread();
    expect(held()).toBeGreaterThan(0);
    answer.destroy();
    await expect.poll(held).toBe(0);

    const all = await fill();
    const take = vi.spyOn(plane.runtime.dataPlane.heldBytes, 'take');
    const early = request(plane.url + path, { method: 'POST', headers: { 'content-type': 'application/json' } });
    early.on('error', () => undefined).end(JSON.stringify(wanted));
    provider.state.onCall = () => early.destroy();
    const { calls } = provider.state;
    all?.free();
    await expect.poll(() => provider.state.calls).toBe(calls + 1);
    // Once to see whether there is room, once for the bytes: those may be there and gone between two looks.
    await expect.poll(() => take.mock.results.length).toBe(2);
    expect(await take.mock.results[1]?.value).not.toBeNull();
    await expect.poll(held).toBe(0);
  });

  it('are held through a Next route, too, until they are read or given up', async () => {
    const answer = await throughNext();
    expect(answer.headers.get('content-length')).toBe(String(held()));
    const [{ b64_json }] = (await answer.json()).data;
    expect(Buffer.from(b64_json, 'base64').equals(image)).toBe(true);
    expect(held()).toBe(0);
    const left = (await throughNext()).body?.getReader();
    await left?.read();
    expect(held()).toBeGreaterThan(answerBytes);
    await left?.cancel();
    expect(held()).toBe(0);
  });
});

describe('without room for more of them', () => {
  it('nothing is made, and the caller is told when to come back', async () => {
    const all = await fill();
    const { calls } = provider.state;
    const answers = await Promise.all([
      plane.post(path, wanted),
      plane.post(path, wanted, { 'idempotency-key': 'refused' }),
      throughNext(),
    ]);
    for (const answer of answers) {
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
      const { error } = await answer.json();
      expect(error.code).toBe('answers_full');
      expect(error.message).toMatch(/^No image was made: .* Try again in 5 s, or ask for response_format "url"\.$/);
    }
    expect((await plane.post(path, { prompt: 'x' })).status).toBe(200);
    expect(provider.state.calls).toBe(calls + 1);
    all?.free();
    const again = await plane.post(path, wanted, { 'idempotency-key': 'refused' });
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, null]);
    await again.arrayBuffer();
  });

  it('a kept answer is refused for now, not for ever, and not made again', async () => {
    const key = { 'idempotency-key': 'kept' };
    await (await plane.post(path, wanted, key)).arrayBuffer();
    const { calls } = provider.state;
    const all = await fill();
    const refused = await plane.post(path, wanted, key);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect((await refused.json()).error).toMatchObject({
      code: 'answers_full',
      message: expect.stringContaining('Ask again with the same Idempotency-Key in 5 s'),
    });
    all?.free();
    const replayed = await plane.post(path, wanted, key);
    expect([replayed.status, replayed.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    await replayed.arrayBuffer();
    expect(provider.state.calls).toBe(calls);
  });

  it('an answer that nothing keeps says where its image is', async () => {
    let all: Place | null = null;
    provider.state.onCall = async () => {
      all = await fill();
    };
    const answer = await plane.post(path, wanted);
    expect([answer.status, answer.headers.get('x-should-retry')]).toEqual([503, 'false']);
    expect(answer.headers.get('x-sluice-images')).toBe(`${provider.url}/files/${provider.state.calls}.png`);
    expect((await answer.json()).error.message).toMatch(/^fal made the image, and its bytes were not sent: /);
    (all as Place | null)?.free();
  });
});
