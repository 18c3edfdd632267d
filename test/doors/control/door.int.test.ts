import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as door from '@/app/api/[[...rest]]/route';
import { adminToken, cronSecret, type TestApi, testApi } from '@/test/support/api';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

const write = (headers: Record<string, string | null>, signedIn = true) =>
  api.call(door, { path: '/api/rollout/rollback', method: 'POST', body: {}, headers, signedIn });

describe('who may come in', () => {
  it.each([null, 'Bearer wrong', 'Bearer ', `Basic ${adminToken}`, `Bearer ${adminToken}x`])(
    '%s is 401',
    async (authorization) => {
      const answer = await api.call(door, { path: '/api/rollout', headers: { authorization } });
      expect(answer).toMatchObject({ status: 401, body: { code: 'not-signed-in' } });
    },
  );

  it.each([
    { origin: 'null' },
    { origin: 'https://evil.example' },
    { origin: 'http://127.0.0.1:3001' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('a write with %o is 403', async (headers) => {
    expect(await write(headers as unknown as Record<string, string>)).toMatchObject({
      status: 403,
      body: { code: 'cross-site' },
    });
  });

  it('the page itself may write', async () => {
    expect(await write({ origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-origin' })).toMatchObject({
      status: 200,
    });
  });

  it('a token opens a session: an HttpOnly, SameSite=Strict cookie; signing out clears it', async () => {
    const sign = (token: unknown) =>
      api.call(door, { path: '/api/session', method: 'POST', body: { token }, signedIn: false });
    expect(await sign('wrong-token')).toMatchObject({ status: 401 });
    expect(await sign(1)).toMatchObject({ status: 422 });
    const signedIn = await sign(adminToken);
    const cookie = signedIn.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^sluice=[^;]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
    const headers = { cookie: cookie.split(';')[0] ?? '' };
    const me = await api.call(door, { path: '/api/session', headers, signedIn: false });
    expect(me).toMatchObject({ status: 200, body: { role: 'admin' } });
    const forged = { cookie: `${headers.cookie}x` };
    expect(await api.call(door, { path: '/api/session', headers: forged, signedIn: false })).toMatchObject({
      status: 401,
    });
    const out = await api.call(door, { path: '/api/session', method: 'DELETE', headers, signedIn: false });
    expect(out.headers.get('set-cookie')).toMatch(/^sluice=; .*Max-Age=0$/);
  });
});

describe('the scheduler', () => {
  const tick = (authorization: string | null, path = '/api/cron/watchdog', method = 'POST') =>
    api.call(door, { path, method, headers: { authorization }, signedIn: false });

  it.each([
    null,
    'Bearer undefined',
    'Bearer null',
    'Bearer x',
    `Bearer ${adminToken}`,
    `Bearer ${cronSecret}x`,
    cronSecret,
  ])('%s is 401', async (authorization) => {
    expect(await tick(authorization)).toMatchObject({ status: 401, body: { code: 'cron-secret' } });
  });

  it('may not send the secret in the query', async () => {
    expect(await tick(null, `/api/cron/watchdog?secret=${cronSecret}`)).toMatchObject({ status: 401 });
  });

  it('ticks once per slot, by GET or POST', async () => {
    const first = await tick(`Bearer ${cronSecret}`, '/api/cron/watchdog', 'GET');
    expect(first).toMatchObject({
      status: 200,
      body: { result: 'decided', action: 'none', tick: { intervalSeconds: 60 } },
    });
    expect((await tick(`Bearer ${cronSecret}`)).status).toBe(200);
  });
});

describe('too many', () => {
  it('sign-ins are 429 with Retry-After', async () => {
    const statuses: number[] = [];
    let retryAfter: string | null = null;
    for (let attempt = 0; attempt < 15; attempt++) {
      const answer = await api.call(door, {
        path: '/api/session',
        method: 'POST',
        body: { token: 'guess' },
        signedIn: false,
      });
      statuses.push(answer.status);
      retryAfter ??= answer.headers.get('retry-after');
    }
    expect(statuses.at(-1)).toBe(429);
    expect(Number(retryAfter)).toBeGreaterThan(0);
  });
});
