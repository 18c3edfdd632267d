import { createFal } from '@ai-sdk/fal';
import { type ApiError, createFalClient, ValidationError } from '@fal-ai/client';
import { generateImage } from 'ai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeFlag } from '@/test/gateway/splits/add-split';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';
import { type TestDatabase, testDatabase } from '@/test/support/database';

const key = 'a-key-of-sluice-123';
const vendorKey = '0a1b2c3d-0a1b-4c3d-8e5f-001122334455:00112233445566778899aabbccddeeff';
const model = 'fal-ai/flux/schnell';

let database: TestDatabase;
let plane: TestDataPlane;

beforeAll(async () => {
  database = await testDatabase();
  await writeFlag(database.sql, 'GEN_PROVIDER_WEIGHTS', { fal: 0.5, runware: 0.5 });
  plane = await testDataPlane({ env: { DATABASE_URL: database.url, SLUICE_API_KEYS: key } });
});
afterAll(async () => {
  await plane.close();
  await database.close();
});
beforeEach(() => {
  for (const name of ['fal', 'runware'] as const) {
    plane.sandbox.restore(name);
    plane.sandbox.control(name, { latencyMs: 0 });
  }
});

const answers: Response[] = [];
const watched: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  answers.push(response.clone());
  return response;
};
const headersOf = () => (answers.at(-1) as Response).headers;

/** Everything to one URL that knows the target by a header. */
const byProxy = (credentials = key) =>
  createFalClient({ credentials, proxyUrl: { url: `${plane.url}/api/fal/proxy`, when: 'always' }, fetch: watched });
/** The same paths behind another host. */
const byHost = (credentials = key) =>
  createFalClient({
    credentials,
    fetch: watched,
    requestMiddleware: async (request) => ({
      ...request,
      url: request.url
        .replace('https://fal.run/', `${plane.url}/fal/run/`)
        .replace('https://queue.fal.run/', `${plane.url}/fal/queue/`),
    }),
  });

describe.each([
  ['by a proxy', byProxy],
  ['by another host', byHost],
] as const)('@fal-ai/client %s', (_, open) => {
  it('runs a model of a split, answered in its own shape by either arm', async () => {
    const arms = new Set<string | null>();
    for (let i = 0; i < 8; i += 1) {
      const seed = 1000 + i;
      const input = { prompt: 'a boat', image_size: 'landscape_4_3' as const, seed };
      const { data, requestId } = await open().run(model, { input });
      const [image] = data.images;
      expect(image).toMatchObject({ url: expect.stringMatching(/^https?:/), width: 1024, height: 768 });
      expect(data).toMatchObject({ seed, prompt: 'a boat' });
      const arm = headersOf().get('x-sluice-arm');
      arms.add(arm);
      expect(headersOf().get('x-sluice-split')).toBe('gen');
      expect(headersOf().get('x-fal-billable-units')).toBe(arm === 'fal' ? '1' : null);
      expect('timings' in data).toBe(arm === 'fal');
      expect(requestId === headersOf().get('x-request-id')).toBe(arm !== 'fal');
    }
    expect(arms).toEqual(new Set(['fal', 'runware']));
  });

  it('pins what only FAL can be told to FAL, by its name', async () => {
    const input = { prompt: 'a boat', acceleration: 'high' } as never;
    for (let i = 0; i < 4; i += 1) await open().run(model, { input });
    expect(headersOf().get('x-sluice-pinned')).toBe('fal; acceleration');
    expect(plane.sandbox.lastBody('fal')).toMatchObject({ acceleration: 'high', prompt: 'a boat' });
  });

  it('is told what is wrong by the names that it wrote', async () => {
    const run = (input: object) =>
      open()
        .run(model, { input: input as never })
        .catch((error: unknown) => error as ValidationError);
    const many = (await run({ prompt: 'x', num_images: 40 })) as ValidationError;
    expect(many).toBeInstanceOf(ValidationError);
    expect(many.getFieldErrors('num_images')).toHaveLength(1);
    expect(((await run({})) as ValidationError).getFieldErrors('prompt')).toMatchObject([{ loc: ['body', 'prompt'] }]);
    expect(((await run({ prompt: 'x', webhook_url: 'https://a.example' })) as ApiError<unknown>).status).toBe(422);
    const inside = await run({ prompt: 'x', control_image_url: 'https://169.254.169.254/latest' });
    expect((inside as ValidationError).getFieldErrors('control_image_url')).toHaveLength(1);
    expect(((await run({ prompt: 'x', sync_mode: true })) as ValidationError).status).toBe(422);
  });

  it('is refused streams, and a queue that no split of jobs is for, in its own shape', async () => {
    const failed = await open()
      .stream('fal-ai/flux/schnell', { input: { prompt: 'x' } as never })
      .then((stream) => stream.done())
      .catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(Error);
    expect(answers.at(-1)?.status).toBe(501);
    const queued = await open()
      .subscribe(model, { input: { prompt: 'x' } })
      .catch((error: unknown) => error as ApiError<{ detail: string }>);
    expect(queued).toMatchObject({ status: 403, body: { detail: expect.stringMatching(/is in no split of jobs/) } });
  });

  it('is told which key to send', async () => {
    const wrong = await open('nobody-knows-this')
      .run(model, { input: { prompt: 'x' } })
      .catch((error: unknown) => error);
    expect(wrong).toMatchObject({ status: 401 });
    const vendors = await open(vendorKey)
      .run(model, { input: { prompt: 'x' } })
      .catch((error: unknown) => error as ApiError<{ detail: string }>);
    expect(vendors).toMatchObject({ status: 401, body: { detail: expect.stringMatching(/key of FAL's own/) } });
  });
});

describe('a request', () => {
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    plane.post(`/fal/run/${path}`, body, { authorization: `Key ${key}`, ...headers });

  it('to a model that makes one image is answered with one, by either arm', async () => {
    const png =
      'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    const arms = new Set<string | null>();
    for (let i = 0; i < 8; i += 1) {
      const answer = await post('fal-ai/esrgan', { image_url: png, scale: 2 });
      const text = await answer.text();
      expect(answer.status, text).toBe(200);
      expect(JSON.parse(text)).toEqual({ image: expect.objectContaining({ url: expect.any(String) }) });
      arms.add(answer.headers.get('x-sluice-arm'));
    }
    expect(arms).toEqual(new Set(['fal', 'runware']));
  });

  it('is made once under one Idempotency-Key', async () => {
    const send = () => post(model, { prompt: 'a boat' }, { 'idempotency-key': 'order-1' });
    const [first, again] = [await send(), await send()];
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await again.text()).toBe(await first.text());
  });

  it.each([
    ['{bad', 400, {}],
    ['[]', 422, {}],
    ['{"prompt":"x","image_url":"https://127.0.0.1/a.png"}', 422, {}],
    ['{"prompt":"x","a":{"b":["https://10.0.0.1/a"]}}', 422, {}],
    ['{"prompt":"x","loras":[{"path":"file:///etc/passwd"}]}', 422, {}],
    ['{"prompt":"x"}', 415, { 'content-type': 'text/plain' }],
    ['{"prompt":""}', 422, {}],
    [JSON.stringify({ prompt: 'x'.repeat(9_000_000) }), 413, {}],
    ['{"prompt":"x"}', 404, { 'x-sluice-split': 'nowhere' }],
  ])('with %.40s is %i', async (body, status, headers: Record<string, string>) => {
    const answer = await post(model, body, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await answer.json()).toMatchObject({
      detail: status === 422 ? [{ loc: expect.any(Array) }] : expect.any(String),
    });
  });
});

describe('@ai-sdk/fal with another base URL', () => {
  it('makes images by either arm, and reads our refusals', async () => {
    const fal = createFal({ apiKey: key, baseURL: `${plane.url}/fal/run`, fetch: watched });
    const arms = new Set<string | null>();
    for (let i = 0; i < 8; i += 1) {
      answers.length = 0;
      const { image } = await generateImage({ model: fal.image(model), prompt: 'a boat', aspectRatio: '16:9' });
      expect(image.uint8Array.length).toBeGreaterThan(50);
      arms.add(answers[0]?.headers.get('x-sluice-arm') ?? null);
    }
    expect(arms).toEqual(new Set(['fal', 'runware']));
    const wrong = createFal({ apiKey: 'wrong', baseURL: `${plane.url}/fal/run` });
    await expect(generateImage({ model: wrong.image(model), prompt: 'x', maxRetries: 0 })).rejects.toThrow(
      /Authorization: /,
    );
  });
});

describe('the door', () => {
  const proxied = (target: string | null, method = 'POST') =>
    fetch(`${plane.url}/api/fal/proxy`, {
      method,
      headers: {
        authorization: `Key ${key}`,
        'content-type': 'application/json',
        ...(target === null ? {} : { 'x-fal-target-url': target }),
      },
      ...(method === 'GET' ? {} : { body: '{"prompt":"x"}' }),
    });

  it.each([
    null,
    'http://fal.run/fal-ai/flux/schnell',
    'https://fal.run.evil.example/fal-ai/flux/schnell',
    'https://evil.example/fal.run/fal-ai/flux',
    'https://fal.run@evil.example/fal-ai/flux',
    'https://user:pass@fal.run/fal-ai/flux',
    'https://fal.run:8443/fal-ai/flux',
    'https://127.0.0.1/fal-ai/flux',
    'https://rest.fal.ai/storage/upload/initiate/../../keys',
    'https://rest.fal.ai/keys',
    'https://api.fal.ai/v1/models/pricing',
    'file:///etc/passwd',
    'x',
  ])('calls nothing but what it knows: %s', async (target) => {
    // Probes of their health come whenever it is time.
    const asked = () =>
      (['fal', 'runware'] as const).map((name) => {
        const { requests = 0, probe = 0 } = plane.sandbox.counters(name);
        return requests - probe;
      });
    const before = asked();
    const answer = await proxied(target);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await answer.json()).toMatchObject({ detail: expect.any(String), error_type: 'bad_request' });
    expect(asked()).toEqual(before);
  });

  it.each([
    ['https://fal.run/fal-ai/flux/schnell', 'GET', 405],
    ['https://fal.run/fal-ai%2fflux', 'POST', 404],
    ['https://fal.run/flux', 'POST', 404],
    ['https://fal.run/fal-ai/flux/schnell?fal_webhook=https://a.example', 'POST', 422],
    ['https://fal.run/fal-ai/flux/realtime', 'POST', 501],
    ['https://queue.fal.run/fal-ai/flux/requests/1/status', 'GET', 404],
    ['https://queue.fal.run/fal-ai/flux/requests/1/status', 'POST', 405],
    ['https://queue.fal.run/fal-ai/flux/requests/1/cancel', 'PUT', 404],
    ['https://rest.fal.ai/tokens/', 'POST', 501],
  ])('%s by %s is %i', async (target, method, status) => {
    const answer = await proxied(target, method);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toHaveProperty('detail');
    expect(answer.headers.get('x-fal-request-id')).toBe(answer.headers.get('x-request-id'));
  });
});
