import { expect, it, vi } from 'vitest';
import { createLog } from '@/lib/config/log';
import { FollowSplits } from '@/lib/gateway/weights/follow-splits';
import { SplitsInMemory } from '@/lib/gateway/weights/splits-in-memory';
import { StoreAway } from '@/lib/kernel/store-away';
import type { Sql } from '@/lib/postgres/sql';
import { shippedRegistry } from '@/lib/registry/shipped-registry';

const key = 'GEN_PROVIDER_WEIGHTS';

function make() {
  const store = { version: 1, runware: 0.1, answers: true, isFrozen: false, isSilent: false, opened: 0, reads: 0 };
  const clock = { wall: 1_000_000, mono: 0 };
  const look = (since: number) => {
    store.reads += 1;
    const text = JSON.stringify({ fal: 1 - store.runware, runware: store.runware });
    const row = { key, version: store.version, text, stage: null, hash: String(store.version * 7) };
    const sums = { count: 1, versions: String(row.version), hashes: row.hash };
    return { registry: '0', ...sums, rows: row.version > since ? [row] : null };
  };
  const query = async (parts: readonly string[], since: number) => {
    if (store.isSilent) return new Promise(() => {});
    if (store.isFrozen) throw StoreAway.late('reading the weights', 700);
    if (!store.answers) throw new Error('away');
    return parts[0]?.includes('sluice.registry()') ? [{ registry: shippedRegistry }] : [look(since)];
  };
  const sql = Object.assign(query, { end: async () => undefined }) as unknown as Sql;
  const splits = new SplitsInMemory({ lanes: new Map(), random: () => 0.5, monotonic: () => clock.mono });
  const follow = new FollowSplits({
    clock: { now: () => clock.wall, monotonic: () => clock.mono },
    open: () => {
      store.opened += 1;
      return sql;
    },
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
  await follow.stop();
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
  await follow.stop();
});

it('reads once more when asked during a read, and not once for each asking', async () => {
  const { store, follow } = make();
  await Promise.all([follow.read(), follow.read(), follow.read()]);
  expect(store.reads).toBe(2);
});

it('looks every quarter of a second after an outage, as nobody may hear notifications yet', async () => {
  vi.useFakeTimers();
  try {
    const { store, clock, weights, follow } = make();
    const pass = async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 50) {
        clock.mono += 50;
        clock.wall += 50;
        await vi.advanceTimersByTimeAsync(50);
      }
    };
    await follow.start();
    await pass(3000);
    expect(store.reads).toBe(4);
    store.answers = false;
    await pass(2000);
    store.answers = true;
    await pass(250);
    Object.assign(store, { version: 2, runware: 0.5 });
    await pass(250);
    expect(weights.routing.version).toBe(2);
    await pass(10_000);
    const before = store.reads;
    await pass(3000);
    expect(store.reads - before).toBe(3);
    await follow.stop();
  } finally {
    vi.useRealTimers();
  }
});

it('asks a store that fell silent by a new connection, and gives that one up as well', async () => {
  const { store, follow } = make();
  await follow.start();
  expect(store.opened).toBe(1);
  store.isFrozen = true;
  await follow.read();
  store.isFrozen = false;
  await follow.read();
  expect(store.opened).toBe(3);
  await follow.stop();
});

it('ends with the look that runs, and hears of nothing afterwards', async () => {
  const { store, weights, follow } = make();
  await follow.start();
  Object.assign(store, { version: 2, runware: 0.5 });
  void follow.read();
  void follow.read();
  await follow.stop();
  const { reads, opened } = store;
  expect([reads, weights.routing.version]).toEqual([2, 2]);
  await follow.read();
  expect([store.reads, store.opened]).toEqual([reads, opened]);
});

it('leaves few connections behind at a server that is frozen: all of them stand before it when that goes on', async () => {
  vi.useFakeTimers();
  try {
    const { store, clock, follow } = make();
    await follow.start();
    store.isSilent = true;
    for (let passed = 0; passed < 12_000; passed += 50) {
      clock.mono += 50;
      clock.wall += 50;
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(store.opened).toBeGreaterThan(4);
    expect(store.opened).toBeLessThan(10);
    void follow.stop();
  } finally {
    vi.useRealTimers();
  }
});
