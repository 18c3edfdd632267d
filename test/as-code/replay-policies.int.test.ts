import { afterEach, beforeEach, expect, it } from 'vitest';
import { makePlan } from '@/lib/as-code/plan';
import { replayPolicies } from '@/lib/as-code/replay-policies';
import { type TestRollout, testRollout } from '../support/rollout';
import { addSplit, logSplitTraffic, writeSplit } from '../support/splits';

let rollout: TestRollout;
beforeEach(async () => {
  rollout = await testRollout();
});
afterEach(() => rollout.close());

const split = 'VIDEO_WEIGHTS';
const yaml = (limit: number) => `splits:
  video:
    key: ${split}
    kind: image
    policy:
      baseline: old
      candidate: new
      stages: [{ name: D1, weights: { old: 0.9, new: 0.1 }, observe: 1h }]
      rollback: { old: 1, new: 0 }
      redLines: [{ metric: failure_rate, limit: ${limit}, window: 5m, hold: 5m }]
`;

it('judges the events of the policy’s own split, whichever that is', async () => {
  const { sql, controls } = rollout;
  await addSplit(sql, { key: split, slug: 'video' });
  await writeSplit(sql, split, { old: 0.9, new: 0.1 });
  const traffic = { split, seconds: 3000, perMinute: 60 };
  await logSplitTraffic(sql, { ...traffic, arm: 'old', provider: 'fal', failEvery: 0 });
  await logSplitTraffic(sql, { ...traffic, arm: 'new', provider: 'runware', failEvery: 4 });
  const replayed = async (limit: number) => {
    const asked = { file: 'sluice.yaml', bytes: Buffer.from(yaml(limit)), prune: false, environment: () => undefined };
    const { changes, state } = await makePlan(sql, asked);
    return replayPolicies(changes, state, controls.of);
  };
  expect(await replayed(0.02)).toMatchObject([{ split, becomes: { red_line: 'failure_rate' } }]);
  expect(await replayed(0.5)).toMatchObject([
    { was: { red_line: 'failure_rate' }, becomes: { rollback_at: null, red_line: null } },
  ]);
});
