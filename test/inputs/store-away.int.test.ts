import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '@/lib/doors/control/routes';
import { cronSecret } from '../support/api';
import { type TestDatabase, testDatabase } from '../support/database';
import { filmRules } from '../support/own-dialect';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { expectRefusal } from './expect-refusal';
import { doors, openWorld, type World } from './world';

let database: TestDatabase;
let network: TcpProxy;
let world: World;
beforeAll(async () => {
  database = await testDatabase();
  const url = new URL(database.url);
  network = await startTcpProxy({ port: Number(url.port) });
  url.host = `127.0.0.1:${network.port}`;
  world = await openWorld({ DATABASE_URL: url.toString() });
});
afterAll(async () => {
  network.accept = 'pass';
  await world.close();
  await network.close();
  await database.close();
});
afterEach(() => {
  network.accept = 'pass';
});

/** What of the control plane needs the store; the rest answers without it, or streams. */
const needy = routes.filter(
  ({ method, path, access }) =>
    access !== 'key' &&
    access !== 'public' &&
    !path.endsWith('/stream') &&
    // A key is sealed before it is stored, and there is nothing here to seal it under.
    !(method === 'POST' && path === '/api/providers/{name}/keys') &&
    !['/api/session', '/metrics'].includes(path),
);
const bodies: Readonly<Record<string, unknown>> = {
  '/api/rollout/advance': { to: 'D2', reason: 'x' },
  '/api/rollout/weights': { weights: { fal: 1, runware: 0 }, reason: 'x' },
  '/api/policy': { policy: {}, reason: 'x' },
  '/api/splits': { slug: 'two', kind: 'image', baseline: 'fal', candidates: ['runware'] },
  '/api/splits/{slug}': { label: 'x' },
  '/api/splits/{slug}/advance': { to: 'D2', reason: 'x' },
  '/api/splits/{slug}/weights': { weights: { fal: 1, runware: 0 }, reason: 'x' },
  '/api/splits/{slug}/policy': { policy: {}, reason: 'x' },
  '/api/splits/{slug}/replay': { window: '1h' },
  '/api/splits/{slug}/comparisons': { prompt: 'x' },
  '/api/splits/{slug}/comparisons/{id}/vote': { choice: 'left' },
  '/api/splits/{slug}/in-flight/poll': { provider: 'fal' },
  '/api/splits/{slug}/arms/{name}': { provider: 'fal' },
  '/api/providers/{name}': { adapter: 'fal' },
  '/api/session/password': { password: 'old', new_password: 'correct horse battery' },
  '/api/callers': { name: 'shop', scopes: ['generate'] },
  '/api/callers/{name}/quota': { quota: {} },
  '/api/callers/{name}/models': { models: [] },
  '/api/callers/{name}/prefixes': { prefixes: [] },
  '/api/callers/{name}': { scopes: ['generate'] },
  '/api/dialects/{name}': { rules: filmRules },
  '/api/models/{provider}/{alias}': { provider_model: 'x' },
  '/api/invites': { name: 'ann', role: 'viewer' },
  '/api/operators': { name: 'ann', role: 'viewer' },
  '/api/providers/{name}/test': { dry_run: false },
  '/api/alert-channels/{id}': { name: 'on call' },
  '/api/alert-channels': { kind: 'webhook', url: 'https://8.8.8.8/x' },
};

/** Some of each kind: those that wait for a store of their own each cost their whole deadline. */
const someOf = needy.filter(({ path }) => /rollout$|rollback|weights|journal$|policy/.test(path));

const faults = [
  ['gone', needy, () => Object.assign(network, { accept: 'reset' }).reset()],
  ['frozen', someOf, () => Object.assign(network, { accept: 'hang' }).freezeOpen()],
] as const;

describe.each(faults)('the store is %s', (_, asked, breakIt) => {
  it('the control plane says so, and when to come back', async () => {
    const calls = asked.flatMap(({ method, path }) => {
      const headers: Record<string, string> = path.startsWith('/api/cron')
        ? { authorization: `Bearer ${cronSecret}` }
        : {};
      const body = method === 'GET' || method === 'DELETE' ? {} : { body: bodies[path] ?? { reason: 'x' } };
      const target = path.replace('{id}', '1').replace('{name}', 'ann').replace('{slug}', 'gen');
      return doors.map((door) => ({
        door,
        path,
        method,
        call: { method, path: target, version: 41, headers, ...body },
      }));
    });
    breakIt();
    const seen = await Promise.all(
      calls.map(async ({ door, method, path, call }) => ({
        line: `${method} ${path} at ${door}`,
        path,
        said: await world.send(door, call),
      })),
    );
    const wrong = seen.filter(({ said }) => said.status !== 503).map(({ line, said }) => `${line}: ${said.status}`);
    expect(wrong).toEqual([]);
    for (const { path, said } of seen) {
      expect(Number(said.headers.get('retry-after'))).toBeGreaterThan(0);
      if (path.startsWith('/api/cron')) continue;
      expectRefusal(said, { status: 503, code: 'store-unavailable', names: ['database', 'routing goes on'] });
    }
  }, 60_000);

  it('generations go on', async () => {
    breakIt();
    for (const door of doors) {
      const said = await world.send(door, { method: 'POST', path: '/api/generate', body: { prompt: 'x' } });
      expect(said.status).toBe(200);
    }
  });
});
