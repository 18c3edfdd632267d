import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAimlapi } from '@/lib/gateway/providers/aimlapi/aimlapi';
import type { JobCalls, Provider, ProviderResult } from '@/lib/gateway/providers/provider';
import { vendorRequest } from '../sandboxed';

const wanted = { prompt: 'a lock gate at dawn', model: 'video', n: 1, requestId: 'r-1' };
const soon = () => AbortSignal.timeout(3000);
const job = { id: randomUUID(), upstreamId: 'g-1', upstream: { seconds: 5 }, model: 'm', ageMs: 0 };

let reply: readonly [number, unknown] = [200, {}];
let asked: { method?: string; url?: string; authorization?: string; type?: string; body: string } = { body: '' };
const server = createServer((request, response) => {
  const { method, url, headers } = request;
  asked = {
    ...{ method, url, authorization: headers.authorization, type: headers['content-type'], body: '' },
  } as typeof asked;
  request.on('data', (chunk) => {
    asked.body += chunk;
  });
  request.on('end', () => {
    const [status, body] = reply;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { 'content-type': 'application/json' }).end(text);
  });
});
let provider: Provider;
let calls: JobCalls;
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  provider = createAimlapi({ key: 'key-of-aimlapi', baseUrl });
  calls = provider.jobs as JobCalls;
});
afterAll(async () => {
  await provider.close();
  server.close();
});

async function created(status: number, body: unknown): Promise<ProviderResult> {
  reply = [status, body];
  return calls.create(vendorRequest('aimlapi', wanted), { id: randomUUID(), webhookUrl: null }, soon());
}

async function seen(body: unknown, status = 200) {
  reply = [status, body];
  const [first] = await calls.poll([job], soon());
  return first;
}

const error = (statusCode: number, message: unknown) => ({
  ...{ requestId: 'r-9', statusCode: String(statusCode), timestamp: '2026-11-29T00:00:00Z' },
  ...{ path: '/v2/video/generations', message },
});

describe('AIMLAPI', () => {
  it('is told the model and our words in its own, and gives the id', async () => {
    const result = await created(201, { id: 'g-1', status: 'waiting' });
    expect(result).toMatchObject({ ok: true, accepted: { upstreamId: 'g-1', upstream: { seconds: 5 } } });
    expect([asked.method, asked.url, asked.authorization]).toEqual([
      ...['POST', '/v2/video/generations', 'Bearer key-of-aimlapi'],
    ]);
    expect(JSON.parse(asked.body)).toEqual({
      ...{ model: 'klingai/v2.5-turbo/pro/text-to-video', prompt: 'a lock gate at dawn' },
      ...{ duration: 5, aspect_ratio: '16:9' },
    });
  });

  it('is asked with the id in the query, and without a body', async () => {
    await seen({ id: 'g-1', status: 'queued' });
    expect(asked).toEqual({
      ...{ method: 'GET', url: '/v2/video/generations?generation_id=g-1' },
      ...{ authorization: 'Bearer key-of-aimlapi', type: undefined, body: '' },
    });
  });

  it.each([
    ['queued', 'queued'],
    ['waiting', 'queued'],
    ['generating', 'running'],
    ['active', 'running'],
  ])('says %s for %s', async (status, phase) => {
    expect(await seen({ id: 'g-1', status })).toMatchObject({ kind: 'running', phase });
  });

  it.each(['error', 'failed'])('says %s of a job that failed, and why', async (status) => {
    const body = { id: 'g-1', status, error: { name: 'ModelError', message: 'no memory' } };
    expect(await seen(body)).toMatchObject({ kind: 'failed', message: 'ModelError: no memory', charged: 'unknown' });
    const charged = { ...body, error: 'blocked by content moderation', meta: { usage: { credits_used: 12 } } };
    expect(await seen(charged)).toMatchObject({ errorKind: 'content_policy', charged: 'yes' });
  });

  it('hands on what it made', async () => {
    const url = 'https://cdn.aimlapi.com/a.mp4';
    const done = await seen({ id: 'g-1', status: 'completed', video: { url }, error: null });
    expect(done).toMatchObject({ kind: 'completed', units: 5, outputs: [{ url, kind: 'video' }] });
    expect(await seen({ id: 'g-1', status: 'completed' })).toMatchObject({ kind: 'failed', errorKind: 'empty' });
    const plain = { id: 'g-1', status: 'completed', video: { url: 'http://cdn.example/a.mp4' } };
    expect(await seen(plain)).toMatchObject({ kind: 'failed', errorKind: 'malformed' });
  });

  it('teaches nothing by a word that we do not know, or about another job', async () => {
    expect(await seen({ id: 'g-1', status: 'dreaming' })).toMatchObject({ kind: 'unread', errorKind: 'malformed' });
    expect(await seen({ id: 'g-2', status: 'completed' })).toMatchObject({ kind: 'unread', errorKind: 'malformed' });
  });

  it('knows no job only where it says so itself', async () => {
    expect(await seen(error(404, 'Generation not found'), 404)).toMatchObject({ kind: 'absent' });
    expect(await seen('<html>404</html>', 404)).toMatchObject({ kind: 'unread', errorKind: 'rejected' });
  });

  it.each([
    [401, 'This request requires a valid API key.', 'auth', 'no'],
    [403, "You've run out of credits.", 'balance', 'no'],
    [400, ['Body validation error!', { message: 'Expected string' }], 'rejected', 'no'],
    [429, 'Free-tier limit', 'rate_limited', 'no'],
    [500, 'Internal server error', 'provider_5xx', 'yes'],
    [502, 'Bad Gateway', 'provider_5xx', 'unknown'],
  ])('answers %i: %s, which is %s', async (status, message, kind, started) => {
    const result = await created(status, error(status, message));
    expect(result).toMatchObject({ ok: false, errorKind: kind, started, httpStatus: status, providerRequestId: 'r-9' });
  });

  it('may have begun where something before it fails, or says nothing that can be read', async () => {
    expect(await created(500, 'Internal Server Error')).toMatchObject({ ok: false, started: 'unknown' });
    expect(await created(200, { status: 'queued' })).toMatchObject({ errorKind: 'malformed', started: 'unknown' });
    expect(await created(403, '<html>forbidden</html>')).toMatchObject({ errorKind: 'auth', started: 'no' });
    expect(await created(200, { id: 'g-1', status: 'error', error: { name: 'E', message: 'm' } })).toMatchObject({
      ...{ ok: false, errorKind: 'provider_5xx', started: 'yes', message: 'E: m' },
    });
  });

  it('is probed by the balance, which is free', async () => {
    reply = [200, { current_balance: 12.5, currency: 'USD' }];
    expect(await provider.probe(soon())).toMatchObject({ ok: true });
    expect([asked.method, asked.url]).toEqual(['GET', '/v2/billing']);
    reply = [200, { current_balance: 0, currency: 'USD' }];
    expect(await provider.probe(soon())).toMatchObject({ ok: false, errorKind: 'balance' });
    reply = [401, error(401, 'This request requires a valid API key.')];
    expect(await provider.probe(soon())).toMatchObject({ ok: false, errorKind: 'auth' });
    reply = [200, '{}'];
    expect(await provider.probe(soon())).toMatchObject({ ok: false, errorKind: 'malformed' });
  });

  it('cannot be asked for a job that it gave no id', async () => {
    const [first] = await calls.poll([{ ...job, upstreamId: null }], soon());
    expect([first?.kind, calls.readsUnknown]).toEqual(['absent', false]);
  });
});
