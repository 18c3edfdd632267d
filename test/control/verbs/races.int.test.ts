import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Control } from '@/lib/control/control';
import { advanceStage } from '@/lib/control/verbs/advance-stage';
import { rearm } from '@/lib/control/verbs/rearm';
import { rollBack } from '@/lib/control/verbs/roll-back';
import { setWeights } from '@/lib/control/verbs/set-weights';
import { type TestRollout, testRollout, writeWeights } from '@/test/support/rollout';

let rollout: TestRollout;
beforeEach(async () => {
  rollout = await testRollout();
});
afterEach(() => rollout.close());

/** A fault that shows in one pair of twenty stays hidden in one run of three hundred thousand. */
const pairs = 250;

/** A promotion that some operator sends on what they saw a moment ago, one way or another. */
function promote(control: Control, n: number, seen: number): Promise<unknown> {
  const request = { expectedVersion: seen, override: true, reason: `pair ${n}`, actor: `operator:${n}` };
  if (n % 2 === 0) return advanceStage(control, { ...request, to: 'D2' });
  return setWeights(control, { ...request, weights: { fal: 0.6, runware: 0.4 } });
}

it('a rollback and a promotion at the same moment never end above the rollback', async () => {
  const [one, other] = await Promise.all([rollout.another('promoter'), rollout.another('roller')]);
  const ends = { promotedFirst: 0, refused: 0 };
  for (let n = 0; n < pairs; n++) {
    const seen = await rollout.version();
    const [promotion, rolledBack] = await Promise.allSettled([
      promote(one.control, n, seen),
      rollBack(other.control, { reason: `pair ${n}`, actor: 'operator:roller' }),
    ]);
    expect(rolledBack.status).toBe('fulfilled');
    const { row } = await rollout.control.flags.readSplit();
    expect(row).toMatchObject({ stage: 'rolled_back', weights: { fal: 1, runware: 0 }, latched: true });
    if (promotion.status === 'fulfilled') ends.promotedFirst++;
    else {
      ends.refused++;
      expect((promotion.reason as { code: string }).code).toMatch(/^(stale-version|rolled-back)$/);
    }
    await rearm(rollout.control, { expectedVersion: row?.version ?? 0, reason: 'again', actor: 'operator:ann' });
    await writeWeights(rollout.sql, { fal: 0.9, runware: 0.1 });
  }
  expect(ends.promotedFirst + ends.refused).toBe(pairs);
  expect(await rollout.control.journal.faults()).toEqual([]);
}, 180_000);
