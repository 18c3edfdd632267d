import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addOperator } from '@/lib/access/operators';
import { routes } from '@/lib/doors/control/routes';
import { access } from '@/lib/process/web';
import { adminToken, cronSecret } from '../support/api';
import { expectRefusal } from './expect-refusal';
import { doors, openWorld, type World } from './world';

let world: World;
let viewer: string;
beforeAll(async () => {
  world = await openWorld();
  const { token } = await addOperator(access().identities, { name: 'ann', role: 'viewer', validDays: null }, 'test');
  viewer = token;
});
afterAll(() => world.close());

const controlled = routes.filter(({ access: who }) => who === 'viewer' || who === 'operator' || who === 'admin');
const filled = (path: string) =>
  path
    .replace('{id}', '1')
    .replace('{slug}', 'gen')
    .replace('{provider}/{alias}', 'fal/a')
    .replace('{name}', 'ann')
    .replace('{request}', 'r-1-of-a-caller')
    .replace('{job}', '00000000-0000-4000-8000-000000000000');
/** A vendor has no site: it shows the token of one job. */
const isVendors = (path: string) => path.startsWith('/api/jobs/webhooks/');
const bodyOf = (method: string) => (method === 'GET' ? {} : { body: { reason: 'a try' } });

const strangers: readonly (readonly [string, Readonly<Record<string, string | null>>])[] = [
  ['nothing', {}],
  ['a wrong token', { authorization: 'Bearer wrong' }],
  ['an empty token', { authorization: 'Bearer ' }],
  ['Bearer undefined', { authorization: 'Bearer undefined' }],
  ['another scheme', { authorization: `Basic ${adminToken}` }],
  ['a token and more', { authorization: `Bearer ${adminToken}x` }],
  ['an unknown operator token', { authorization: `Bearer slo_${'x'.repeat(43)}` }],
  ['a token of 8,000 characters', { authorization: `Bearer ${'y'.repeat(8000)}` }],
  ['a forged cookie', { cookie: 'sluice=eyJuYW1lIjoib3BlcmF0b3I6YWRtaW4ifQ.x' }],
  ['an unknown session', { cookie: `sluice=sls_${'x'.repeat(43)}` }],
];

describe.each(doors)('the control plane, at the door %s', (door) => {
  it.each(controlled.map(({ method, path }) => [method, path] as const))(
    '%s %s knows who calls',
    async (method, path) => {
      const before = await world.state();
      for (const [, headers] of strangers) {
        const call = { method, path: filled(path), signedIn: false, headers, ...bodyOf(method) };
        const said = await world.send(door, call);
        expectRefusal(said, {
          status: 401,
          code: 'not-signed-in',
          names: ['Sign in', 'Bearer'],
          sent: JSON.stringify(headers),
        });
        expect(said.headers.get('www-authenticate')).toMatch(/^Bearer/);
      }
      expect(await world.state()).toEqual(before);
    },
  );

  const beyondViewer = controlled.filter(({ access: who }) => who !== 'viewer');
  it.each(beyondViewer.map(({ method, path, access: who }) => [method, path, who] as const))(
    '%s %s is not for a viewer',
    async (method, path, who) => {
      const before = await world.state();
      const headers = { authorization: `Bearer ${viewer}` };
      const said = await world.send(door, { method, path: filled(path), headers, ...bodyOf(method) });
      expectRefusal(said, { status: 403, code: 'role', names: ['operator:ann', 'viewer', who] });
      expect(await world.state()).toEqual(before);
    },
  );

  const writes = routes.filter(
    ({ method, path, access: who }) => method !== 'GET' && who !== 'key' && who !== 'cron' && !isVendors(path),
  );
  it.each(writes.map(({ method, path }) => [method, path] as const))(
    '%s %s is for this site only',
    async (method, path) => {
      const before = await world.state();
      const sites = [
        ['origin', 'https://evil.example'],
        ['origin', 'null'],
        ['origin', 'http://127.0.0.1:1'],
        ['origin', `https://${'y'.repeat(500)}.example`],
        ['sec-fetch-site', 'cross-site'],
        ['sec-fetch-site', 'same-site'],
      ] as const;
      for (const [name, value] of sites) {
        const said = await world.send(door, {
          method,
          path: filled(path),
          headers: { [name]: value },
          ...bodyOf(method),
        });
        expectRefusal(said, {
          status: 403,
          code: 'cross-site',
          names: [value.slice(0, 20), 'another site'],
          sent: value,
        });
      }
      expect(await world.state()).toEqual(before);
    },
  );

  it.each(['GET', 'POST'])('the scheduler by %s has its own secret, in its header', async (method) => {
    const before = await world.state();
    const path = '/api/cron/watchdog';
    const wrong: readonly (readonly [string, string | null])[] = [
      [path, null],
      [path, 'Bearer wrong-secret-of-another-length'],
      [path, `Bearer ${'x'.repeat(cronSecret.length)}`],
      [path, 'Bearer undefined'],
      [path, 'Bearer null'],
      [path, 'Bearer '],
      [path, 'Bearer x'],
      [path, `Bearer ${cronSecret}x`],
      [path, `Bearer ${cronSecret.slice(0, -1)}`],
      [path, cronSecret],
      [path, `Bearer ${adminToken}`],
      [`${path}?secret=${cronSecret}`, null],
      [`${path}?authorization=Bearer%20${cronSecret}`, null],
    ];
    for (const [target, authorization] of wrong) {
      const said = await world.send(door, { method, path: target, signedIn: false, headers: { authorization } });
      expectRefusal(said, { status: 401, code: 'cron-secret', names: ['CRON_SECRET'], sent: cronSecret });
      expect(said.text).not.toContain(cronSecret);
    }
    expect(await world.state()).toEqual(before);
  });

  it.each([
    [{}, 'Name one way in'],
    [{ token: 7 }, '/token must be text'],
    [{ token: '' }, '/token must be text'],
    [{ token: 'y'.repeat(201) }, '/token must be text of 1 to 200 characters'],
    [{ link: [] }, '/link must be text'],
    [{ email: 'a@b.example' }, 'Name one way in'],
    [{ password: 'x' }, '/email must be text'],
  ])('a sign-in with %j', async (body, names) => {
    const before = await world.state();
    const said = await world.send(door, { method: 'POST', path: '/api/session', signedIn: false, body });
    expectRefusal(said, { status: 422, code: 'body-invalid', names: [names], sent: JSON.stringify(body) });
    expect(await world.state()).toEqual(before);
  });
});

describe.each(doors)('what is not there, at the door %s', (door) => {
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

  it.each([
    '/api/nowhere',
    '/api/nowhere/at/all',
    '/api/rollout/promote',
    `/api/${'y'.repeat(900)}`,
    '/api/journal/1/2',
    '/api',
  ])('%s is 404', async (path) => {
    for (const method of methods) {
      const said = await world.send(door, { method, path, ...bodyOf(method) });
      expectRefusal(said, { status: 404, code: 'not-found', names: [path.slice(0, 40)], sent: path });
    }
  });

  it.each([
    '/api/journal/x',
    '/api/journal/0',
    '/api/journal/-1',
    '/api/journal/1e3',
    '/api/journal/99999999999999999',
  ])('%s is 404', async (path) => {
    expectRefusal(await world.send(door, { path }), {
      status: 404,
      code: 'not-found',
      names: ['a whole number'],
      sent: path,
    });
  });

  const paths = [...new Set(routes.map(({ path }) => path))].filter(
    // FAL's door says it in FAL's words.
    (path) => path.startsWith('/api/') && !path.startsWith('/api/fal/'),
  );
  it.each(paths)('%s answers its own methods only', async (path) => {
    const own = routes.filter((route) => route.path === path).map(({ method }) => method as string);
    for (const method of methods.filter((each) => !own.includes(each))) {
      const said = await world.send(door, { method, path: filled(path), ...bodyOf(method) });
      expectRefusal(said, { status: 405, code: 'method-not-allowed', names: [method, filled(path), ...own] });
      expect(said.headers.get('allow')?.split(', ').sort()).toEqual([...own].sort());
    }
  });
});

it.each(['PROPFIND', 'PURGE', 'LINK'])('the method %s is 405 at the front', async (method) => {
  for (const path of ['/api/rollout', '/api/generate']) {
    const said = await world.send('front', { method, path });
    expectRefusal(said, { status: 405, code: 'method-not-allowed', names: [path] });
  }
});

it.each(['evil.example', 'evil.example:80', '169.254.169.254', ''])('the Host %j is not ours', async (host) => {
  const before = await world.state();
  for (const path of ['/api/rollout', '/api/generate']) {
    const said = await world.send('next', { method: 'POST', path, body: {}, headers: { host } });
    expectRefusal(said, { status: 421, code: 'host-not-allowed', names: [host, 'SLUICE_ALLOWED_HOSTS'] });
  }
  expect(await world.state()).toEqual(before);
});
