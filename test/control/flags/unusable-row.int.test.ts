import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Heartbeat } from '@/lib/control/instances/instance-store';
import { readSnapshot } from '@/lib/control/snapshot/read-snapshot';
import { advanceStage } from '@/lib/control/verbs/advance-stage';
import { rollBack } from '@/lib/control/verbs/roll-back';
import { setWeights } from '@/lib/control/verbs/set-weights';
import { runTick } from '@/lib/watch/run-tick';
import { backdate, logTraffic, type TestRollout, testRollout, writeWeights } from '@/test/support/rollout';
import { runSluice } from '@/test/support/run-sluice';

const d3 = { fal: 0, runware: 1 };
const rollback = { fal: 1, runware: 0 };
let rollout: TestRollout;

beforeEach(async () => {
  rollout = await testRollout(d3);
});
afterEach(() => rollout.close());

const anyone = { reason: null, actor: 'operator:ann' };

/** As a restored dump brings them: past the triggers. */
async function storeInvalid(): Promise<void> {
  await rollout.sql`alter table feature_flags disable trigger all`;
  await rollout.sql`update feature_flags set flag_value_text = '{"fal":2}' where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  for (const name of ['zz_sluice_guard', 'zz_sluice_journal', 'zz_sluice_truncate', 'zz_sluice_last_good']) {
    await rollout.sql.unsafe(`alter table feature_flags enable always trigger ${name}`);
  }
}

/** Every other trigger still fires on what the guard never judged. */
const storeUnjudged = (text: string) => async (): Promise<void> => {
  await rollout.sql`alter table feature_flags disable trigger zz_sluice_guard`;
  await rollout.sql`update feature_flags set flag_value_text = ${text} where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  await rollout.sql`alter table feature_flags enable always trigger zz_sluice_guard`;
};

/** As an insert past the guard leaves it, or a dump that has no column of ours: at version 0, without a clock. */
async function storePastGuard(text: string): Promise<void> {
  await rollout.sql.begin(async (tx) => {
    await tx`alter table feature_flags disable trigger all`;
    await tx`delete from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    await tx`
      insert into feature_flags (flag_key, flag_value, flag_value_text, description, created_at, updated_at)
      values ('GEN_PROVIDER_WEIGHTS', false, ${text}, 'restored', now(), now())`;
    for (const name of ['zz_sluice_guard', 'zz_sluice_journal', 'zz_sluice_truncate', 'zz_sluice_last_good']) {
      await tx.unsafe(`alter table feature_flags enable always trigger ${name}`);
    }
  });
}

const storeInvalidPastGuard = () => storePastGuard('{"fal":2,"runware":1}');

const deleteRow = () => rollout.sql`delete from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;

async function beat(news: Partial<Heartbeat>): Promise<void> {
  await rollout.control.instances.beat({
    ...{ id: 'web-1', kind: 'web', host: 'h', pid: 1, build: 'dev', startedAtMs: Date.now() },
    ...{ version: await rollout.version(), weights: d3, assigned: {} },
    ...{ oldestUnsentMs: null, spoolDepth: 0, clockSkewMs: 0, providers: {} },
    ...news,
  });
}

async function failingCandidate(): Promise<void> {
  await backdate(rollout.sql, 4000);
  // The clock moved past the triggers; the last good row has to be told as well.
  await rollout.sql`update feature_flags set updated_at = updated_at where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  await logTraffic(rollout.sql, { fromSecondsAgo: 720, perMinute: 30, failEvery: 1 });
}

describe.each([
  ['is invalid', storeInvalid, 'weights_invalid'],
  ['is no JSON, written while only the guard was off', storeUnjudged('nonsense'), 'weights_invalid'],
  [
    'adds up to too little, written while only the guard was off',
    storeUnjudged('{"fal":0.2,"runware":0.2}'),
    'weights_invalid',
  ],
  ['is invalid and at version 0', storeInvalidPastGuard, 'weights_invalid'],
  ['was deleted', deleteRow, 'weights_missing'],
])('while the stored row %s', (_what, spoil, alert) => {
  it('a rollback by a process that never saw good weights writes, latches and says so', async () => {
    await spoil();
    const fresh = await rollout.another('fresh');
    const done = await rollBack(fresh.control, anyone);
    expect(done).toMatchObject({ already: false, mended: expect.any(String), version: expect.any(Number) });
    const { row } = await rollout.control.flags.readSplit();
    expect(row).toMatchObject({ weights: rollback, stage: 'rolled_back', latched: true, weightsFault: null });
    expect(await rollBack(fresh.control, anyone)).toMatchObject({ already: true, mended: null });
  });

  it('the command line says what it did, and what was there', async () => {
    await spoil();
    const { code, stdout } = await runSluice(['rollback', '--yes'], { databaseUrl: rollout.database.url });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/rolled back .*\n.*could not be used/) });
  });

  it('a watchdog that has just started judges what instances route, and rolls it back once', async () => {
    await failingCandidate();
    await beat({});
    await spoil();
    const fresh = await rollout.another('watchdog');
    const tick = () => runTick(fresh.controls, { by: 'test', intervalSeconds: 10, deadlineMs: 8000 });
    expect(await tick()).toMatchObject({ result: 'decided', action: 'rollback' });
    const { row } = await rollout.control.flags.readSplit();
    expect(row).toMatchObject({ weights: rollback, stage: 'rolled_back', latchedBy: 'watchdog' });
    await rollout.age(10);
    expect(await tick()).toMatchObject({ result: 'decided', action: 'none' });
    expect(await rollout.control.journal.list({ limit: 9, verb: 'rollback' })).toHaveLength(1);
  });

  it('the alert, the status and the gates go by what is routed', async () => {
    await beat({});
    await spoil();
    await rollout.tick();
    const shot = await readSnapshot(rollout.control);
    expect(shot).toMatchObject({ weights: d3, stage: 'D3', weights_fault: expect.any(String) });
    expect(shot.checklist[0]).toMatchObject({ id: 'weights_written', state: 'failing' });
    expect(shot.alerts).toMatchObject([{ kind: alert, detail: expect.stringMatching(/"runware":1\}|runware 100 %/) }]);
    await writeWeights(rollout.sql, { fal: 0.9, runware: 0.1 });
    await rollout.age(10);
    await rollout.tick();
    expect(await readSnapshot(rollout.control)).toMatchObject({ stage: 'D1', weights_fault: null, alerts: [] });
  });

  it('an instance that fell back to the baseline does not hide one that did not', async () => {
    await beat({ id: 'web-2', weights: rollback, version: null });
    await beat({});
    await spoil();
    expect((await readSnapshot(rollout.control)).weights).toEqual(d3);
  });
});

describe('a stored row of version 0', () => {
  it('that is valid is judged although nobody knows when its rollout began', async () => {
    await failingCandidate();
    await beat({});
    await storePastGuard('{"fal":0,"runware":1}');
    expect(await rollout.tick()).toMatchObject({ result: 'decided', action: 'rollback' });
    const { row } = await rollout.control.flags.readSplit();
    expect(row).toMatchObject({ weights: rollback, stage: 'rolled_back', latchedBy: 'watchdog' });
  });

  it('that is invalid takes weights from whoever has seen it, and only once', async () => {
    await storeInvalidPastGuard();
    const asked = { weights: { fal: 0.9, runware: 0.1 }, expectedVersion: 0, reason: null, override: false };
    const write = () => setWeights(rollout.control, { ...asked, actor: 'operator:ann' });
    expect(await write()).toMatchObject({ version: expect.any(Number) });
    await expect(write()).rejects.toMatchObject({ code: 'stale-version' });
    expect(await rollout.stage()).toBe('D1');
  });
});

describe('an unusable row of which no good one is known', () => {
  it.each([
    ['of a version', storeInvalid],
    ['of version 0', storeInvalidPastGuard],
  ])('%s is latched by a rollback', async (_what, spoil) => {
    await spoil();
    await rollout.sql`delete from sluice.last_good`;
    const done = await rollBack((await rollout.another('fresh')).control, anyone);
    expect(done).toMatchObject({ already: false });
    const { row } = await rollout.control.flags.readSplit();
    expect(row).toMatchObject({ weights: rollback, stage: 'rolled_back', latched: true, latchedBy: 'operator:ann' });
  });
});

describe('deleting the row and writing it again', () => {
  it('rewinds neither the latch nor the clocks', async () => {
    const started = (await rollout.control.flags.readSplit()).row?.rolloutStartedAtMs;
    await deleteRow();
    await writeWeights(rollout.sql, d3);
    expect((await rollout.control.flags.readSplit()).row).toMatchObject({ stage: 'D3', rolloutStartedAtMs: started });
    await rollBack(rollout.control, anyone);
    await deleteRow();
    await writeWeights(rollout.sql, rollback);
    expect((await rollout.control.flags.readSplit()).row).toMatchObject({ stage: 'rolled_back', latched: true });
  });
});

describe('a row that never was', () => {
  it('is no fault and no alert: the first stage can begin', async () => {
    await rollout.sql`delete from feature_flags`;
    await rollout.sql`delete from sluice.last_good`;
    await rollout.tick();
    const shot = await readSnapshot(rollout.control);
    expect(shot).toMatchObject({ version: 0, stage: 'baseline', weights: rollback, weights_fault: null });
    expect(shot.alerts.filter(({ kind }) => kind === 'weights_missing')).toEqual([]);
    const asked = { to: 'D1', expectedVersion: 0, reason: 'begin', override: true, actor: 'operator:ann' };
    expect(await advanceStage(rollout.control, asked)).toMatchObject({ stage: 'D1' });
  });
});
