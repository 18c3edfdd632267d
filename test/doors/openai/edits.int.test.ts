import { connect } from 'node:net';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateImage } from 'ai';
import OpenAI, { APIError, toFile } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';

const apiKey = 'key-of-the-client-1';
/** A png of 64 x 64, as its header says it. */
const png = pngOf(64, 64);
let plane: TestDataPlane;
let client: OpenAI;

beforeAll(async () => {
  plane = await testDataPlane({ env: { SLUICE_API_KEYS: apiKey } });
  client = new OpenAI({ baseURL: `${plane.url}/v1`, apiKey, maxRetries: 0 });
});
afterAll(() => plane.close());
beforeEach(() => share(0.5));

function share(fal: number): void {
  const text = JSON.stringify({ fal, runware: 1 - fal });
  plane.runtime.dataPlane.weights.offer({ version: 1, text, stage: null });
}

function pngOf(width: number, height: number): Buffer {
  const head = Buffer.alloc(33);
  head.write('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 0, 'latin1');
  head.writeUInt32BE(width, 16);
  head.writeUInt32BE(height, 20);
  return head;
}

const image = (name = 'a.png') => toFile(png, name, { type: 'image/png' });

describe('images.edit of the openai client', () => {
  it('is answered by both arms of a split, with what it sent', async () => {
    const seen = new Set<string | null>();
    for (let i = 0; i < 12; i += 1) {
      const { data, response } = await client.images
        .edit({ image: await image(), prompt: 'make it red', response_format: 'url' })
        .withResponse();
      expect(data.data?.[0]?.url).toMatch(/^https?:/);
      seen.add(response.headers.get('x-sluice-provider'));
      expect(response.headers.get('x-sluice-pinned')).toBeNull();
    }
    expect([...seen].sort()).toEqual(['fal', 'runware']);
    const uri = `data:image/png;base64,${png.toString('base64')}`;
    expect(JSON.stringify(plane.sandbox.lastBody('fal'))).toContain(uri);
    expect(JSON.stringify(plane.sandbox.lastBody('runware'))).toContain(uri);
  });

  it('may send several images, and goes to the arm that takes them', async () => {
    const { response } = await client.images
      .edit({ image: [await image('a.png'), await image('b.png')], prompt: 'join them' })
      .withResponse();
    expect(response.headers.get('x-sluice-pinned')).toBe('runware; image');
  });

  it('is given bytes under a name of OpenAI’s that has no addresses', async () => {
    for (const model of ['gpt-image-1', 'chatgpt-image-latest']) {
      const edited = await client.images.edit({ model, image: await image(), prompt: 'x', quality: 'high' });
      expect(Buffer.from(edited.data?.[0]?.b64_json ?? '', 'base64').length).toBeGreaterThan(50);
      const made = await client.images.generate({ model, prompt: 'x', output_format: 'png', moderation: 'low' });
      expect(Object.keys(made.data?.[0] ?? {})).toEqual(['b64_json']);
    }
  });

  it('may say the same as JSON', async () => {
    const answer = await plane.post(
      '/v1/images/edits',
      { prompt: 'x', image: `data:image/png;base64,${png.toString('base64')}` },
      { authorization: `Bearer ${apiKey}` },
    );
    expect(answer.status).toBe(200);
  });
});

describe('generateImage of the AI SDK', () => {
  it('makes and edits with @ai-sdk/openai', async () => {
    const provider = createOpenAI({ baseURL: `${plane.url}/v1`, apiKey });
    const model = provider.image('gpt-image-1');
    const made = await generateImage({ model, prompt: 'a boat', maxRetries: 0 });
    expect(made.image.uint8Array.length).toBeGreaterThan(50);
    const edited = await generateImage({ model, prompt: { text: 'make it red', images: [png] }, maxRetries: 0 });
    expect(edited.image.uint8Array.length).toBeGreaterThan(50);
  });

  it('makes with @ai-sdk/openai-compatible', async () => {
    const provider = createOpenAICompatible({ name: 'sluice', baseURL: `${plane.url}/v1`, apiKey });
    const made = await generateImage({ model: provider.imageModel('flux-dev'), prompt: 'a boat', maxRetries: 0 });
    expect(made.image.uint8Array.length).toBeGreaterThan(50);
  });
});

describe('an edit that is refused', () => {
  const form = (...parts: readonly (readonly [string, string | Blob])[]) => {
    const body = new FormData();
    for (const [name, value] of parts) body.append(name, value);
    return body;
  };
  const blob = (bytes: Uint8Array) => new Blob([new Uint8Array(bytes)], { type: 'image/png' });
  const good = ['image', blob(png)] as const;
  const rows: readonly (readonly [string, () => FormData, number, string, string | null])[] = [
    ['two prompts', () => form(good, ['prompt', 'a'], ['prompt', 'b']), 422, 'request_invalid', 'prompt'],
    ['no image', () => form(['prompt', 'a']), 422, 'request_invalid', 'image'],
    ['no prompt', () => form(good), 422, 'request_invalid', 'prompt'],
    [
      'what is no image',
      () => form(['image', blob(Buffer.from('hello'))], ['prompt', 'a']),
      422,
      'request_invalid',
      'image',
    ],
    ['a bomb', () => form(['image', blob(pngOf(60_000, 60_000))], ['prompt', 'a']), 422, 'request_invalid', 'image'],
    [
      'a file too large',
      () => form(['image', blob(Buffer.concat([png, Buffer.alloc(21 << 20)]))], ['prompt', 'a']),
      422,
      'request_invalid',
      'image',
    ],
    [
      '41 MB',
      () => form(...Array.from({ length: 3 }, () => ['image[]', blob(Buffer.alloc(14 << 20))] as const)),
      413,
      'too_large',
      null,
    ],
    [
      '17 images',
      () => form(...Array.from({ length: 17 }, () => ['image[]', blob(png)] as const), ['prompt', 'a']),
      422,
      'request_invalid',
      'image',
    ],
    [
      '10,000 parts',
      () => form(...Array.from({ length: 10_000 }, (_, i) => [`a${i}`, 'x'] as const)),
      413,
      'too_large',
      null,
    ],
    ['an unknown field', () => form(good, ['prompt', 'a'], ['wings', 'two']), 422, 'request_invalid', 'wings'],
    ['a nested array', () => form(good, ['prompt', 'a'], ['image[0][1]', 'x']), 422, 'request_invalid', 'image[0][1]'],
    [
      'a file that is none of its images',
      () => form(good, ['prompt', 'a'], ['extra', blob(png)]),
      422,
      'request_invalid',
      'extra',
    ],
    ['n that is no number', () => form(good, ['prompt', 'a'], ['n', 'two']), 422, 'request_invalid', 'n'],
    [
      'a private address',
      () => form(['image', 'https://169.254.169.254/x'], ['prompt', 'a']),
      422,
      'request_invalid',
      'image',
    ],
  ];

  it.each(rows)('for %s', async (_, body, status, code, param) => {
    const before = plane.runtime.dataPlane.splits.first.requests;
    const headers = { authorization: `Bearer ${apiKey}` };
    const answer = await fetch(`${plane.url}/v1/images/edits`, { method: 'POST', headers, body: body() });
    expect([answer.status, await answer.json()]).toEqual([
      status,
      { error: { message: expect.stringMatching(/\w/), type: 'invalid_request_error', param, code } },
    ]);
    expect(plane.runtime.dataPlane.splits.first.requests).toBe(before);
    expect(plane.runtime.dataPlane.heldRequests.held).toBe(0);
  });

  it.each(['multipart/form-data', 'multipart/form-data; boundary=x'])('for %s that is none', async (type) => {
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': type };
    const answer = await fetch(`${plane.url}/v1/images/edits`, { method: 'POST', headers, body: 'hello' });
    expect([answer.status, ((await answer.json()) as { error: { code: string } }).error.code]).toEqual([
      400,
      'malformed_form',
    ]);
  });

  it('by a mask that no model takes, by name', async () => {
    const error = await client.images.edit({ image: await image(), mask: await image(), prompt: 'x' }).catch((e) => e);
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({ status: 422, param: 'mask' });
  });
});

describe('large bodies', () => {
  it('wait for room, and are told to come again where there is none', async () => {
    const { heldRequests, generate } = plane.runtime.dataPlane;
    const all = await heldRequests.take(heldRequests.most, generate.startDeadline(1000).signal);
    const headers = { authorization: `Bearer ${apiKey}` };
    const body = {
      prompt: 'x',
      image: `data:image/png;base64,${Buffer.concat([png, Buffer.alloc(99_999)]).toString('base64')}`,
    };
    const answer = await plane.post('/v1/images/edits', body, headers);
    expect([answer.status, answer.headers.get('retry-after'), answer.headers.get('x-should-retry')]).toEqual([
      ...[503, '5', 'true'],
    ]);
    expect((await plane.post('/v1/images/generations', { prompt: 'x' }, headers)).status).toBe(200);
    all?.free();
    expect((await plane.post('/v1/images/edits', body, headers)).status).toBe(200);
    expect(heldRequests.held).toBe(0);
  });

  it('are not read of a stranger', async () => {
    const text = await new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(plane.url).port), '127.0.0.1');
      let said = '';
      socket.write(
        'POST /v1/images/edits HTTP/1.1\r\nhost: localhost\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: 9000000\r\n\r\n',
      );
      socket.on('data', (chunk) => {
        said += chunk;
      });
      socket.once('close', () => resolve(said));
    });
    expect(text).toMatch(/^HTTP\/1.1 401 /);
    expect(plane.runtime.dataPlane.heldRequests.held).toBe(0);
  });
});
