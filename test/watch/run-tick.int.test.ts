import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Heartbeat } from '@/lib/control/instances/instance-store';
import { readSnapshot } from '@/lib/control/snapshot/read-snapshot';
import { acknowledgeAlert } from '@/lib/control/verbs/acknowledge-alert';
import { savePolicy } from '@/lib/control/verbs/save-policy';
import { runTick } from '@/lib/watch/run-tick';
import { backdate, healthyStage, logTraffic, type TestRollout, testRollout } from '@/test/support/rollout';

let rollout: TestRollout;

beforeEach(async () => {
  rollout = await testRollout();
});
afterEach(() => rollout.close());

/** A third of the candidate's requests have failed for twelve minutes. */
async function regression(seconds = 720, toSecondsAgo = 0): Promise<void> {
  await backdate(rollout.sql, seconds + 3600);
  await logTraffic(rollout.sql, { provider: 'fal', fromSecondsAgo: seconds, perMinute: 60 });
  await logTraffic(rollout.sql, { fromSecondsAgo: seconds, toSecondsAgo, perMinute: 20, failEvery: 3 });
}

/** What a web process says of itself. */
async function beat(news: Partial<Heartbeat>): Promise<void> {
  await rollout.control.instances.beat({
    ...{ id: 'web-1', kind: 'web', host: 'h', pid: 1, build: 'dev', startedAtMs: Date.now() },
    ...{
      version: await rollout.version(),
      weights: null,
      assigned: { fal: 90, runware: 10 },
    },
    ...{ oldestUnsentMs: null, spoolDepth: 0, clockSkewMs: 0, providers: {} },
    ...news,
  });
}

async function rollbacks() {
  return rollout.control.journal.list({ limit: 50, verb: 'rollback' });
}

describe('a held red line', () => {
  it('is rolled back exactly once by forty ticks of eight processes, with everything that explains it', async () => {
    await regression();
    const processes = await Promise.all(Array.from({ length: 8 }, (_, n) => rollout.another(`watchdog ${n}`)));
    const ticks = processes.flatMap(({ controls }, n) =>
      Array.from({ length: 5 }, () => runTick(controls, { by: `w${n}`, intervalSeconds: 10, deadlineMs: 8000 })),
    );
    const outcomes = await Promise.all(ticks);
    expect(outcomes.filter(({ result }) => result === 'failed')).toEqual([]);
    const acted = outcomes.filter((outcome) => outcome.result === 'decided' && outcome.action === 'rollback');
    expect(acted).toHaveLength(1);

    const [entry, ...more] = await rollbacks();
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ actor: 'watchdog', stage_from: 'D1', stage_to: 'rolled_back', policy_version: 0 });
    expect(entry?.evidence).toMatchObject({
      line: { metric: 'failure_rate', verdict: 'held', acts: true },
      top_errors: [{ kind: 'provider_5xx', example: 'upstream said 500' }],
      policy_version: 0,
    });
    const events = await rollout.sql`select event_data from analytics_logs where event_type = 'rollout_rollback'`;
    expect(events.map((row) => row.event_data)).toMatchObject([
      { metric: 'failure_rate', journal_id: entry?.id, stage: 'D1' },
    ]);
    const alerts = (await rollout.control.alerts.open()).filter(({ kind }) => kind === 'rolled_back');
    expect(alerts).toMatchObject([{ journal_id: entry?.id }]);
    const shot = await readSnapshot(rollout.control);
    expect(shot).toMatchObject({
      stage: 'rolled_back',
      latched: { by: 'watchdog', journal_id: entry?.id },
      next: null,
    });
  });

  it('lands although somebody left a transaction open on the row', async () => {
    await regression();
    const hold = await rollout.sql.reserve();
    await hold`begin`;
    await hold`update feature_flags set description = 'lunch' where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    expect(await rollout.tick()).toMatchObject({ result: 'decided', action: 'rollback' });
    hold.release();
  });

  it('is judged from the log by a watchdog that was down for twenty minutes', async () => {
    await regression(1200);
    await rollout.sql`insert into sluice.ticks (split, slot, at, by, interval_seconds, duration_ms, action, decision)
      values ('GEN_PROVIDER_WEIGHTS', now() - interval '20 minutes', now() - interval '20 minutes', 'old', 10, 5, 'none', '{}')`;
    expect(await rollout.tick()).toMatchObject({ result: 'decided', action: 'rollback' });
  });

  it('that began and ended while no watchdog ran alerts and blocks advance until acknowledged, and rolls nothing back', async () => {
    await rollout.tick();
    await rollout.age(3000);
    await backdate(rollout.sql, 7200);
    await logTraffic(rollout.sql, { provider: 'fal', fromSecondsAgo: 2400, perMinute: 60 });
    await logTraffic(rollout.sql, { fromSecondsAgo: 2400, toSecondsAgo: 1200, perMinute: 30, failEvery: 3 });
    await logTraffic(rollout.sql, { fromSecondsAgo: 1200, perMinute: 30 });
    expect(await rollout.tick()).toMatchObject({ result: 'decided', action: 'none' });
    const [alert] = (await rollout.control.alerts.open()).filter(({ kind }) => kind === 'missed_hold');
    expect(alert).toMatchObject({ blocks_advance: true });
    const before = await readSnapshot(rollout.control);
    expect(before.blockers.map(({ code }) => code)).toContain('alert_unacknowledged');
    await acknowledgeAlert(rollout.control, { id: alert?.id ?? 0, by: 'operator:ann', reason: 'seen' });
    await rollout.age(10);
    await rollout.tick();
    const after = await readSnapshot(rollout.control);
    expect(after.blockers.map(({ code }) => code)).not.toContain('alert_unacknowledged');
    expect(after.alerts.filter(({ kind }) => kind === 'missed_hold')).toEqual([]);
    expect(await rollbacks()).toEqual([]);
  });

  it('is told of also when the watchdog was away for longer than any horizon reaches back', async () => {
    const line = { metric: 'failure_rate', limit: 0.02, window: '1m', hold: '1m' };
    await rollout.sql`insert into feature_flags (flag_key, flag_value, flag_value_text)
      values ('GEN_ROLLOUT_POLICY', false, ${JSON.stringify({ redLines: [line] })})`;
    await rollout.tick();
    await rollout.age(7200);
    await backdate(rollout.sql, 10_800);
    await logTraffic(rollout.sql, { fromSecondsAgo: 6900, toSecondsAgo: 6300, perMinute: 60, failEvery: 2 });
    await logTraffic(rollout.sql, { fromSecondsAgo: 6300, perMinute: 60 });
    expect(await rollout.tick()).toMatchObject({ result: 'decided', action: 'none' });
    const missed = (await rollout.control.alerts.open()).filter(({ kind }) => kind === 'missed_hold');
    expect(missed).toMatchObject([{ blocks_advance: true, params: { metric: 'failure_rate' } }]);
  });
});

describe('a tick', () => {
  it('decides once per slot; the others say skipped', async () => {
    const slot = { deadlineMs: 8000, slotMs: Math.floor(Date.now() / 60_000) * 60_000 };
    const own = { by: 'test', intervalSeconds: 10, ...slot };
    expect(await runTick(rollout.controls, own)).toMatchObject({ result: 'decided', action: 'none' });
    expect(await runTick(rollout.controls, own)).toEqual({ result: 'skipped' });
    const cron = { by: 'cron', intervalSeconds: 60, ...slot };
    expect(await runTick(rollout.controls, cron)).toEqual({ result: 'skipped' });
  });

  it('that fails is visible and leaves the slot to others', async () => {
    await rollout.sql`alter function sluice.raise_alert rename to away`;
    await regression();
    expect(await rollout.tick()).toMatchObject({ result: 'failed', error: expect.stringContaining('raise_alert') });
    expect(await rollbacks()).toEqual([]);
    expect((await readSnapshot(rollout.control)).watchdog).toMatchObject({
      alive: false,
      last_error: expect.stringContaining('raise_alert'),
    });
    await rollout.sql`alter function sluice.away rename to raise_alert`;
    expect(await rollout.tick()).toMatchObject({ result: 'decided', action: 'rollback' });
    expect((await readSnapshot(rollout.control)).watchdog).toMatchObject({ alive: true, last_error: null });
  });

  it('raises a breach when it begins and ends the alert when it is over', async () => {
    await regression(200);
    expect(await rollout.tick()).toMatchObject({ action: 'none' });
    const kinds = async () => (await rollout.control.alerts.open()).map(({ kind }) => kind);
    expect(await kinds()).toContain('breach_begun');
    await logTraffic(rollout.sql, { fromSecondsAgo: 60, perMinute: 6000 });
    await rollout.age(10);
    await rollout.tick();
    expect(await kinds()).not.toContain('breach_begun');
  });

  it.each([
    ['not probed yet', false, 'rollback'],
    ['HTTP 401: the key is refused', true, 'alert'],
  ])('a baseline of which every router says "%s" (known: %s): %s', async (error, isKnown, action) => {
    await regression();
    const facts = { latencyMs: null, configured: true, breaker: 'closed', simulated: true } as const;
    const said = { ok: false, isKnown, error, ...facts };
    await beat({ providers: { fal: said } });
    expect(await rollout.tick()).toMatchObject({ result: 'decided', action });
  });

  it('calls the log blind when routers wait to store their events, and neither advances nor rolls back', async () => {
    await regression();
    await beat({ oldestUnsentMs: 45_000, spoolDepth: 100 });
    expect(await rollout.tick()).toMatchObject({ result: 'decided', action: 'alert' });
    const kinds = (await rollout.control.alerts.open()).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['blind', 'held_not_acted']));
    expect(await rollbacks()).toEqual([]);
  });

  it('advances by itself only where the policy says so', async () => {
    await healthyStage(rollout);
    expect(await rollout.stage()).toBe('D1');
    const saved = {
      policy: { autoAdvance: true },
      expectedVersion: 0,
      reason: null,
      confirm: true,
      actor: 'operator:ann',
    };
    await savePolicy(rollout.control, saved);
    await rollout.age(10);
    expect(await rollout.tick()).toMatchObject({ result: 'decided', action: 'advance' });
    expect(await rollout.stage()).toBe('D2');
    const [entry] = await rollout.control.journal.list({ limit: 1, verb: 'advance' });
    expect(entry).toMatchObject({ actor: 'watchdog' });
  });
});

describe('a policy', () => {
  it('that would act at once is saved only when confirmed', async () => {
    await regression(300);
    const strict = { redLines: [{ metric: 'failure_rate', limit: 0.01, window: '1m', hold: '1m' }] };
    const request = { policy: strict, expectedVersion: 0, reason: 'stricter', confirm: false, actor: 'operator:ann' };
    await expect(savePolicy(rollout.control, request)).rejects.toMatchObject({ code: 'confirmation-needed' });
    await savePolicy(rollout.control, { ...request, confirm: true });
    expect(await rollout.tick()).toMatchObject({ result: 'decided', action: 'rollback' });
    await expect(savePolicy(rollout.control, request)).rejects.toMatchObject({ code: 'stale-version' });
  });

  it('that is not valid is refused with every fault, and one may not rename providers under way', async () => {
    const save = (policy: unknown) =>
      savePolicy(rollout.control, { policy, expectedVersion: 0, reason: null, confirm: true, actor: 'operator:ann' });
    await expect(save({ minRequests: -1, evidence: 'maybe' })).rejects.toMatchObject({
      code: 'policy-invalid',
      members: { faults: [expect.any(String), expect.any(String)] },
    });
  });
});

describe('weights that got past the guard', () => {
  it('are not used, are said, and block advance until they are put right', async () => {
    await rollout.tick();
    const { sql } = rollout;
    await sql`alter table feature_flags disable trigger all`;
    await sql`update feature_flags set flag_value_text = '{"fal":2}' where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    await rollout.age(10);
    expect(await rollout.tick()).toMatchObject({ result: 'decided', action: 'none' });
    const shot = await readSnapshot(rollout.control);
    expect(shot.weights).toEqual({ fal: 0.9, runware: 0.1 });
    expect(shot.alerts).toMatchObject([{ kind: 'weights_invalid', detail: expect.stringContaining('0 to 1') }]);
    await sql`update feature_flags set flag_value_text = '{"fal":1,"runware":0}' where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    await rollout.age(10);
    await rollout.tick();
    expect((await readSnapshot(rollout.control)).alerts).toEqual([]);
  });
});
