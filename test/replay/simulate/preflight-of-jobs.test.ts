import { expect, it } from 'vitest';
import { seeded } from '@/lib/replay/simulate/chance';
import { preflight } from '@/lib/replay/simulate/preflight';
import type { Stage } from '@/lib/split/policy/policy';
import { usualPlan } from '@/lib/split/policy/usual-plan';

it('preflight of jobs says when anything can be known of them, and of creates what it says of answers', () => {
  const policy = usualPlan('old', ['new'], 'job');
  const stage = policy.stages[0] as Stage;
  const rows = preflight({ policy, stage, levels: [0, 5, 500], random: seeded(3), runs: 8 });
  // The line's ten minutes, the hold's ten, and the first that is late. Of half a create a minute too few are in a window.
  expect(rows.map(({ minutes_until_jobs_known: minutes }) => minutes)).toEqual([null, null, 20.14]);
  expect(rows[2]?.outage_median_minutes).toBeCloseTo(5.17, 1);
});
