import { expect, it } from 'vitest';
import { createLog } from '@/lib/config/log';
import { FollowSplits } from '@/lib/gateway/weights/follow-splits';
import { SplitsInMemory } from '@/lib/gateway/weights/splits-in-memory';
import type { Sql } from '@/lib/postgres/sql';
import { shippedRegistry } from '@/lib/registry/shipped-registry';

const key = 'GEN_PROVIDER_WEIGHTS';

function make() {
  const store = { version: 1, runware: 0.1, answers: true, reads: 0 };
  const clock = { wall: 1_000_000, mono: 0 };
  const look = (since: number) => {
    store.reads += 1;
    const text = JSON.stringify({ fal: 1 - store.runware, runware: store.runware });
    const row = { key, version: store.version, text, stage: null, hash: String(store.version * 7) };
    const sums = { count: 1, versions: String(row.version), hashes: row.hash };
    return { registry: '0', ...sums, rows: row.version > since ? [row] : null };
  };
  const query = async (parts: readonly string[], since: number) => {
    if (!store.answers) throw new Error('away');
    return parts[0]?.includes('sluice.registry()') ? [{ registry: shippedRegistry }] : [look(since)];
  };
  const sql = Object.assign(query, { end: async () => undefined }) as unknown as Sql;
  const splits = new SplitsInMemory({ lanes: new Map(), random: () => 0.5, monotonic: () => clock.mono });
  const follow = new FollowSplits({
    clock: { now: () => clock.wall, monotonic: () => clock.mono },
    open: () => sql,
    splits,
    learn: async (reading) => splits.learn(reading),
    file: null,
    log: createLog('silent', {}),
  });
  return { store, clock, weights: splits.first.weights, follow };
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
