import OpenAI, { APIError } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POST } from '@/app/v1/[[...rest]]/route';
import { inProcess } from '@/lib/kernel/once-in-process';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';

const apiKey = 'key-of-the-client-1';
const kept = inProcess();
const places = ['runtime', 'env', 'log'] as const;
let plane: TestDataPlane;
let client: OpenAI;

beforeAll(async () => {
  plane = await testDataPlane({ env: { SLUICE_API_KEYS: apiKey } });
  const { runtime } = plane;
  for (const [index, value] of [runtime, runtime.env, runtime.log].entries()) kept[String(places[index])] = value;
  client = new OpenAI({ baseURL: `${plane.url}/v1`, apiKey });
});
afterAll(async () => {
  for (const place of places) delete kept[place];
  await plane.close();
});

const ask = (method: string, path: string) =>
  fetch(plane.url + path, { method, headers: { authorization: `Bearer ${apiKey}` } });

describe('the models', () => {
  it('are those that the split can make now', async () => {
    const list = await client.models.list();
    expect(list.data.find(({ id }) => id === 'flux-schnell')).toEqual({
      ...{ id: 'flux-schnell', object: 'model', created: 0, owned_by: 'fal, runware' },
    });
    expect(list.data.length).toBeGreaterThan(5);
  });

  it('are found by their alias and by a provider’s own id', async () => {
    expect((await client.models.retrieve('flux-dev')).id).toBe('flux-dev');
    expect(await client.models.retrieve('fal-ai/flux/dev')).toMatchObject({ id: 'fal-ai/flux/dev', object: 'model' });
  });

  it.each(['no-such', '%ff', 'a/b'])('that nobody makes are 404: %s', async (id) => {
    const answer = await ask('GET', `/v1/models/${id}`);
    expect([answer.status, await answer.json()]).toEqual([
      404,
      {
        error: {
          message: expect.stringMatching(/GET \/v1\/models lists/),
          type: 'invalid_request_error',
          param: 'model',
          code: 'model_not_found',
        },
      },
    ]);
  });

  it('are told to nobody without a key', async () => {
    expect((await fetch(`${plane.url}/v1/models`)).status).toBe(401);
    expect((await fetch(`${plane.url}/v1/models/flux-dev`)).status).toBe(401);
  });
});

describe('what OpenAI has and we have not', () => {
  const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['chat', () => client.chat.completions.create({ model: 'x', messages: [] })],
    ['responses', () => client.responses.create({ model: 'x', input: 'x' })],
    ['embeddings', () => client.embeddings.create({ model: 'x', input: 'x' })],
    ['files', () => client.files.list()],
    ['batches', () => client.batches.list()],
    ['edits of videos', () => client.videos.edit({ prompt: 'x', video: { id: 'video_1' } })],
  ];

  it.each(calls)('is a sentence, once: %s', async (_, call) => {
    const error = await call().catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({ status: 501, code: 'not_offered', type: 'invalid_request_error' });
    expect((error as APIError).message).toContain('not offered here');
    expect((error as APIError).headers?.get('x-should-retry')).toBe('false');
  });
});

describe.each(['front', 'next'] as const)('every other path, at the door %s', (door) => {
  const via = (method: string, path: string) =>
    door === 'front'
      ? ask(method, path)
      : POST(new Request(`http://localhost${path}`, { method, headers: { host: 'localhost' } }));

  it.each([
    ['GET', '/v1', 404, 'not_found'],
    ['GET', '/v1/', 404, 'not_found'],
    ['POST', '/v1/nowhere', 404, 'not_found'],
    ['GET', '/v1/images', 404, 'not_found'],
    ['POST', '/v1/audio/speech', 501, 'not_offered'],
    ['POST', '/v1/images/variations', 501, 'not_offered'],
    ['GET', '/v1/realtime', 501, 'not_offered'],
    ['POST', '/v1/videos/extensions', 501, 'not_offered'],
    ['GET', '/v1/videos/characters/char_1', 501, 'not_offered'],
    ['PATCH', '/v1/videos/video_1', 405, 'method_not_allowed'],
    ['POST', '/v1/videos/video_1/content', 405, 'method_not_allowed'],
    ['DELETE', '/v1/models/flux-dev', 405, 'method_not_allowed'],
    ['PUT', '/v1/images/generations', 405, 'method_not_allowed'],
  ])('%s %s is %i, as OpenAI would say it', async (method, path, status, code) => {
    const answer = await via(method, path);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await answer.json()).toMatchObject({ error: { code, type: 'invalid_request_error', param: null } });
    if (status === 405) expect(answer.headers.get('allow')).toMatch(/^(?:GET|POST|GET, DELETE)$/);
  });
});
