import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal } from './expect-refusal';
import { doors, openWorld, type World } from './world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const long = 'y'.repeat(500);
const [early, late] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'];

/** Query, and what the sentence names of it. */
const spans: readonly (readonly [Record<string, string>, string])[] = [
  [{ window: 'abc' }, 'window is "abc"; it must be a duration from 1m to 10d'],
  [{ window: '0m' }, 'window is "0m"'],
  [{ window: '-5m' }, 'window is "-5m"'],
  [{ window: '30s' }, 'window is "30s"'],
  [{ window: '11d' }, 'window is "11d"'],
  [{ window: '1e3m' }, 'window is "1e3m"'],
  [{ window: '9'.repeat(400) }, 'it must be a duration from 1m to 10d'],
  [{ window: long }, 'it must be a duration from 1m to 10d'],
  [{ from: 'yesterday' }, 'from is "yesterday"; it must be an instant such as'],
  [{ from: '2026-13-45T00:00:00Z' }, 'from is "2026-13-45T00:00:00Z"; it must be an instant'],
  [{ to: long }, 'it must be an instant such as'],
  [{ from: late, to: early }, `from is "${late}"; it must not be later than to`],
  [{ from: "2026-01-01'; drop table feature_flags;--" }, 'it must be an instant'],
];

const metrics = [...spans, [{ from: '2020-01-01', to: early }, 'must be at most 10 days before to'] as const];

const journal: readonly (readonly [Record<string, string>, string])[] = [
  ...spans.filter(([query]) => !('window' in query)),
  [{ limit: '-1' }, 'limit is "-1"; it must be a whole number from 1 to 500'],
  [{ limit: '0' }, 'limit is "0"'],
  [{ limit: '501' }, 'limit is "501"'],
  [{ limit: '1.5' }, 'limit is "1.5"'],
  [{ limit: 'NaN' }, 'limit is "NaN"'],
  [{ limit: '1e2' }, 'limit is "1e2"'],
  [{ limit: long }, 'it must be a whole number from 1 to 500'],
  [{ before: '0' }, 'before is "0"'],
  [{ before: 'x' }, 'before is "x"'],
  [{ format: 'xml' }, 'format must be json or csv'],
  [{ actor: long }, 'actor must be at most 200 characters'],
  [{ text: 'a\0b' }, 'text must be at most 200 characters, without NUL'],
];

const segments = [
  [{ by: 'colour' }, 'by is "colour"; it must be model'],
  [{ value: 'a\0b' }, 'value must be at most 200 characters, without NUL'],
] as const;

describe.each(doors)('queries that ask for nothing there is, at the door %s', (door) => {
  it.each([
    ['/api/metrics', metrics],
    ['/api/journal', journal],
    ['/api/segments', segments],
  ] as const)('%s', async (path, table) => {
    const before = await world.state();
    for (const [query, names] of table) {
      const said = await world.send(door, { path: `${path}?${new URLSearchParams(query)}` });
      expectRefusal(said, { status: 422, code: 'query-invalid', names: [names], sent: Object.values(query).join() });
      expect((said.body.errors as unknown[]).length).toBe(1);
    }
    expect(await world.state()).toEqual(before);
  });

  it('/api/replay by the same rules', async () => {
    const before = await world.state();
    for (const [body, names] of metrics) {
      const said = await world.send(door, { method: 'POST', path: '/api/replay', body });
      expectRefusal(said, { status: 422, code: 'query-invalid', names: [names], sent: Object.values(body).join() });
    }
    expect(await world.state()).toEqual(before);
  });

  it.each(['x', '0', '9', '3601', '-60'])('an interval of %s from the scheduler', async (interval) => {
    const before = await world.state();
    const headers = { authorization: 'Bearer test-cron-secret-0123456789abcdef' };
    const said = await world.send(door, { path: `/api/cron/watchdog?interval=${interval}`, headers });
    const names = [`interval is "${interval}"; it must be a whole number from 10 to 3600`];
    expectRefusal(said, { status: 422, code: 'query-invalid', names });
    expect(await world.state()).toEqual(before);
  });

  const operator = (name: unknown, role: unknown = 'viewer', valid_days?: unknown) => ({ name, role, valid_days });
  it.each([
    [operator(undefined), 'body-invalid', '/name must be text'],
    [operator('ann smith'), 'operator-invalid', '"ann smith" cannot be a name'],
    [operator('y'.repeat(150)), 'operator-invalid', 'cannot be a name'],
    [operator("x'; drop table feature_flags;--"), 'operator-invalid', 'cannot be a name'],
    [operator('ann', 'god'), 'operator-invalid', '"god"'],
    [operator('ann', 'y'.repeat(150)), 'operator-invalid', 'viewer, operator'],
    [operator('ann', 'viewer', 'x'), 'body-invalid', '/valid_days must be a number of days'],
    [operator('ann', 'viewer', -1), 'operator-invalid', '-1'],
    [operator('ann', 'viewer', 1e308), 'operator-invalid', 'days'],
    [operator('ann', 'viewer', 0.5), 'operator-invalid', '0.5'],
  ])('an operator %j', async (body, code, names) => {
    const before = await world.state();
    const said = await world.send(door, { method: 'POST', path: '/api/operators', body });
    expectRefusal(said, { status: 422, code, names: [names], sent: Object.values(body).join() });
    expect(await world.state()).toEqual(before);
  });
});
