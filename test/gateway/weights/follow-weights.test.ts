import { expect, it } from 'vitest';
import { createLog } from '@/lib/config/log';
import { FollowWeights } from '@/lib/gateway/weights/follow-weights';
import { WeightsInMemory } from '@/lib/gateway/weights/weights-in-memory';
import type { Sql } from '@/lib/postgres/sql';

const names = { baseline: 'fal', candidates: ['runware'], registered: ['fal', 'runware'], deprecated: [] };
const rules = { split: 'S', configured: ['fal', 'runware'], random: () => 0.5 };

function make() {
  const store = { version: 1, runware: 0.1, answers: true, reads: 0 };
  const clock = { wall: 1_000_000, mono: 0 };
  const query = async () => {
    store.reads += 1;
    if (!store.answers) throw new Error('away');
    const text = JSON.stringify({ fal: 1 - store.runware, runware: store.runware });
    return [{ version: store.version, text, stage: null }];
  };
  const sql = Object.assign(query, { end: async () => undefined }) as unknown as Sql;
  const weights = new WeightsInMemory(names, rules, () => clock.mono);
  const follow = new FollowWeights({
    clock: { now: () => clock.wall, monotonic: () => clock.mono },
    open: () => sql,
    split: 'S',
    weights,
    file: null,
    log: createLog('silent', {}),
  });
  return { store, clock, weights, follow };
}

it.each([
  ['a stopped process', 60_000, 60_000],
  ['a frozen machine, whose monotonic clock stood still', 0, 60_000],
])('reads before the first request of %s', async (_, monotonicMs, wallMs) => {
  const { store, clock, weights, follow } = make();
  await follow.start();
  expect(follow.wake()).toBeNull();
  Object.assign(store, { version: 2, runware: 0.5 });
  clock.mono += monotonicMs;
  clock.wall += wallMs;
  const awake = follow.wake();
  expect(awake).not.toBeNull();
  await awake;
  expect(weights.routing).toMatchObject({ version: 2, weights: { runware: 0.5 } });
  expect(follow.wake()).toBeNull();
  follow.stop();
});

it('goes on with the last good weights when the store is away at waking', async () => {
  const { store, clock, weights, follow } = make();
  await follow.start();
  store.answers = false;
  clock.mono += 60_000;
  clock.wall += 60_000;
  await follow.wake();
  expect(weights.routing.version).toBe(1);
  expect(follow.wake()).toBeNull();
  follow.stop();
});

it('reads once more when asked during a read, and not once for each asking', async () => {
  const { store, follow } = make();
  await Promise.all([follow.read(), follow.read(), follow.read()]);
  expect(store.reads).toBe(2);
});
