import { afterAll, beforeAll, expect, it } from 'vitest';
import { cronSecret } from '../support/api';
import { expectRefusal } from './expect-refusal';
import { doors, openWorld, type World } from './world';

const most = 3;
let world: World;
beforeAll(async () => {
  const names = ['SIGN_IN', 'CRON', 'GENERATE', 'EVENTS'];
  world = await openWorld(Object.fromEntries(names.map((name) => [`SLUICE_RATE_${name}`, String(most)])));
});
afterAll(() => world.close());

const rows = [
  ['/api/session', { token: 'a-guess-at-it' }, {}],
  ['/api/cron/watchdog', undefined, { authorization: `Bearer ${cronSecret}` }],
  ['/api/cron/watchdog', undefined, { authorization: 'Bearer wrong' }],
  ['/api/generate', { prompt: 'x' }, {}],
  ['/v1/images/generations', { prompt: 'x' }, {}],
  ['/api/events', [{ event_type: 'gen_ok', event_data: { provider: 'fal' } }], {}],
  ['/api/vouchers', { request_id: 'never-served' }, {}],
] as const;

it.each(doors.flatMap((door) => rows.map(([path, body, headers]) => [door, path, body, headers] as const)))(
  'at the door %s, %s lets a few in a minute through and no more',
  async (door, path, body, headers) => {
    const statuses: number[] = [];
    for (let n = 0; n < 2 * most + 2; n += 1) {
      const before = n > 2 * most ? await world.state() : null;
      // Through the front a forged address buys nothing; at the route file it is the host's to set.
      const forged: Record<string, string> = door === 'front' ? { 'x-forwarded-for': `203.0.113.${n}` } : {};
      const said = await world.send(door, { method: 'POST', path, body, headers: { ...headers, ...forged } });
      statuses.push(said.status);
      if (said.status !== 429) continue;
      expectRefusal(said, { status: 429, code: 'too-many-requests', names: [`At most ${most} a minute`] });
      if (before !== null) expect(await world.state()).toEqual(before);
    }
    expect(statuses.slice(2 * most)).toEqual([429, 429]);
    expect(statuses.filter((status) => status !== 429).length).toBeLessThanOrEqual(2 * most);
  },
);
