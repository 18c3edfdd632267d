import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ImageRequest } from '@/lib/gateway/models/image-request';
import type { JobRef } from '@/lib/gateway/providers/job-calls';
import { createKling } from '@/lib/gateway/providers/kling/kling';
import type { JobCalls, ProviderResult } from '@/lib/gateway/providers/provider';
import { drawPng } from '@/lib/gateway/providers/sandbox/png';
import { openSandboxed, type Sandboxed, vendorRequest } from '../sandboxed';

const wanted: ImageRequest = { prompt: 'a lock gate at dawn', model: 'video', n: 1, requestId: 'r-1' };
const soon = () => AbortSignal.timeout(3000);

let world: Sandboxed;
let calls: JobCalls;
beforeAll(async () => {
  world = await openSandboxed();
  calls = world.providers.kling.jobs as JobCalls;
});
afterAll(() => world.close());
afterEach(() => {
  world.sandbox.restore('kling');
  world.sandbox.control('kling', { latencyMs: 0, jobMs: 0 });
});

const newJob = (webhookUrl: string | null = null) => ({ id: randomUUID(), webhookUrl });
const create = (request: Partial<ImageRequest> = {}, job = newJob()) =>
  calls.create(vendorRequest('kling', { ...wanted, ...request }), job, soon());

const unbound = (id: string, model = 'kling-v2-5-turbo'): JobRef => ({
  ...{ id, upstreamId: null, upstream: {}, model, ageMs: 0 },
});

function failed(result: ProviderResult) {
  if (result.ok) throw new Error('expected a failure');
  return result;
}

const png = `data:image/png;base64,${drawPng(320, 320, 1).toString('base64')}`;

describe('what Kling is told', () => {
  it('is the text, the duration as a text, our id, and where it may call back', async () => {
    const job = newJob('https://sluice.example/api/jobs/webhooks/kling/1?token=t');
    const result = await create({ params: { duration: 10 }, aspectRatio: '9:16' }, job);
    expect(result).toMatchObject({ ok: true, accepted: { upstream: { type: 'text2video', seconds: 10 } } });
    expect(world.sandbox.lastBody('kling')).toEqual({
      ...{ model_name: 'kling-v2-5-turbo', prompt: 'a lock gate at dawn', duration: '10', mode: 'pro' },
      ...{ aspect_ratio: '9:16', external_task_id: job.id, callback_url: job.webhookUrl },
    });
  });

  it('is an image as bare base64, at the address of its type, in its own shape', async () => {
    const result = await create({ params: { image: [png] } });
    expect(result).toMatchObject({ ok: true, accepted: { upstream: { type: 'image2video' } } });
    const body = world.sandbox.lastBody('kling') as Record<string, unknown>;
    expect(body.image).toBe(png.slice(png.indexOf(',') + 1));
    expect(body).not.toHaveProperty('aspect_ratio');
  });

  it('is an image by its address as it stands', async () => {
    await create({ params: { image: ['https://pictures.example/a.png'] } });
    expect(world.sandbox.lastBody('kling')).toMatchObject({ image: 'https://pictures.example/a.png' });
  });

  it('is no shape beside an image: that is refused before anything is sent', async () => {
    const before = world.sandbox.counters('kling').requests;
    const result = failed(await create({ params: { image: [png] }, aspectRatio: '9:16' }));
    expect([result.errorKind, result.started]).toEqual(['rejected', 'no']);
    expect(result.message).toContain('leave its size out');
    expect(world.sandbox.counters('kling').requests).toBe(before);
  });

  it('is at the type that the model names', async () => {
    const result = await create({ model: 'video-of-many' });
    expect(result).toMatchObject({ ok: true, accepted: { upstream: { type: 'multi-image2video' } } });
    expect(world.sandbox.lastBody('kling')).toMatchObject({ model_name: 'kling-v1-6' });
  });
});

describe('where a task of Kling is asked for', () => {
  it('is under its type, and nowhere else', async () => {
    const result = await create({ params: { image: [png] } });
    if (!result.ok || !result.accepted) throw new Error('not accepted');
    const ref = { ...unbound(randomUUID()), ...result.accepted };
    const [there, elsewhere] = await calls.poll([ref, { ...ref, upstream: { type: 'text2video' } }], soon());
    expect([there?.kind, elsewhere?.kind]).toEqual(['completed', 'absent']);
  });

  it('is under our own id where no answer came, whatever type it was made as', async () => {
    const [text, image] = [newJob(), newJob()];
    world.sandbox.control('kling', { jobBadGateway: true, jobMs: 60_000 });
    for (const [job, params] of [
      [text, {}],
      [image, { image: [png] }],
    ] as const) {
      expect(failed(await create({ params }, job))).toMatchObject({ errorKind: 'provider_5xx', started: 'unknown' });
    }
    const seen = await calls.poll([unbound(text.id), unbound(image.id), unbound(randomUUID())], soon());
    const id = expect.stringMatching(/^\d+$/);
    expect(seen).toMatchObject([
      { kind: 'running', accepted: { upstreamId: id, upstream: { type: 'text2video' } } },
      { kind: 'running', accepted: { upstreamId: id, upstream: { type: 'image2video' } } },
      { kind: 'absent' },
    ]);
  });

  it('is never made twice under our id', async () => {
    const job = newJob();
    await create({}, job);
    expect(failed(await create({}, job))).toMatchObject({ errorKind: 'rejected', started: 'no' });
    expect(world.sandbox.jobs('kling').filter(({ prompt }) => prompt === wanted.prompt).length).toBeGreaterThan(0);
  });
});

describe("Kling's own words", () => {
  it.each([
    [200, 1303, 'rate_limited', 'no'],
    [429, 1303, 'rate_limited', 'no'],
    [429, 1302, 'rate_limited', 'no'],
    [429, 1101, 'balance', 'no'],
    [429, 1102, 'balance', 'no'],
    [429, 1304, 'auth', 'no'],
    [403, 1103, 'auth', 'no'],
    [401, 1004, 'auth', 'no'],
    [200, 1201, 'rejected', 'no'],
    [404, 1203, 'rejected', 'no'],
    [200, 1301, 'content_policy', 'no'],
    [500, 5000, 'provider_5xx', 'yes'],
    [503, 5001, 'provider_5xx', 'no'],
    [504, 5002, 'gateway_timeout', 'unknown'],
    [200, 9999, 'provider_5xx', 'unknown'],
    [400, 9999, 'rejected', 'no'],
  ])('HTTP %i with code %i is %s', async (status, code, kind, started) => {
    const result = failed(await answered(status, { code, message: 'said by the vendor', request_id: 'r' }));
    expect([result.errorKind, result.started, result.httpStatus]).toEqual([kind, started, status]);
    expect(result.message).toContain(`${code}: said by the vendor`);
  });

  it('say of the limit of tasks at once that it is the account’s', async () => {
    const said = { code: 1303, message: 'parallel task over resource pack limit', request_id: 'r' };
    const { message } = failed(await answered(429, said));
    expect(message).toBe(
      'HTTP 429: 1303: parallel task over resource pack limit; no further task until one of the account ends',
    );
  });

  it('never hold our key or what was signed with it', async () => {
    const { message } = failed(await answered(401, null));
    expect(message).toContain('you sent Bearer …, of …');
  });

  it('of a state that we do not know teach nothing', async () => {
    const ref = { ...unbound(randomUUID()), upstreamId: '7', upstream: { type: 'text2video' } };
    const seen = await polled({ code: 0, data: { task_id: '7', task_status: 'archived' } }, ref);
    expect(seen).toMatchObject({
      kind: 'unread',
      errorKind: 'malformed',
      message: expect.stringContaining('archived'),
    });
  });

  it('about another task teach nothing', async () => {
    const ref = { ...unbound(randomUUID()), upstreamId: '7', upstream: { type: 'text2video' } };
    const seen = await polled({ code: 0, data: { task_id: '8', task_status: 'succeed' } }, ref);
    expect(seen).toMatchObject({ kind: 'unread', message: expect.stringContaining('answered with 8') });
  });

  it.each([
    [{ videos: [] }, 'empty'],
    [null, 'empty'],
    [{ videos: [{ url: 'http://elsewhere.example/a.mp4' }] }, 'malformed'],
  ])('of a success with %j mean a failure', async (task_result, errorKind) => {
    const ref = { ...unbound(randomUUID()), upstreamId: '7', upstream: { type: 'text2video' } };
    const data = { task_id: 7, task_status: 'succeed', task_result, final_unit_deduction: '2' };
    expect(await polled({ code: 0, data }, ref)).toMatchObject({ kind: 'failed', errorKind, charged: 'yes' });
  });

  it('of a failure tell what was charged, and whether the prompt was refused', async () => {
    const ref = { ...unbound(randomUUID()), upstreamId: '7', upstream: { type: 'text2video' } };
    const data = { task_id: '7', task_status: 'failed', task_status_msg: 'Failure to pass the risk control system' };
    expect(await polled({ code: 0, data }, ref)).toMatchObject({ errorKind: 'content_policy', charged: 'unknown' });
    const free = { ...data, task_status_msg: '', final_unit_deduction: '0' };
    expect(await polled({ code: 0, data: free }, ref)).toMatchObject({ errorKind: 'provider_5xx', charged: 'no' });
  });

  it('tell how long the links live, and the cost by the list', async () => {
    const upstream = { type: 'text2video', seconds: 5, list_usd: 0.35 };
    const ref = { ...unbound(randomUUID()), upstreamId: '7', upstream };
    const videos = [{ url: 'https://cdn.klingai.com/a.mp4', duration: '5.1' }];
    const data = { task_id: '7', task_status: 'succeed', task_result: { videos } };
    const done = { kind: 'completed', linksForMs: 2_592_000_000, units: 5.1, costUsd: 0.35, costBasis: 'price_list' };
    expect(await polled({ code: 0, data }, ref)).toMatchObject(done);
  });
});

it('is not configured with half a key, and says how one is written', async () => {
  const half = createKling({ name: 'mine', key: 'access:', baseUrl: world.sandbox.klingUrl });
  expect([half.configured, half.whyNot]).toEqual([false, expect.stringContaining('"ACCESS:SECRET"')]);
  expect(await half.probe(soon())).toMatchObject({ ok: false, errorKind: 'auth', error: half.whyNot });
  await half.close();
});

/** A server that answers every call the same way, the key being told back where nothing else is. */
async function withServer<T>(status: number, body: unknown, use: (baseUrl: string) => Promise<T>): Promise<T> {
  const server = createServer((request, response) => {
    const echo = { code: 1002, message: `you sent ${request.headers.authorization}, of access-key-1` };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? echo));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}

const answered = (status: number, body: unknown): Promise<ProviderResult> =>
  withServer(status, body, async (baseUrl) => {
    const kling = createKling({ key: 'access-key-1:secret-key-1', baseUrl });
    const result = await (kling.jobs as JobCalls).create(vendorRequest('kling', wanted), newJob(), soon());
    await kling.close();
    return result;
  });

const polled = (body: unknown, ref: JobRef) =>
  withServer(200, body, async (baseUrl) => {
    const kling = createKling({ key: 'api-key-1', baseUrl });
    const [seen] = await (kling.jobs as JobCalls).poll([ref], soon());
    await kling.close();
    return seen;
  });
