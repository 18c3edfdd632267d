import { afterEach, beforeEach, expect, it } from 'vitest';
import { noticeSilence } from '@/lib/control/instances/notice-silence';
import { readSnapshot } from '@/lib/control/snapshot/read-snapshot';
import { type TestRollout, testRollout } from '@/test/support/rollout';

let rollout: TestRollout;
beforeEach(async () => {
  rollout = await testRollout();
});
afterEach(() => rollout.close());

const silent = async () => (await rollout.control.alerts.open()).filter(({ kind }) => kind === 'watchdog_silent');

it('a watchdog is silent after three of its intervals: an alert, a closed gate, and the next tick ends both', async () => {
  await rollout.tick();
  await rollout.age(15);
  expect(await noticeSilence(rollout.control)).toBe('alive');
  await rollout.age(20);
  expect(await noticeSilence(rollout.control)).toBe('silent');
  expect(await noticeSilence(rollout.control)).toBe('silent');
  expect(await silent()).toHaveLength(1);
  const shot = await readSnapshot(rollout.control);
  expect(shot.watchdog.alive).toBe(false);
  expect(shot.blockers.map(({ code }) => code)).toContain('watchdog_silent');
  await rollout.tick();
  expect(await silent()).toEqual([]);
});
