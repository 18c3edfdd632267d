import { afterAll, beforeAll, expect, it } from 'vitest';
import * as door from '@/app/api/[[...rest]]/route';
import type { MetricsView } from '@/lib/api/metrics-view';
import type { Snapshot } from '@/lib/api/snapshot';
import { type TestApi, testApi } from '@/test/support/api';
import { addSplit, backdateSplit, logSplitTraffic, pastTheGuard, writeSplit } from '@/test/support/splits';

const key = 'CLIP_PROVIDER_WEIGHTS';
let api: TestApi;

/** `new` takes the share it should and fails twice half an hour ago; `small` takes twice its share, and fails often. */
beforeAll(async () => {
  api = await testApi();
  const { sql } = api.rollout;
  await addSplit(sql, { key, slug: 'clip', arms: { old: 'fal', new: 'runware', small: 'fal' } });
  await writeSplit(sql, key, { old: 0.8, new: 0.1, small: 0.1 });
  await backdateSplit(sql, key, 3000);
  await pastTheGuard(
    sql,
    `update feature_flags set updated_at = updated_at - interval '3000 seconds' where flag_key = '${key}'`,
  );
  // Shares count from the write that the journal tells of.
  await sql.begin(async (tx) => {
    await tx`alter table sluice.journal disable trigger user`;
    await tx`update sluice.journal set at = at - interval '3000 seconds' where flag_key = ${key}`;
    await tx`alter table sluice.journal enable trigger user`;
  });
  const of = { split: key, seconds: 2900 };
  await logSplitTraffic(sql, { ...of, arm: 'old', provider: 'fal', perMinute: 70, failEvery: 0 });
  await logSplitTraffic(sql, { ...of, arm: 'new', provider: 'runware', perMinute: 10, failEvery: 0 });
  await logSplitTraffic(sql, { ...of, arm: 'small', provider: 'fal', perMinute: 20, failEvery: 10 });
  const bad = { split: key, arm: 'new', provider: 'runware', perMinute: 1, failEvery: 1 };
  await logSplitTraffic(sql, { ...bad, seconds: 120, endedSecondsAgo: 1800 });
});
afterAll(() => api.close());

const snapshot = async () => (await api.call(door, { path: '/api/splits/clip' })).body as unknown as Snapshot;
const metrics = async () =>
  (await api.call(door, { path: '/api/splits/clip/metrics?window=1h' })).body as unknown as MetricsView;

it('the observed split is told from the configured one in whichever candidate it shows', async () => {
  const { observed } = await snapshot();
  expect(observed).toMatchObject({ alarm: true, arm: 'small' });
});

it('each line of the checklist and each arm says which candidate it is about', async () => {
  const { checklist, arms, providers } = await snapshot();
  const failures = checklist.filter(({ id }) => id === 'failure_rate').map(({ arm, state }) => [arm, state]);
  expect(failures).toEqual([
    ['new', 'ok'],
    ['small', 'failing'],
  ]);
  const requests = Object.fromEntries(arms.map((arm) => [arm.name, arm.requests]));
  expect(requests.new).toBeGreaterThan(450);
  expect(requests.small).toBeGreaterThan(900);
  // What both arms of a provider did, over five minutes.
  expect(providers.fal?.recent.requests).toBeGreaterThan(400);
  expect(providers.runware?.recent.requests).toBeLessThan(60);
});

it('each candidate is compared with the baseline, and its own breaches are told', async () => {
  const { comparison, breaches, weights } = await metrics();
  expect(weights.at(-1)?.weights).toEqual({ old: 0.8, new: 0.1, small: 0.1 });
  const failures = comparison.filter(({ metric }) => metric === 'failure_rate');
  expect(failures.map(({ arm, verdict }) => [arm, verdict])).toEqual([
    ['new', 'worse'],
    ['small', 'worse'],
  ]);
  const [ofNew = 0, ofSmall = 0] = failures.map(({ candidate }) => candidate.n);
  expect(ofSmall / ofNew).toBeCloseTo(2, 1);
  const spans = breaches.filter(({ metric }) => metric === 'failure_rate');
  const lasted = (of: string) =>
    spans
      .filter(({ arm }) => arm === of)
      .map(({ from, to }) => Math.round((Date.parse(to) - Date.parse(from)) / 60_000));
  expect(lasted('new')).toEqual([4]);
  expect(lasted('small').reduce((sum, minutes) => sum + minutes, 0)).toBeGreaterThan(40);
});
