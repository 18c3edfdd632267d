import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSnapshot } from '@/lib/control/snapshot/read-snapshot';
import { readSplits } from '@/lib/control/splits/read-splits';
import { pause } from '@/lib/control/verbs/pause';
import { rearm } from '@/lib/control/verbs/rearm';
import { resume } from '@/lib/control/verbs/resume';
import { rollBack } from '@/lib/control/verbs/roll-back';
import { backdate, logTraffic, type TestRollout, testRollout, writeWeights } from '@/test/support/rollout';

let rollout: TestRollout;

beforeEach(async () => {
  rollout = await testRollout();
  await backdate(rollout.sql, 4400);
  await logTraffic(rollout.sql, { provider: 'fal', fromSecondsAgo: 200 });
  await logTraffic(rollout.sql, { fromSecondsAgo: 200, perMinute: 20, failEvery: 3 });
});
afterEach(() => rollout.close());

const open = async () => (await rollout.control.alerts.open()).map(({ kind }) => kind);

async function tick() {
  await rollout.age(10);
  return rollout.tick();
}

async function rearmNow(): Promise<void> {
  const request = { expectedVersion: await rollout.version(), reason: 'fixed upstream', actor: 'operator:ann' };
  await rearm(rollout.control, request);
}

describe('a rollback', () => {
  it('by hand ends the alerts of its breach', async () => {
    await tick();
    expect(await open()).toContain('breach_begun');
    await rollBack(rollout.control, { reason: 'artefacts', actor: 'operator:ann' });
    await tick();
    expect(await open()).toEqual([]);
  });

  it('by the watchdog does so in the same tick, and is itself what stays open', async () => {
    await tick();
    await logTraffic(rollout.sql, { provider: 'fal', fromSecondsAgo: 720 });
    await logTraffic(rollout.sql, { fromSecondsAgo: 720, perMinute: 20, failEvery: 3 });
    expect(await tick()).toMatchObject({ action: 'rollback' });
    expect(await open()).toEqual(['rolled_back']);
    await tick();
    expect(await open()).toEqual(['rolled_back']);
  });

  it('leaves its lines to be looked at until it is re-armed; then the rollout starts clean', async () => {
    await rollBack(rollout.control, { reason: 'artefacts', actor: 'operator:ann' });
    const verdicts = async () => {
      const { red_lines } = await readSnapshot(rollout.control);
      return red_lines.find(({ metric }) => metric === 'failure_rate')?.verdict;
    };
    expect(await verdicts()).toBe('breach');
    await rearmNow();
    await tick();
    expect(await open()).toEqual([]);
    const shot = await readSnapshot(rollout.control);
    expect(shot).toMatchObject({ stage: 'baseline', blockers: [] });
    expect(shot.red_lines.map(({ verdict }) => verdict)).toEqual(Array(4).fill('no_traffic'));
    expect(shot.red_lines.map(({ n }) => n)).toEqual([0, 0, 0, 0]);
  });

  it('is told of in the list by who re-armed it, until the rollout has begun again', async () => {
    const rearmedBy = async () => (await readSplits(rollout.controls)).splits[0]?.rearmed_by;
    expect(await rearmedBy()).toBeNull();
    await rollBack(rollout.control, { reason: 'artefacts', actor: 'operator:ann' });
    expect(await rearmedBy()).toBeNull();
    await rearmNow();
    expect(await rearmedBy()).toBe('operator:ann');
    const { control } = rollout;
    const by = async () => ({ expectedVersion: await rollout.version(), reason: 'lunch', actor: 'operator:bob' });
    await pause(control, await by());
    await resume(control, await by());
    expect(await rearmedBy()).toBe('operator:ann');
    await writeWeights(rollout.sql, { fal: 0.9, runware: 0.1 });
    expect(await rearmedBy()).toBeNull();
  });
});
