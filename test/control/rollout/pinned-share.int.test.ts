import { afterEach, beforeEach, expect, it } from 'vitest';
import { readSnapshot } from '@/lib/control/snapshot/read-snapshot';
import { type TestRollout, testRollout } from '../../support/rollout';

let rollout: TestRollout;
beforeEach(async () => {
  rollout = await testRollout({ fal: 0.5, runware: 0.5 });
});
afterEach(() => rollout.close());

async function log(rows: readonly Record<string, unknown>[]): Promise<void> {
  const events = rows.map((row) => ({
    attempt: 1,
    latency_ms: 900,
    provider: 'fal',
    arm: 'fal',
    assigned: 'fal',
    ...row,
  }));
  await rollout.sql`
    insert into analytics_logs (event_type, event_data, created_at)
    select 'gen_route', e, now() - interval '1 minute' from jsonb_array_elements(${JSON.stringify(events)}::text::jsonb) e`;
}

const drawn = (n: number, arm: string) => Array.from({ length: n }, () => ({ provider: arm, arm, assigned: arm }));
const pinned = (n: number, ...pinned_by: string[]) => Array.from({ length: n }, () => ({ pinned: true, pinned_by }));

it('shows what no draw decided, by arm and by field, and counts it as no observation', async () => {
  await log([
    ...drawn(45, 'fal'),
    ...drawn(45, 'runware'),
    ...pinned(6, 'loras', 'seed'),
    ...pinned(3, 'A made-up "name"'),
  ]);
  await log([...pinned(1, 'loras'), { pinned: true, pinned_by: ['loras'], attempt: 2 }]);
  const { pinned: shown } = await readSnapshot(rollout.control);
  expect(shown).toEqual([
    { arm: 'fal', field: 'loras', requests: 7, share: 0.07 },
    { arm: 'fal', field: 'other', requests: 3, share: 0.03 },
  ]);
});

it('refuses the step to a stage without the arm that much of the traffic needs', async () => {
  const refused = async () =>
    (await readSnapshot(rollout.control)).blockers
      .filter(({ code }) => code === 'pinned_traffic')
      .map(({ params }) => params);
  await log([...drawn(99, 'fal'), ...pinned(5, 'loras')]);
  expect(await refused()).toEqual([]);
  await log(pinned(5, 'loras'));
  expect(await refused()).toEqual([{ arm: 'fal', share: expect.closeTo(10 / 109, 5), most: 0.05, next: 'D3' }]);
});

it('is forgotten after eight days', async () => {
  await log(pinned(1, 'loras'));
  await rollout.sql`update sluice.pinned_minutes set at = at - interval '9 days'`;
  await rollout.sql`select sluice.prune()`;
  expect(await rollout.sql`select from sluice.pinned_minutes`).toHaveLength(0);
});
