import { type ApiError, createFalClient } from '@fal-ai/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { addVideoSplit, falFilm, share } from '@/test/support/video-split';

const keys = ['a-key-of-a-studio-1', 'a-key-of-another-2'] as const;
const vendors = ['fal', 'runware'] as const;
const app = 'fal-ai/kling-video';
const input = { prompt: 'a lock gate at dawn', duration: '10', aspect_ratio: '16:9' } as never;
const unsplit = 'fal-ai/kling-video/v2.5-turbo/pro/image-to-video';

let database: TestDatabase;
let plane: TestDataPlane;

beforeAll(async () => {
  database = await testDatabase();
  await addVideoSplit(database.sql);
  plane = await testDataPlane({ env: { DATABASE_URL: database.url, SLUICE_API_KEYS: keys.join(',') } });
});
afterAll(async () => {
  await plane.close();
  await database.close();
});
beforeEach(async () => {
  for (const name of vendors) {
    plane.sandbox.restore(name);
    plane.sandbox.control(name, { latencyMs: 0, jobMs: 1200 });
  }
  await share(database.sql, plane, { old: 0.5, new: 0.5 });
});

const answers: Response[] = [];
const watched: typeof fetch = async (url, init) => {
  const response = await fetch(url, init);
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) answers.push(response.clone());
  return response;
};
const headersOf = () => (answers.at(-1) as Response).headers;
const creates = () => vendors.reduce((sum, name) => sum + plane.sandbox.jobs(name).length, 0);
const submitted = (query: string, headers: Record<string, string> = {}) =>
  plane.post(`/fal/queue/${falFilm}${query}`, input, { authorization: `Key ${keys[0]}`, ...headers });
const failing = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error as ApiError<{ detail: unknown }>,
  );

const byProxy = (credentials: string = keys[0]) =>
  createFalClient({ credentials, proxyUrl: { url: `${plane.url}/api/fal/proxy`, when: 'always' }, fetch: watched });
const byHost = (credentials: string = keys[0]) =>
  createFalClient({
    credentials,
    fetch: watched,
    requestMiddleware: async (request) => ({
      ...request,
      url: request.url.replace('https://queue.fal.run/', `${plane.url}/fal/queue/`),
    }),
  });

describe.each([
  ['by a proxy', byProxy, (): string => 'https://queue.fal.run'],
  ['by another host', byHost, (): string => `${plane.url}/fal/queue`],
] as const)('the queue of @fal-ai/client %s', (_, open, origin) => {
  it.each([
    ['old', 'fal'],
    ['new', 'runware'],
  ] as const)('makes a video by the arm %s, and waits for it', async (arm, vendor) => {
    await share(database.sql, plane, { old: arm === 'old' ? 1 : 0, new: arm === 'new' ? 1 : 0 });
    const seen: string[] = [];
    const before = plane.sandbox.jobs(vendor).length;
    const { data, requestId } = await open().subscribe(falFilm, {
      ...{ input, logs: true, pollInterval: 200 },
      onQueueUpdate: (status) => {
        expect(status).toMatchObject({ request_id: expect.any(String), queue_position: expect.any(Number) });
        expect(status).toMatchObject({ logs: expect.any(Array), status_url: expect.stringContaining(origin()) });
        seen.push(status.status);
      },
    });
    expect(data).toMatchObject({ video: { url: expect.stringMatching(/^http.*\.mp4/) } });
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(seen).size).toBeGreaterThan(1);
    expect(seen.at(-1)).toBe('COMPLETED');
    expect(headersOf().get('x-sluice-arm')).toBe(arm);
    expect(plane.sandbox.jobs(vendor).length).toBe(before + 1);
  });

  it('submits, tells, and gives what came of it, to its caller alone', async () => {
    const { queue } = open();
    const made = await queue.submit(falFilm, { input });
    expect(made).toMatchObject({ status: 'IN_QUEUE', queue_position: 0 });
    expect(made.response_url).toBe(`${origin()}/${app}/requests/${made.request_id}`);
    expect(made.status_url).toBe(`${made.response_url}/status`);
    expect(made.cancel_url).toBe(`${made.response_url}/cancel`);
    expect(headersOf().get('x-fal-request-id')).toBe(made.request_id);
    const { request_id: requestId } = made;
    const early = await failing(queue.result(falFilm, { requestId }));
    expect(early).toMatchObject({ status: 400, body: { detail: 'Request is still in progress' } });
    await queue.status(falFilm, { requestId, logs: false });
    expect([answers.at(-1)?.status, headersOf().get('x-fal-request-id')]).toEqual([202, requestId]);
    for (const stranger of [
      open(keys[1]).queue.status(falFilm, { requestId }),
      open(keys[1]).queue.result(falFilm, { requestId }),
      queue.status('fal-ai/flux', { requestId }),
    ]) {
      expect((await failing(stranger)).status).toBe(404);
    }
    const done = await queue.subscribeToStatus(falFilm, { requestId, mode: 'polling', pollInterval: 200 });
    expect(done).toMatchObject({ status: 'COMPLETED', logs: [], metrics: { inference_time: expect.any(Number) } });
    expect(answers.at(-1)?.status).toBe(200);
    const late = await failing(queue.cancel(falFilm, { requestId }));
    expect([late.status, await answers.at(-1)?.json()]).toEqual([400, { status: 'ALREADY_COMPLETED' }]);
  });

  it('streams each status until the last', async () => {
    const { queue } = open();
    const { request_id: requestId } = await queue.submit(falFilm, { input });
    const seen: string[] = [];
    const stream = await queue.streamStatus(falFilm, { requestId, logs: true });
    stream.on('data', ({ status }: { status: string }) => seen.push(status));
    expect(await stream.done()).toMatchObject({ status: 'COMPLETED', request_id: requestId });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.filter((status) => status === 'COMPLETED')).toHaveLength(1);
  });

  it('cancels, and calls what failed completed with an error', async () => {
    for (const name of vendors) plane.sandbox.control(name, { jobMs: 600_000 });
    await share(database.sql, plane, { old: 1, new: 0 });
    const { queue } = open();
    const { request_id: requestId } = await queue.submit(falFilm, { input });
    await queue.cancel(falFilm, { requestId });
    expect(answers.at(-1)?.status).toBe(202);
    const ended = await queue.subscribeToStatus(falFilm, { requestId, mode: 'polling', pollInterval: 200 });
    expect(ended).toMatchObject({ status: 'COMPLETED', error: expect.any(String), error_type: 'client_cancelled' });
    expect((await failing(queue.result(falFilm, { requestId }))).status).toBe(499);
    plane.sandbox.control('fal', { jobMs: 0, jobFails: true });
    const failed = await queue.submit(falFilm, { input });
    const at = { requestId: failed.request_id };
    const why = await queue.subscribeToStatus(falFilm, { ...at, mode: 'polling', pollInterval: 200 });
    expect(why).toMatchObject({ status: 'COMPLETED', error: expect.any(String) });
    // The model's own status and words.
    expect(await failing(queue.result(falFilm, at))).toMatchObject({
      status: 500,
      body: { detail: 'The runner failed' },
    });
  });

  it('begins a job once where no answer came, whatever the client does by itself', async () => {
    await share(database.sql, plane, { old: 1, new: 0 });
    plane.sandbox.control('fal', { jobBadGateway: true });
    const before = creates();
    expect((await failing(open().queue.submit(falFilm, { input }))).status).toBe(504);
    expect(headersOf().get('x-fal-request-timeout-type')).toBe('user');
    expect(creates()).toBe(before + 1);
  });

  it('refuses by name what it does not take, and makes nothing', async () => {
    const before = creates();
    const { queue } = open();
    const hooked = await failing(queue.submit(falFilm, { input, webhookUrl: 'https://127.0.0.1/hook' }));
    expect([hooked.status, JSON.stringify(hooked.body)]).toEqual([
      422,
      expect.stringContaining('fal_webhook is not taken'),
    ]);
    const bounded = await submitted('?fal_max_queue_length=3');
    expect([bounded.status, await bounded.text()]).toEqual([
      422,
      expect.stringContaining('fal_max_queue_length is not'),
    ]);
    const urgent = await submitted('', { 'x-fal-queue-priority': 'urgent' });
    expect([urgent.status, await urgent.text()]).toEqual([422, expect.stringContaining('it must be normal or low')]);
    const wrong = await failing(queue.submit(falFilm, { input: { prompt: 'x', duration: '7' } as never }));
    expect([wrong.status, JSON.stringify(wrong.body)]).toEqual([422, expect.stringContaining('duration')]);
    const unknown = await failing(queue.submit('fal-ai/no-such-model', { input }));
    expect([unknown.status, JSON.stringify(unknown.body)]).toEqual([
      403,
      expect.stringContaining('in no split of jobs'),
    ]);
    const inside = { prompt: 'x', image_url: 'https://169.254.169.254/a.png' } as never;
    expect((await failing(queue.submit(unsplit, { input: inside }))).status).toBe(422);
    expect((await failing(queue.status(falFilm, { requestId: 'nobody-s' }))).status).toBe(404);
    expect(creates()).toBe(before);
  });
});

describe('what is said to FAL’s platform beside the body', () => {
  it('goes to FAL alone where only FAL can be told it, and is named where nobody is', async () => {
    await share(database.sql, plane, { old: 0, new: 1 });
    const usual = await submitted('', { 'x-fal-queue-priority': 'normal', 'x-fal-no-retry': '1' });
    expect([usual.status, usual.headers.get('x-sluice-arm')]).toEqual([200, 'new']);
    expect(usual.headers.get('x-sluice-pinned') ?? usual.headers.get('x-sluice-dropped')).toBeNull();
    const said = { 'x-fal-queue-priority': 'low', 'x-fal-request-timeout': '30', 'x-fal-runner-hint': 'gpu-7' };
    const pinned = await submitted('', said);
    expect([pinned.status, pinned.headers.get('x-sluice-arm')]).toEqual([200, 'old']);
    expect(pinned.headers.get('x-sluice-pinned')).toBe('old; x-fal-request-timeout, x-fal-queue-priority');
    expect(pinned.headers.get('x-sluice-dropped')).toBe('x-fal-runner-hint');
    expect(plane.sandbox.lastHeaders('fal')).toMatchObject({
      ...{ 'x-fal-queue-priority': 'low', 'x-fal-request-timeout': '30', 'x-fal-no-retry': '1' },
      authorization: `Key ${plane.sandbox.falKey}`,
    });
  });
});

describe('a model that no split of jobs is for', () => {
  it('goes to FAL’s queue as it is, where it is let through', async () => {
    await database.sql`update sluice.splits set is_default = false where kind = 'job'`;
    await database.sql`update sluice.providers set options = options || '{"passthrough": ["fal-ai/kling-video/*"]}'
      where name = 'fal'`;
    const { splits } = plane.runtime.dataPlane;
    await expect.poll(() => typeof splits.choose({ kind: 'job', slug: null, models: [] })).toBe('string');
    await expect.poll(() => JSON.stringify(splits.registry.providers)).toContain('passthrough');
    for (const [open, origin] of [
      [byProxy, 'https://queue.fal.run'],
      [byHost, `${plane.url}/fal/queue`],
    ] as const) {
      const { queue } = open();
      const made = await queue.submit(falFilm, { input });
      expect(headersOf().get('x-sluice-split')).toBe('none');
      expect(made.status_url).toBe(`${origin}/${app}/requests/${made.request_id}/status`);
      const at = { requestId: made.request_id };
      expect((await failing(queue.result(falFilm, at))).status).toBe(400);
      await queue.subscribeToStatus(falFilm, { ...at, mode: 'polling', pollInterval: 200 });
      expect((await queue.result(falFilm, at)).data).toMatchObject({ video: { url: expect.any(String) } });
      const rows = await database.sql`select id from sluice.jobs where upstream_id = ${made.request_id}`;
      expect(rows).toHaveLength(0);
    }
  });
});
