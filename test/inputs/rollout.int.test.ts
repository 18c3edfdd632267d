import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { healthyStage, logTraffic, writeWeights } from '../support/rollout';
import { expectRefusal } from './expect-refusal';
import { doors, openWorld, type World } from './world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const version = () => world.api.rollout.version();
const reason = 'because';

const versioned = [
  ['POST', '/api/rollout/advance', { to: 'D2', reason }],
  ['POST', '/api/rollout/pause', { reason }],
  ['POST', '/api/rollout/resume', { reason }],
  ['POST', '/api/rollout/rearm', { reason }],
  ['PUT', '/api/rollout/weights', { weights: { fal: 0.95, runware: 0.05 }, reason }],
  ['PUT', '/api/policy', { policy: {}, reason }],
] as const;

const malformed = [
  '41',
  'W/"41"',
  '*',
  '"a"',
  '"1", "2"',
  '"-1"',
  '""',
  '"1.5"',
  '"1e3"',
  '"041"',
  `"${'9'.repeat(80)}"`,
];

describe.each(doors)('a version, at the door %s', (door) => {
  it.each(versioned)('is required by %s %s', async (method, path, body) => {
    const before = await world.state();
    const said = await world.send(door, { method, path, body });
    expectRefusal(said, {
      status: 428,
      code: 'version-missing',
      names: ['If-Match', path === '/api/policy' ? path : '/api/rollout'],
    });
    expect(await world.state()).toEqual(before);
  });

  it.each([...versioned, ['POST', '/api/rollout/rollback', { reason }] as const])(
    'that is malformed is told so by %s %s',
    async (method, path, body) => {
      const before = await world.state();
      for (const given of malformed) {
        const said = await world.send(door, { method, path, body, version: given });
        const names = [given.slice(1, 60).replace(/"[\s\S]*/, ''), 'one quoted integer'];
        expectRefusal(said, { status: 400, code: 'if-match-malformed', names, sent: given });
      }
      expect(await world.state()).toEqual(before);
    },
  );

  it.each(versioned.filter(([, path]) => path !== '/api/policy'))(
    'that is stale is refused by %s %s',
    async (method, path, body) => {
      const stale = await version();
      await writeWeights(world.api.rollout.sql, { fal: 0.85, runware: 0.15 });
      await writeWeights(world.api.rollout.sql, { fal: 0.9, runware: 0.1 });
      const before = await world.state();
      for (const given of [stale, 1, Number.MAX_SAFE_INTEGER]) {
        const said = await world.send(door, { method, path, body, version: given });
        expectRefusal(said, { status: 412, code: 'stale-version', names: [String(await version())] });
        expect(said.body).toMatchObject({
          version: await version(),
          weights: { fal: 0.9, runware: 0.1 },
          by: expect.stringMatching(/^sql:/),
          at: expect.stringMatching(/^\d{4}-.*Z$/),
        });
      }
      expect(await world.state()).toEqual(before);
    },
  );

  it('that is stale is refused for the policy as well', async () => {
    const policy = await world.send(door, { path: '/api/policy' });
    const body = { policy: policy.body.policy, reason };
    const before = await world.state();
    const said = await world.send(door, { method: 'PUT', path: '/api/policy', body, version: 987_654_321 });
    expectRefusal(said, { status: 412, code: 'stale-version' });
    expect(said.body).toMatchObject({ version: Number(/\d+/.exec(policy.headers.get('etag') ?? '')?.[0]) });
    expect(await world.state()).toEqual(before);
  });
});

describe('an advance', () => {
  const advance = (door: (typeof doors)[number], to: unknown, given: number, more = {}) =>
    world.send(door, { method: 'POST', path: '/api/rollout/advance', version: given, body: { to, reason, ...more } });
  const closedBy = async (blocker: string) => {
    const before = await world.state();
    for (const door of doors) {
      const said = await advance(door, 'D2', await version());
      expectRefusal(said, { status: 409, code: 'gate-closed', names: ['D2 is not open yet'] });
      const blockers = said.body.blockers as { code: string; detail: string }[];
      expect(blockers.map(({ code }) => code)).toContain(blocker);
      for (const { detail } of blockers) expect(detail).toMatch(/\w{3}/);
    }
    expect(await world.state()).toEqual(before);
  };

  it.each([['D3'], ['D1'], ['D9'], ['x'.repeat(150)]])('to %s out of order', async (to) => {
    const before = await world.state();
    for (const door of doors) {
      const said = await advance(door, to, await version(), { override: true });
      expectRefusal(said, { status: 409, code: 'step-order', names: ['D2'], sent: to });
    }
    expect(await world.state()).toEqual(before);
  });

  it.each([[undefined], [null], [2], [''], ['x'.repeat(201)], [['D2']]])('to %j', async (to) => {
    const before = await world.state();
    for (const door of doors) {
      const said = await advance(door, to, await version());
      expectRefusal(said, {
        status: 422,
        code: 'body-invalid',
        names: ['/to', '1 to 200 characters'],
        sent: String(to),
      });
    }
    expect(await world.state()).toEqual(before);
  });

  it.each([
    [{ reason: 7 }, 'reason-invalid', '/reason is a number, not text'],
    [{ reason: 'x'.repeat(501) }, 'reason-invalid', 'at most 500'],
    [{ reason: 'a\0b' }, 'reason-invalid', 'NUL'],
    [{ reason: '\ud800' }, 'reason-invalid', 'half a character'],
    [{ override: 'yes' }, 'body-invalid', '/override must be true or false'],
    [{ override: true, reason: ' ' }, 'reason-missing', 'reason'],
  ])('with %j', async (more, code, names) => {
    const before = await world.state();
    for (const door of doors) {
      const said = await advance(door, 'D2', await version(), more);
      expectRefusal(said, { status: 422, code, names: [names], sent: JSON.stringify(more) });
    }
    expect(await world.state()).toEqual(before);
  });

  it('before the time is served', () => closedBy('time_not_served'));

  it('while the watchdog is silent', async () => {
    await closedBy('watchdog_silent');
  });

  it('while a line is not ok, though all else is', async () => {
    await healthyStage(world.api.rollout);
    const { rollout } = world.api;
    await logTraffic(rollout.sql, { fromSecondsAgo: 120, perMinute: 30, failEvery: 3 });
    await closedBy('line_not_ok');
  });

  it('after a rollback, until somebody re-arms', async () => {
    const path = '/api/rollout/rollback';
    expect((await world.send('front', { method: 'POST', path, body: { reason } })).status).toBe(200);
    const before = await world.state();
    for (const door of doors) {
      const said = await advance(door, 'D1', await version(), { override: true });
      expectRefusal(said, { status: 409, code: 'rolled-back', names: ['rolled back', 're-arm'] });
      const weights = { fal: 0.9, runware: 0.1 };
      const body = { weights, reason, override: true };
      const put = { method: 'PUT', path: '/api/rollout/weights', body, version: await version() };
      expectRefusal(await world.send(door, put), { status: 409, code: 'rolled-back' });
    }
    expect(await world.state()).toEqual(before);
  });
});
