import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Access } from '@/lib/doors/route';
import type { AppRoute } from '../support/app-front';
import { type TestDatabase, testDatabase } from '../support/database';

// Written out a second time on purpose: whoever opens a route has to say so here too.
/** `vendor`: by a token of the one thing that it speaks of. */
const table: Readonly<Record<string, Access | 'vendor'>> = {
  'GET /api/rollout': 'viewer',
  'POST /api/rollout/advance': 'operator',
  'POST /api/rollout/rollback': 'operator',
  'POST /api/rollout/pause': 'operator',
  'POST /api/rollout/resume': 'operator',
  'POST /api/rollout/rearm': 'operator',
  'PUT /api/rollout/weights': 'operator',
  'GET /api/splits': 'viewer',
  'POST /api/splits': 'admin',
  'GET /api/splits/stream': 'viewer',
  'GET /api/splits/{slug}': 'viewer',
  'PUT /api/splits/{slug}': 'admin',
  'DELETE /api/splits/{slug}': 'admin',
  'POST /api/splits/{slug}/advance': 'operator',
  'POST /api/splits/{slug}/rollback': 'operator',
  'POST /api/splits/{slug}/pause': 'operator',
  'POST /api/splits/{slug}/resume': 'operator',
  'POST /api/splits/{slug}/rearm': 'operator',
  'PUT /api/splits/{slug}/weights': 'operator',
  'GET /api/splits/{slug}/policy': 'viewer',
  'PUT /api/splits/{slug}/policy': 'operator',
  'POST /api/splits/{slug}/replay': 'viewer',
  'GET /api/splits/{slug}/metrics': 'viewer',
  'GET /api/splits/{slug}/segments': 'viewer',
  'GET /api/splits/{slug}/stream': 'viewer',
  'GET /api/splits/{slug}/journal': 'viewer',
  'GET /api/splits/{slug}/incidents/{id}': 'viewer',
  'GET /api/splits/{slug}/comparisons': 'viewer',
  'POST /api/splits/{slug}/comparisons': 'operator',
  'POST /api/splits/{slug}/comparisons/{id}/vote': 'operator',
  'POST /api/splits/{slug}/card-links': 'operator',
  'GET /s/{slug}/card.png': 'vendor',
  'GET /api/splits/{slug}/requests': 'viewer',
  'GET /api/splits/{slug}/requests/{request}': 'viewer',
  'GET /api/splits/{slug}/jobs': 'viewer',
  'GET /api/splits/{slug}/jobs/{job}': 'viewer',
  'POST /api/splits/{slug}/jobs/{job}/cancel': 'operator',
  'POST /api/splits/{slug}/jobs/{job}/poll': 'operator',
  'GET /api/splits/{slug}/in-flight': 'viewer',
  'GET /api/splits/{slug}/job-outlook': 'viewer',
  'POST /api/splits/{slug}/in-flight/poll': 'operator',
  'GET /api/splits/{slug}/arms': 'viewer',
  'GET /api/splits/{slug}/quota': 'viewer',
  'GET /api/splits/{slug}/arms/{name}': 'viewer',
  'PUT /api/splits/{slug}/arms/{name}': 'admin',
  'DELETE /api/splits/{slug}/arms/{name}': 'admin',
  'GET /api/providers': 'viewer',
  'GET /api/providers/{name}': 'viewer',
  'PUT /api/providers/{name}': 'admin',
  'DELETE /api/providers/{name}': 'admin',
  'GET /api/models': 'viewer',
  'POST /api/splits/{slug}/shape': 'operator',
  'GET /api/dialects': 'viewer',
  'GET /api/dialects/{name}': 'viewer',
  'PUT /api/dialects/{name}': 'admin',
  'DELETE /api/dialects/{name}': 'admin',
  'GET /api/models/{provider}/{alias}': 'viewer',
  'PUT /api/models/{provider}/{alias}': 'admin',
  'DELETE /api/models/{provider}/{alias}': 'admin',
  'GET /api/alerts': 'viewer',
  'POST /api/alerts/{id}/acknowledge': 'operator',
  'GET /api/policy': 'viewer',
  'PUT /api/policy': 'operator',
  'POST /api/replay': 'viewer',
  'GET /api/metrics': 'viewer',
  'GET /api/segments': 'viewer',
  'GET /api/journal': 'viewer',
  'GET /api/journal/{id}': 'viewer',
  'GET /api/stream': 'viewer',
  'GET /api/session': 'viewer',
  'POST /api/session': 'public',
  'DELETE /api/session': 'public',
  'GET /api/session/password': 'viewer',
  'PUT /api/session/password': 'viewer',
  'GET /api/invites': 'admin',
  'POST /api/invites': 'admin',
  'DELETE /api/invites/{id}': 'admin',
  'POST /api/invites/accept': 'public',
  'GET /api/operators': 'admin',
  'POST /api/operators': 'admin',
  'DELETE /api/operators/{name}': 'admin',
  'GET /api/sessions': 'admin',
  'DELETE /api/sessions/{id}': 'admin',
  'GET /api/alert-channels': 'admin',
  'POST /api/alert-channels': 'admin',
  'PUT /api/alert-channels/{id}': 'admin',
  'GET /api/alert-deliveries': 'admin',
  'POST /api/providers/{name}/test': 'operator',
  'DELETE /api/alert-channels/{id}': 'admin',
  'POST /api/alert-channels/{id}/test': 'admin',
  'GET /api/providers/{name}/keys': 'admin',
  'POST /api/providers/{name}/keys': 'admin',
  'GET /api/callers': 'admin',
  'POST /api/callers': 'admin',
  'POST /api/callers/{name}/keys': 'admin',
  'DELETE /api/callers/{name}': 'admin',
  'PUT /api/callers/{name}/quota': 'admin',
  'PUT /api/callers/{name}/models': 'admin',
  'PUT /api/callers/{name}/prefixes': 'admin',
  'PUT /api/callers/{name}': 'admin',
  'GET /metrics': 'key',
  'GET /api/cron/watchdog': 'cron',
  'POST /api/cron/watchdog': 'cron',
  'GET /api/openapi.json': 'public',
  'GET /api/sluice.schema.json': 'public',
  'POST /api/generate': 'key',
  'POST /api/jobs': 'key',
  'GET /api/jobs': 'key',
  'GET /api/jobs/{job}': 'key',
  'GET /api/jobs/{job}/events': 'key',
  'DELETE /api/jobs/{job}': 'key',
  'GET /api/quota': 'key',
  'POST /v1/images/generations': 'key',
  'POST /v1/images/edits': 'key',
  'GET /v1/models': 'key',
  'GET /v1/models/{id}': 'key',
  'POST /v1/videos': 'key',
  'GET /v1/videos': 'key',
  'GET /v1/videos/{video}': 'key',
  'DELETE /v1/videos/{video}': 'key',
  'GET /v1/videos/{video}/content': 'key',
  'POST /v1/videos/{video}/remix': 'key',
  'POST /fal/run/{model}': 'key',
  'GET /api/fal/proxy': 'key',
  'POST /api/fal/proxy': 'key',
  'PUT /api/fal/proxy': 'key',
  'GET /fal/queue/{call}': 'key',
  'POST /fal/queue/{call}': 'key',
  'PUT /fal/queue/{call}': 'key',
  'POST /api/vouchers': 'key',
  'POST /api/events': 'key',
  'POST /api/jobs/webhooks/{job}': 'vendor',
  'GET /api/health': 'public',
  'GET /api/health/live': 'public',
  'GET /api/health/ready': 'public',
  'GET /fal/.well-known/jwks.json': 'public',
  'GET /.well-known/security.txt': 'public',
  'GET /images/{picture}': 'public',
};

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const apiKey = 'data-plane-key-of-the-table';
const cronSecret = 'cron-secret-of-the-table';
const adminToken = 'admin-token-of-the-table';

let database: TestDatabase;
let front: Awaited<ReturnType<typeof import('../support/app-front')['startAppFront']>>;
let routesOnDisk: AppRoute[];
let described: string[];
const bearer: Record<string, string> = { admin: adminToken, key: apiKey, cron: cronSecret, wrong: 'nobody-knows-this' };
let folder: string;

beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'sluice-table-'));
  const env = {
    DATABASE_URL: database.url,
    SLUICE_DATA_DIR: folder,
    SLUICE_ADMIN_TOKEN: adminToken,
    SLUICE_API_KEYS: apiKey,
    CRON_SECRET: cronSecret,
    SLUICE_RATE_SIGN_IN: '0',
    SLUICE_RATE_CRON: '0',
    LOG_LEVEL: 'silent',
  };
  for (const [key, value] of Object.entries(env)) vi.stubEnv(key, value);
  const support = await import('../support/app-front');
  const { access } = await import('@/lib/process/web');
  const { addOperator } = await import('@/lib/access/operators');
  const { routes } = await import('@/lib/doors/control/routes');
  front = await support.startAppFront();
  routesOnDisk = support.appRoutes();
  described = routes.map(({ method, path }) => `${method} ${path}`);
  for (const role of ['viewer', 'operator'] as const) {
    bearer[role] = (
      await addOperator(access().identities, { name: `the-${role}`, role, validDays: null }, 'test')
    ).token;
  }
});
afterAll(async () => {
  await front.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

async function call(method: string, path: string, headers: Record<string, string> = {}): Promise<number> {
  const target =
    front.url +
    path.replace('{id}', '999999').replace('{slug}', 'gen').replace('{name}', 'nobody').replace('{picture}', 'a.svg');
  const body = method === 'GET' ? {} : { body: '{}' };
  const type = { 'content-type': 'application/json' };
  const stop = new AbortController();
  const answer = await fetch(target, { method, ...body, headers: { ...type, ...headers }, signal: stop.signal });
  // A stream never ends by itself.
  if (answer.headers.get('content-type')?.startsWith('text/event-stream')) stop.abort();
  else await answer.arrayBuffer();
  return answer.status;
}

const as = (who: string) => ({ authorization: `Bearer ${bearer[who]}` });

const mayPass: Readonly<Record<Access | 'vendor', readonly string[]>> = {
  vendor: [],
  public: ['nobody', 'wrong', 'viewer', 'operator', 'admin', 'key', 'cron'],
  viewer: ['viewer', 'operator', 'admin'],
  operator: ['operator', 'admin'],
  admin: ['admin'],
  key: ['key'],
  cron: ['cron'],
};

describe('route × method × role', () => {
  it('knows every route file there is, and describes no other', () => {
    const inTable = new Set(Object.keys(table).map((line) => line.split(' ')[1] ?? ''));
    const reaches = (file: AppRoute) => [...inTable].filter((path) => file.pattern.test(path));
    expect(routesOnDisk.filter((file) => reaches(file).length === 0)).toEqual([]);
    expect([...inTable].filter((path) => routesOnDisk.every((file) => !file.pattern.test(path)))).toEqual([]);
    expect([...described].sort()).toEqual(Object.keys(table).sort());
  });

  it('answers 405 to every method the table does not have', { timeout: 240_000 }, async () => {
    const seen: string[] = [];
    for (const path of new Set(Object.keys(table).map((line) => line.split(' ')[1] ?? ''))) {
      for (const method of methods.filter((one) => table[`${one} ${path}`] === undefined)) {
        const status = await call(method, path, as('admin'));
        if (status !== 405) seen.push(`${method} ${path} → ${status}`);
      }
    }
    expect(seen).toEqual([]);
  });

  it.each(Object.entries(table))('%s is for %s', async (line, access) => {
    const [method = '', path = ''] = line.split(' ');
    const seen: Record<string, string> = {};
    for (const who of mayPass.public) {
      const status = await call(method, path, who === 'nobody' ? {} : as(who));
      seen[who] =
        status === 401 || status === 403
          ? 'refused'
          : status >= 500 && status !== 501 && status !== 503
            ? String(status)
            : 'passes';
    }
    const expected = Object.fromEntries(
      mayPass.public.map((who) => [who, mayPass[access].includes(who) ? 'passes' : 'refused']),
    );
    expect(seen).toEqual(expected);
  });

  it('refuses every write that another site makes a browser send, whoever is signed in', async () => {
    const writes = Object.entries(table).filter(
      ([line, access]) => !line.startsWith('GET') && access !== 'key' && access !== 'cron' && access !== 'vendor',
    );
    const sites: readonly Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ];
    for (const [line] of writes) {
      const [method = '', path = ''] = line.split(' ');
      for (const site of sites)
        expect([line, site, await call(method, path, { ...as('admin'), ...site })]).toEqual([line, site, 403]);
    }
  });

  it('answers unknown paths under /api with problem+json', async () => {
    const answer = await fetch(`${front.url}/api/nowhere/at-all`);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });
});

describe('sessions of the browser', () => {
  const signIn = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${front.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  it('are opened by an operator token, kept HttpOnly and SameSite=Strict, and ended by signing out', async () => {
    const answer = await signIn({ token: bearer.viewer });
    expect(await answer.json()).toEqual({ name: 'operator:the-viewer', role: 'viewer' });
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^sluice=sls_[\w-]+; Path=\/; HttpOnly; SameSite=Strict/);
    const own = { cookie: cookie.split(';')[0] ?? '' };
    expect(await call('GET', '/api/rollout', own)).toBe(200);
    expect(await call('POST', '/api/rollout/rollback', own)).toBe(403);
    expect(await call('DELETE', '/api/session', own)).toBe(200);
    expect(await call('GET', '/api/rollout', own)).toBe(401);
  });

  it('of the admin token end by signing out too', async () => {
    const cookie = (await signIn({ token: adminToken })).headers.get('set-cookie') ?? '';
    const own = { cookie: cookie.split(';')[0] ?? '' };
    expect(await call('GET', '/api/operators', own)).toBe(200);
    expect(await call('DELETE', '/api/session', own)).toBe(200);
    expect(await call('GET', '/api/operators', own)).toBe(401);
  });

  it('carry the __Host- prefix behind https', async () => {
    const answer = await signIn({ token: bearer.viewer }, { 'x-forwarded-proto': 'https' });
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-sluice=.*; Secure/);
  });

  it.each([{}, { token: 'slo_wrong' }, { token: 'wrong' }, { link: 'sll_wrong' }, { email: 'a@b.c', password: 'x' }])(
    'are not opened by %j',
    async (body) => {
      const answer = await signIn(body);
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect([401, 404, 422]).toContain(answer.status);
    },
  );
});

describe('GET /metrics', () => {
  it('is a page of sluice_ families', async () => {
    const answer = await fetch(`${front.url}/metrics`, { headers: as('key') });
    expect(answer.headers.get('content-type')).toContain('text/plain');
    const text = await answer.text();
    for (const name of [
      'sluice_weight{',
      'sluice_store_up 1',
      'sluice_weights_age_seconds ',
      'sluice_breaker_state{',
    ]) {
      expect(text).toContain(name);
    }
  });
});
