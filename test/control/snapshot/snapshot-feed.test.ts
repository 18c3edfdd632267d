import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Shared, snapshotFeed } from '@/lib/control/snapshot/snapshot-feed';

let loads = 0;
let version = 1;
const actor = { name: 'operator:ann', role: 'viewer' as const };
const load = async () => {
  loads++;
  const now = new Date(Date.now()).toISOString();
  return {
    now,
    version,
    observation: { served_seconds: loads },
    watchdog: { last_tick_at: now },
    instances: [],
    blockers: [],
    checklist: [],
  } as unknown as Shared;
};
const feed = () => snapshotFeed({ load, monotonic: () => Date.now(), hint: () => version });

beforeEach(() => {
  vi.useFakeTimers();
  [loads, version] = [0, 1];
});
afterEach(() => vi.useRealTimers());

describe('the feed', () => {
  it('reads once for all who ask at the same moment, and says to each who they are', async () => {
    const one = feed();
    const shots = await Promise.all(Array.from({ length: 50 }, () => one.read(actor)));
    expect(loads).toBe(1);
    expect(shots[0]).toMatchObject({ version: 1, me: actor });
  });

  it('costs the database no more for two hundred streams than for one', async () => {
    const run = async (streams: number) => {
      loads = 0;
      const one = feed();
      const leave = Array.from({ length: streams }, () => one.subscribe(() => {}));
      await vi.advanceTimersByTimeAsync(30_000);
      for (const each of leave) each();
      return loads;
    };
    const alone = await run(1);
    expect(await run(200)).toBe(alone);
    expect(alone).toBeLessThanOrEqual(32);
  });

  it('says each second that all is still so, or that it cannot know', async () => {
    const heard: string[] = [];
    let isAway = false;
    const one = snapshotFeed({
      load: () => (isAway ? Promise.reject(new Error('away')) : load()),
      monotonic: () => Date.now(),
      hint: () => version,
    });
    const leave = one.subscribe((news) => heard.push(Object.keys(news)[0] ?? ''));
    await vi.advanceTimersByTimeAsync(4_500);
    expect(heard).toEqual(['snapshot', 'snapshot', 'still', 'still', 'still']);
    isAway = true;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(heard.at(-1)).toBe('trouble');
    leave();
  });

  it('tells a write within a moment, silence about ages only every few seconds, and stops when nobody listens', async () => {
    const heard: number[] = [];
    const one = feed();
    const leave = one.subscribe((news) => 'snapshot' in news && heard.push(news.snapshot.version));
    await vi.advanceTimersByTimeAsync(3_500);
    expect(heard.length).toBeLessThanOrEqual(2);
    version = 2;
    await vi.advanceTimersByTimeAsync(150);
    expect(heard.at(-1)).toBe(2);
    await vi.advanceTimersByTimeAsync(6_000);
    const before = loads;
    leave();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(loads).toBe(before);
  });

  it('says that the database is away instead of a snapshot, and goes on', async () => {
    let away = true;
    const heard: string[] = [];
    const one = snapshotFeed({
      load: () => (away ? Promise.reject(new Error('away')) : load()),
      monotonic: () => Date.now(),
      hint: () => 0,
    });
    const leave = one.subscribe((news) => heard.push('trouble' in news ? 'trouble' : 'snapshot'));
    await vi.advanceTimersByTimeAsync(1_500);
    away = false;
    await vi.advanceTimersByTimeAsync(1_500);
    leave();
    expect(heard[0]).toBe('trouble');
    expect(heard.at(-1)).toBe('snapshot');
  });
});
