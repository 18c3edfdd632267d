import { afterAll, beforeAll, expect, it } from 'vitest';
import { readSplits } from '@/lib/control/splits/read-splits';
import { listLines } from '@/lib/control/splits/split-lines';
import { type TestRollout, testRollout } from '@/test/support/rollout';
import { addSplit, backdateSplit, logSplitTraffic, writeSplit } from '@/test/support/splits';

const key = 'CLIP_PROVIDER_WEIGHTS';
let rollout: TestRollout;

beforeAll(async () => {
  rollout = await testRollout();
  const { sql } = rollout;
  await addSplit(sql, { key, slug: 'clip', arms: { old: 'fal', new: 'runware', small: 'fal' } });
  await writeSplit(sql, key, { old: 0.8, new: 0.1, small: 0.1 });
  await backdateSplit(sql, key, 1000);
  const of = { split: key, seconds: 900 };
  await logSplitTraffic(sql, { ...of, arm: 'old', provider: 'fal', perMinute: 80, failEvery: 0 });
  await logSplitTraffic(sql, { ...of, arm: 'new', provider: 'runware', perMinute: 20, failEvery: 0 });
  await logSplitTraffic(sql, { ...of, arm: 'small', provider: 'fal', perMinute: 20, failEvery: 20 });
  await rollout.tick();
});
afterAll(() => rollout.close());

it('has each candidate of each split, as the last tick judged it', async () => {
  const lines = await listLines(rollout.sql, 200);
  const failures = lines.filter(({ split, metric }) => split === 'clip' && metric === 'failure_rate');
  expect(failures).toEqual([
    {
      ...{ split: 'clip', arm: 'new', metric: 'failure_rate', verdict: 'ok' },
      value: 0,
      limit: 0.02,
      breachedForSeconds: 0,
    },
    expect.objectContaining({ arm: 'small', limit: 0.02, value: expect.closeTo(0.05, 2) }),
  ]);
  expect(failures[1]?.breachedForSeconds).toBeGreaterThan(0);
  expect(new Set(lines.map(({ split }) => split))).toEqual(new Set(['gen', 'clip']));
});

it('has no more splits than were asked for', async () => {
  const lines = await listLines(rollout.sql, 1);
  expect(new Set(lines.map(({ split }) => split))).toEqual(new Set(['gen']));
});

it('lists where each split stands, what is worst with its number, and what goes through', async () => {
  const { splits } = await readSplits(rollout.controls);
  const clip = splits.find(({ slug }) => slug === 'clip');
  expect(clip).toMatchObject({
    ...{ stage: 'D1', next: 'D2' },
    worst_line: { arm: 'small', metric: 'failure_rate', limit: 0.02, value: expect.closeTo(0.05, 2) },
  });
  // Whether the tick has taken one back already is for the grid to say.
  expect(clip?.shares[0]).toMatchObject({ share: 0.2 });
  expect(clip?.per_minute).toBeGreaterThan(100);
  expect(clip?.per_minute).toBeLessThan(130);
  const served = Date.parse(clip?.eligible_at ?? '') - Date.parse(clip?.since ?? '');
  expect(served / 1000).toBeCloseTo(3600, 0);
  // Only what is over and not held yet has a time at which it goes.
  expect(clip?.worst_line?.acts_at === null).toBe(clip?.worst !== 'breach');
  expect(clip?.worst_line?.over_since === null).toBe(clip?.worst !== 'breach');
  const gen = splits.find(({ slug }) => slug === 'gen');
  expect(gen).toMatchObject({ shares: [{ share: 0.1 }], per_minute: 0 });
});

it('has nothing of a tick that is long over', async () => {
  await rollout.age(600);
  expect(await listLines(rollout.sql, 200)).toEqual([]);
});
