import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminToken, cronSecret } from '../support/api';
import { expectRefusal } from './expect-refusal';
import { type DoorName, doors, openWorld, type World } from './world';

const most = 3;
let world: World;
beforeAll(async () => {
  const names = ['SIGN_IN', 'CRON', 'GENERATE', 'EVENTS'];
  world = await openWorld(Object.fromEntries(names.map((name) => [`SLUICE_RATE_${name}`, String(most)])));
});
afterAll(() => world.close());

type Headers = Readonly<Record<string, string>>;
const tick = '/api/cron/watchdog';
const scheduler = { authorization: `Bearer ${cronSecret}` };

/** Through the front a forged address buys nothing; at the route file it is the host's to set. */
const send = (door: DoorName, path: string, body: unknown, headers: Headers, n = 0) => {
  const forged: Headers = door === 'front' ? { 'x-forwarded-for': `203.0.113.${n}` } : {};
  return world.send(door, { method: 'POST', path, body, headers: { ...headers, ...forged } });
};

/** Sends what is allowed and more, and what must be the end of it. */
async function sendMany(door: DoorName, path: string, body: unknown, headers: Headers, names: string) {
  const statuses: number[] = [];
  for (let n = 0; n < 2 * most + 2; n += 1) {
    const before = n > 2 * most ? await world.state() : null;
    const said = await send(door, path, body, headers, n);
    statuses.push(said.status);
    if (said.status !== 429) continue;
    expectRefusal(said, { status: 429, code: 'too-many-requests', names: [names] });
    if (before !== null) expect(await world.state()).toEqual(before);
  }
  expect(statuses.slice(2 * most)).toEqual([429, 429]);
  expect(statuses.filter((status) => status !== 429).length).toBeLessThanOrEqual(2 * most);
}

// In this order: whoever is right is let in after the failures of whoever is not.
describe('wrong credentials', () => {
  const rows = [
    ['/api/session', { token: 'a-guess-at-it' }, {}],
    [tick, undefined, { authorization: 'Bearer wrong' }],
    ['/api/rollout/rollback', { reason: 'a try' }, { authorization: 'Bearer wrong' }],
  ] as const;
  it.each(doors.flatMap((door) => rows.map(([path, body, headers]) => [door, path, body, headers] as const)))(
    'at the door %s, %s answers a few in a minute and no more',
    async (door, path, body, headers) => {
      await sendMany(door, path, body, headers, `At most ${most} wrong credentials a minute`);
    },
  );

  it.each(doors)('at the door %s keep nobody out who has the right one', async (door) => {
    for (let n = 0; n < 2 * most; n += 1) {
      expect((await send(door, '/api/session', { token: adminToken }, {})).status).toBe(200);
      const signedIn = { authorization: `Bearer ${adminToken}` };
      expect((await send(door, '/api/rollout/rollback', {}, signedIn)).status).not.toBe(429);
    }
  });

  it('leave the scheduler its own calls', async () => {
    expect((await send('front', tick, undefined, scheduler)).status).toBe(200);
  });
});

describe('calls', () => {
  const rows = [
    [tick, undefined, scheduler],
    ['/api/generate', { prompt: 'x' }, {}],
    ['/v1/images/generations', { prompt: 'x' }, {}],
    ['/api/events', [{ event_type: 'gen_ok', event_data: { provider: 'fal' } }], {}],
    ['/api/vouchers', { request_id: 'never-served' }, {}],
  ] as const;
  it.each(doors.flatMap((door) => rows.map(([path, body, headers]) => [door, path, body, headers] as const)))(
    'at the door %s, %s lets a few in a minute through and no more',
    async (door, path, body, headers) => {
      await sendMany(door, path, body, headers, `At most ${most} a minute`);
    },
  );
});
