import { type ApiError, createFalClient } from '@fal-ai/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { passRun } from '@/lib/doors/fal/pass-through';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { recordedFal } from './recorded-fal';

const key = 'a-key-of-sluice-123';

let database: TestDatabase;
let plane: TestDataPlane;
let fal: Awaited<ReturnType<typeof recordedFal>>;

beforeAll(async () => {
  database = await testDatabase();
  fal = await recordedFal();
  plane = await testDataPlane({
    env: {
      DATABASE_URL: database.url,
      SLUICE_API_KEYS: key,
      FAL_BASE_URL: fal.url,
      SLUICE_REQUEST_TIMEOUT_MS: '30000',
    },
  });
});
afterAll(async () => {
  await plane.close();
  await fal.close();
  await database.close();
});

const client = () =>
  createFalClient({ credentials: key, proxyUrl: { url: `${plane.url}/api/fal/proxy`, when: 'always' } });
const allow = async (patterns: readonly string[]) => {
  const options = JSON.stringify({ passthrough: patterns });
  await database.sql`update sluice.providers set options = ${options}::text::jsonb where name = 'fal'`;
  await expect
    .poll(() => plane.runtime.dataPlane.splits.registry.providers.find(({ name }) => name === 'fal')?.options)
    .toEqual({ passthrough: patterns });
};
const direct = (path: string, init: RequestInit = {}) =>
  fetch(`${plane.url}/fal/run/${path}`, {
    method: 'POST',
    body: '{"a":1}',
    ...init,
    headers: { authorization: `Key ${key}`, 'content-type': 'application/json', ...init.headers },
  });

describe('a model without a row', () => {
  it('is refused, with a sentence that says how to allow it', async () => {
    const refused = await client()
      .run('acme/video' as string, { input: {} })
      .catch((error: unknown) => error as ApiError<{ detail: string }>);
    expect(refused).toMatchObject({
      status: 403,
      body: { detail: expect.stringMatching(/"passthrough": \["acme\/video"\]/) },
    });
    expect(fal.calls).toEqual([]);
  });

  it('goes to FAL as it is where it is allowed, marked and counted, and is never judged', async () => {
    await allow(['acme/*']);
    const body = '{ "n": 1.0, "ü": "x" }';
    fal.answers(200, '{"video": {"url":"https://a.example/v.mp4"}, "seed": 1.0}', {
      'set-cookie': 'a=b',
      'x-fal-billable-units': '3',
      'x-fal-request-id': 'theirs-1',
      server: 'nginx',
    });
    const answer = await direct('acme/video/fast?a=1', {
      body,
      headers: { cookie: 'c=d', 'x-fal-runner-hint': 'h', 'x-forwarded-for': '1.2.3.4', 'x-sluice-trace': 'y' },
    });
    expect([answer.status, await answer.text()]).toEqual([
      200,
      '{"video": {"url":"https://a.example/v.mp4"}, "seed": 1.0}',
    ]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'x-sluice-split': 'none',
      'x-fal-billable-units': '3',
      'x-fal-request-id': 'theirs-1',
    });
    expect(answer.headers.get('set-cookie')).toBeNull();
    const [call] = fal.calls.slice(-1);
    expect(call).toMatchObject({ method: 'POST', url: '/acme/video/fast?a=1', body });
    expect(call?.headers).toMatchObject({
      authorization: expect.stringMatching(/^Key sandbox/),
      'x-fal-runner-hint': 'h',
    });
    for (const name of ['cookie', 'x-forwarded-for', 'x-sluice-trace']) expect(call?.headers).not.toHaveProperty(name);
    await plane.runtime.dataPlane.events.flush();
    const rows = await database.sql`select event_type, event_data from analytics_logs`;
    expect(rows.map(({ event_type }) => event_type)).toEqual(['unsplit_call']);
  });

  it('needs the scope relay, no split, and no webhook', async () => {
    expect((await direct('acme/video', { headers: { 'x-sluice-split': 'gen' } })).status).toBe(422);
    expect((await direct('acme/video?fal_webhook=https://a.example')).status).toBe(422);
    expect((await direct('other/video')).status).toBe(403);
  });

  it('is refused to a caller that may only generate', async () => {
    const incoming = { header: () => null, query: new URLSearchParams(), requestId: 'r', path: '', method: 'POST' };
    const caller = { name: 'only-images', scopes: new Set(['generate'] as const) };
    const passing = passRun(plane.runtime.dataPlane, {
      ...{ id: 'acme/video', caller, query: incoming.query },
      incoming: { ...incoming, remote: null, body: null },
    });
    await expect(passing).rejects.toThrow('needs relay');
  });

  it.each([
    [200, '<html><body>Sign in</body></html>', 500, null],
    [401, '{"detail":"no"}', 500, null],
    [422, '{"detail":[{"loc":["body","a"],"msg":"no","type":"value_error"}]}', 422, null],
    [429, '{"detail":"slow down"}', 429, null],
    [500, '{"detail":"x","error_type":"internal_error"}', 500, null],
    [502, '{"detail":"x"}', 504, 'user'],
    [503, '{"detail":"x","error_type":"runner_scheduling_failure"}', 503, null],
    [503, '{"detail":"x","error_type":"runner_disconnected"}', 504, 'user'],
    [504, '{"detail":"x"}', 504, 'user'],
  ])('%i %s comes back as %i', async (status, body, expected, timeout) => {
    fal.answers(status, body, { 'content-type': body.startsWith('<') ? 'text/html' : 'application/json' });
    const answer = await direct('acme/video');
    expect([answer.status, answer.headers.get('x-fal-request-timeout-type')]).toEqual([expected, timeout]);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.headers.get('x-sluice-split')).toBe('none');
  });

  it('is not sent again where the connection broke', async () => {
    const before = fal.calls.length;
    fal.breaks();
    const failed = await client()
      .run('acme/video' as string, { input: {} })
      .catch((error: unknown) => error as ApiError<unknown>);
    expect(failed).toMatchObject({ status: 504 });
    expect(fal.calls.length - before).toBe(1);
  });
});

it('asks FAL where a file may be put', async () => {
  fal.answers(200, JSON.stringify({ upload_url: `${fal.url}/put`, file_url: 'https://v3.fal.media/files/a.png' }));
  const url = await client().storage.upload(new Blob(['x'], { type: 'image/png' }));
  expect(url).toBe('https://v3.fal.media/files/a.png');
  const [asked, put] = fal.calls.slice(-2);
  expect(asked).toMatchObject({ url: '/storage/upload/initiate?storage_type=fal-cdn-v3', method: 'POST' });
  expect(asked?.body).toContain('image/png');
  expect(put).toMatchObject({ url: '/put', method: 'PUT', body: 'x' });
});

it('asks FAL where the parts of a large file may be put', async () => {
  fal.answers(200, JSON.stringify({ upload_url: `${fal.url}/put?a=1`, file_url: 'https://v3.fal.media/files/b.mp4' }));
  // As large as the client takes it to be, and no more in memory.
  const file = Object.assign(new Blob(['x'], { type: 'video/mp4' }), { slice: () => new Blob(['x']) });
  Object.defineProperty(file, 'size', { value: 91 * 1024 * 1024 });
  expect(await client().storage.upload(file)).toBe('https://v3.fal.media/files/b.mp4');
  const [asked, first] = fal.calls.slice(-12);
  expect(asked).toMatchObject({ url: '/storage/upload/initiate-multipart?storage_type=fal-cdn-v3', method: 'POST' });
  expect([asked?.headers.authorization, asked?.body]).toEqual([
    expect.stringMatching(/^Key /),
    expect.stringContaining('video/mp4'),
  ]);
  expect(first).toMatchObject({ url: '/put/1?a=1', method: 'PUT' });
  expect(fal.calls.at(-1)).toMatchObject({ url: '/put/complete?a=1', method: 'POST' });
});
