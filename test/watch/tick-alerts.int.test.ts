import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gatesOf } from '@/lib/control/rollout/gates-of';
import { readRolloutNow } from '@/lib/control/rollout/read-rollout-now';
import type { RolloutNow } from '@/lib/control/rollout/rollout-now';
import { readSnapshot } from '@/lib/control/snapshot/read-snapshot';
import { advanceStage } from '@/lib/control/verbs/advance-stage';
import { savePolicy } from '@/lib/control/verbs/save-policy';
import type { Warning } from '@/lib/rule/verdict';
import { reconcileAlerts } from '@/lib/watch/tick-alerts';
import { backdate, logTraffic, type TestRollout, testRollout } from '@/test/support/rollout';

let rollout: TestRollout;

beforeEach(async () => {
  rollout = await testRollout();
});
afterEach(() => rollout.close());

const kinds = async () => (await rollout.control.alerts.open()).map(({ kind }) => kind);
const codes = async () => (await readSnapshot(rollout.control)).blockers.map(({ code }) => code);

/** Alerts as a tick leaves them that judged these warnings. */
async function told(warnings: readonly Warning[]): Promise<RolloutNow> {
  const now = await readRolloutNow(rollout.control);
  const judged = { ...now, decision: { ...now.decision, warnings } };
  await reconcileAlerts(rollout.control.alerts, judged);
  return judged;
}

describe('an early warning', () => {
  it('alerts once, closes the gate while it stands, and is over by itself', async () => {
    const sinceMs = Date.now() - 600_000;
    const warning = { arm: 'runware', metric: 'failure_rate', sinceMs, odds: 4000 } as const;
    await told([warning]);
    const again = await told([{ ...warning, odds: 9000 }]);
    const alerts = (await rollout.control.alerts.open()).filter(({ kind }) => kind === 'early_warning');
    expect(alerts).toMatchObject([
      {
        detail: expect.stringMatching(
          /^runware fails more often than fal beyond chance since .* No red line is crossed;/,
        ),
        params: { key: 'failure_rate', metric: 'failure_rate', since: new Date(sinceMs).toISOString(), odds: 4000 },
        blocks_advance: false,
      },
    ]);
    expect(gatesOf(again).map(({ code }) => code)).toContain('early_warning');
    const after = await told([]);
    expect(await kinds()).not.toContain('early_warning');
    expect(gatesOf(after).map(({ code }) => code)).not.toContain('early_warning');
  });
});

describe('a tick', () => {
  it('finds what is worse under every line, keeps the gate closed, and rolls nothing back', async () => {
    await backdate(rollout.sql, 3700);
    await logTraffic(rollout.sql, { provider: 'fal', fromSecondsAgo: 3660, perMinute: 60 });
    await logTraffic(rollout.sql, { fromSecondsAgo: 3660, perMinute: 60, failEvery: 60 });
    const outcome = await rollout.tick();
    expect(outcome).toMatchObject({ result: 'decided', action: 'none' });
    expect(outcome.result === 'decided' && outcome.tick.decision?.warnings).toMatchObject([{ metric: 'failure_rate' }]);
    expect(await kinds()).toEqual(['early_warning']);
    const shot = await readSnapshot(rollout.control);
    expect(shot.warnings).toMatchObject([
      { metric: 'failure_rate', explanation: expect.stringContaining('beyond chance') },
    ]);
    expect(shot.blockers.map(({ code }) => code)).toEqual(['early_warning']);

    const advance = { to: 'D2', expectedVersion: await rollout.version(), actor: 'operator:ann' };
    const refused = advanceStage(rollout.control, { ...advance, reason: null, override: false });
    await expect(refused).rejects.toMatchObject({ code: 'gate-closed' });
    await advanceStage(rollout.control, { ...advance, reason: 'known and wanted', override: true });
    const [entry] = await rollout.control.journal.list({ limit: 1, verb: 'override' });
    expect(entry).toMatchObject({
      reason: 'known and wanted',
      evidence: { blockers: [{ code: 'early_warning', params: { metric: 'failure_rate' } }] },
    });
  });
});

/** A third of the requests of both has failed for twelve minutes, or of the candidate alone. */
async function failing({ baseline }: { baseline: number }): Promise<void> {
  await backdate(rollout.sql, 4320);
  await logTraffic(rollout.sql, { provider: 'fal', fromSecondsAgo: 720, perMinute: 60, failEvery: baseline });
  await logTraffic(rollout.sql, { fromSecondsAgo: 720, perMinute: 30, failEvery: 3 });
}

describe('a held line that must not act', () => {
  it('of a shared cause alerts at once and says that moving traffic would win nothing', async () => {
    await failing({ baseline: 3 });
    expect(await rollout.tick()).toMatchObject({ result: 'decided', action: 'alert' });
    expect(await kinds()).toEqual(expect.arrayContaining(['breach_begun', 'held_not_acted']));
    const [alert] = (await rollout.control.alerts.open()).filter(({ kind }) => kind === 'held_not_acted');
    expect(alert?.detail).toContain('moving traffic would win nothing');
    expect(await readSnapshot(rollout.control)).toMatchObject({
      stage: 'D1',
      red_lines: expect.arrayContaining([expect.objectContaining({ verdict: 'shared_cause' })]),
      checklist: expect.arrayContaining([expect.objectContaining({ id: 'failure_rate', state: 'failing' })]),
    });
    expect(await codes()).toContain('line_not_ok');
  });

  it('that is a signal alerts, closes the gate, and both are over with it', async () => {
    const line = { metric: 'failure_rate', limit: 0.02, window: '5m', hold: '5m', action: 'signal' };
    const policy = { policy: { redLines: [line] }, expectedVersion: 0, reason: null, confirm: true };
    await savePolicy(rollout.control, { ...policy, actor: 'operator:ann' });
    await failing({ baseline: 0 });
    expect(await rollout.tick()).toMatchObject({ result: 'decided', action: 'alert' });
    const [alert] = (await rollout.control.alerts.open()).filter(({ kind }) => kind === 'held_not_acted');
    expect(alert).toMatchObject({ blocks_advance: false, detail: expect.stringContaining('this line is a signal') });
    expect((await readSnapshot(rollout.control)).red_lines).toMatchObject([
      { verdict: 'held', hindrance: 'signal', action: 'signal' },
    ]);
    expect(await codes()).toContain('line_not_ok');

    await logTraffic(rollout.sql, { fromSecondsAgo: 60, perMinute: 12_000 });
    await rollout.age(10);
    expect(await rollout.tick()).toMatchObject({ result: 'decided', action: 'none' });
    // What was worse in the hour before goes on being told by the early warning.
    expect(await kinds()).toEqual(['early_warning']);
    expect(await codes()).not.toContain('line_not_ok');
    expect(await rollout.stage()).toBe('D1');
  });
});
