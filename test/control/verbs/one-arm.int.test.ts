import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Control } from '@/lib/control/control';
import { readSnapshot } from '@/lib/control/snapshot/read-snapshot';
import { advanceStage } from '@/lib/control/verbs/advance-stage';
import { type RearmRequest, rearm } from '@/lib/control/verbs/rearm';
import { rollBack } from '@/lib/control/verbs/roll-back';
import { setWeights } from '@/lib/control/verbs/set-weights';
import type { Weights } from '@/lib/split/weights';
import { type TestRollout, testRollout } from '@/test/support/rollout';
import { addSplit, pastTheGuard, writeSplit } from '@/test/support/splits';

const split = 'VIDEO_WEIGHTS';
const actor = 'operator:ann';
const d1 = { old: 0.8, x: 0.1, y: 0.1 };
const d2 = { old: 0.4, x: 0.3, y: 0.3 };
let rollout: TestRollout;
let control: Control;

beforeEach(async () => {
  rollout = await testRollout({ fal: 1, runware: 0 });
  await addSplit(rollout.sql, { key: split, slug: 'video', arms: { old: 'fal', x: 'runware', y: 'fal' } });
  control = rollout.controls.of(split);
});
afterEach(() => rollout.close());

const write = (weights: Weights) => writeSplit(rollout.sql, split, weights);
const outX = (reason = 'artefacts') => rollBack(control, { arm: 'x', reason, actor });

async function now() {
  const { row } = await control.flags.readSplit();
  if (row === null) throw new Error('there is no row');
  return row;
}

async function back(more: Partial<RearmRequest> = {}) {
  const { version } = await now();
  return rearm(control, { arm: 'x', reason: 'mended', override: true, actor, expectedVersion: version, ...more });
}

describe('a rollback of one arm', () => {
  it('gives its share to the baseline and leaves the others what they have', async () => {
    await write(d1);
    const before = await now();
    const written = await outX();
    const after = await now();
    expect(after).toMatchObject({ weights: { old: 0.9, x: 0, y: 0.1 }, stage: 'D1', latched: false });
    expect(after.arms.x).toMatchObject({ latchedBy: actor, reason: 'artefacts', latchedAtMs: expect.any(Number) });
    expect(after.arms.y).toEqual(before.arms.y);
    expect(after.stageStartedAtMs).toBe(before.stageStartedAtMs);
    expect(await readSnapshot(control)).toMatchObject({ stage: 'D1', without: ['x'], latched: null });
    expect(written).toMatchObject({ version: after.version, already: false, mended: null });
    const entry = await control.journal.get(written.journal_id ?? 0);
    expect(entry).toMatchObject({ verb: 'rollback', actor, reason: 'artefacts', stage_from: 'D1', stage_to: 'D1' });
  });

  it('writes nothing where it has no share left', async () => {
    await write(d1);
    const { version } = await outX();
    expect(await outX('again')).toMatchObject({ version, already: true });
    expect(await now()).toMatchObject({ version, arms: { x: { reason: 'artefacts' } } });
  });

  it('of the last one is that of the whole split', async () => {
    await write(d1);
    await outX();
    await rollBack(control, { arm: 'y', reason: 'slow', actor });
    const row = await now();
    expect(row).toMatchObject({ weights: { old: 1, x: 0, y: 0 }, stage: 'rolled_back', latched: true });
    expect(row).toMatchObject({ arms: { x: { reason: 'artefacts' }, y: { reason: 'slow' } } });
  });

  it('keeps it out where the plan begins without it, too', async () => {
    const policy = {
      ...{ baseline: 'old', candidates: ['x', 'y'], rollback: { old: 1, x: 0, y: 0 } },
      stages: [
        { name: 'D1', weights: { old: 0.9, x: 0.1, y: 0 }, observe: '1h' },
        { name: 'D2', weights: d1, observe: null },
      ],
    };
    await rollout.sql`
      update feature_flags set flag_value_text = ${JSON.stringify(policy)} where flag_key = 'VIDEO_POLICY'`;
    await write({ old: 0.9, x: 0.1, y: 0 });
    await write(d1);
    await rollBack(control, { arm: 'y', reason: 'slow', actor });
    const row = await now();
    expect(row).toMatchObject({ weights: { old: 0.9, x: 0.1, y: 0 }, stage: 'D2', latched: false });
    expect(row.arms).toMatchObject({ x: { latchedAtMs: null }, y: { latchedBy: actor, reason: 'slow' } });
    // The same weights as a step back by hand are one: nothing was found wrong with it.
    await back({ arm: 'y' });
    await write({ old: 0.9, x: 0.1, y: 0 });
    expect(await now()).toMatchObject({ stage: 'D1', arms: { y: { latchedAtMs: null } } });
  });

  it('is made again by what the others have when they moved meanwhile', async () => {
    await write(d1);
    const { flags } = control;
    let moves = 1;
    const writeWeights: typeof flags.writeWeights = async (weights, request) => {
      if (moves-- > 0) await write({ old: 0.85, x: 0.1, y: 0.05 });
      return flags.writeWeights(weights, request);
    };
    await rollBack({ ...control, flags: { ...flags, writeWeights } }, { arm: 'x', reason: 'artefacts', actor });
    expect(await now()).toMatchObject({ weights: { old: 0.95, x: 0, y: 0.05 } });
  });

  it('gives up where they move each time', async () => {
    await write(d1);
    const { flags } = control;
    let y = 0.1;
    const writeWeights: typeof flags.writeWeights = async (weights, request) => {
      y -= 0.01;
      await write({ old: 0.9 - y, x: 0.1, y });
      return flags.writeWeights(weights, request);
    };
    const contended = rollBack({ ...control, flags: { ...flags, writeWeights } }, { arm: 'x', reason: null, actor });
    await expect(contended).rejects.toMatchObject({ code: 'stale-version' });
    expect((await now()).weights.x).toBe(0.1);
  });

  it.each(['nobody', 'old'])('is refused for %s, which is no candidate', async (arm) => {
    await write(d1);
    const refused = rollBack(control, { arm, reason: null, actor });
    await expect(refused).rejects.toMatchObject({ code: 'no-such-arm', members: { candidates: ['x', 'y'] } });
    expect((await now()).weights).toEqual(d1);
  });

  it('is refused where what is stored cannot be used: that of the split is not', async () => {
    await write(d1);
    await pastTheGuard(rollout.sql, `update feature_flags set flag_value_text = '{"x":2}' where flag_key = '${split}'`);
    await expect(outX()).rejects.toMatchObject({
      code: 'weights-invalid',
      message: expect.stringMatching(/^x alone cannot be rolled back, .*: roll back the split\.$/),
    });
    expect(await rollBack(control, { reason: null, actor })).toMatchObject({ already: false });
    expect(await now()).toMatchObject({ weights: { old: 1, x: 0, y: 0 }, weightsFault: null });
  });
});

describe('a re-arm of one arm', () => {
  beforeEach(async () => {
    await write(d1);
    await write(d2);
    await outX();
  });

  it("takes the first stage's share from the baseline, whatever stage the others stand at", async () => {
    const before = await now();
    expect(before).toMatchObject({ weights: { old: 0.7, x: 0, y: 0.3 }, stage: 'D2' });
    const written = await back();
    const row = await now();
    expect(row).toMatchObject({ version: written.version, weights: { old: 0.6, x: 0.1, y: 0.3 }, stage: 'D2' });
    expect(row.arms.x).toMatchObject({ latchedAtMs: null, latchedBy: null, reason: null });
    expect(row.arms.x?.rolloutStartedAtMs).toBeGreaterThan(before.arms.x?.latchedAtMs ?? Number.POSITIVE_INFINITY);
    expect(row.arms.y).toEqual(before.arms.y);
    const entry = await control.journal.get(written.journal_id ?? 0);
    expect(entry).toMatchObject({ verb: 'rearm', actor, reason: 'mended', evidence: { arm: 'x' } });
  });

  it('is refused where the baseline has too little to give', async () => {
    await write({ old: 0.05, x: 0, y: 0.95 });
    await expect(back()).rejects.toMatchObject({
      code: 'weights-invalid',
      message: expect.stringMatching(/^x was not re-armed: x begins again with 10 %, .*old has only 5 % to give/),
    });
    expect(await now()).toMatchObject({ weights: { old: 0.05, x: 0, y: 0.95 }, arms: { x: { latchedBy: actor } } });
  });

  it('is refused while nobody watches, and goes with an override that the journal keeps', async () => {
    const refused = await back({ override: false }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'gate-closed', message: expect.stringMatching(/^x was not re-armed: /) });
    const codes = (refused as { members: { blockers: { code: string }[] } }).members.blockers.map(({ code }) => code);
    expect(codes).toEqual(['watchdog_silent']);
    const { journal_id: id } = await back();
    const entry = await control.journal.get(id ?? 0);
    expect(entry?.evidence).toMatchObject({ blockers: [{ code: 'watchdog_silent' }] });
  });

  it('needs no override once a watchdog has ticked, though the time of the stage is not served', async () => {
    await rollout.tick();
    await back({ override: false });
    expect((await now()).weights).toEqual({ old: 0.6, x: 0.1, y: 0.3 });
  });

  it.each([
    ['an old version', { expectedVersion: 1 }, 'stale-version'],
    ['an arm that goes on', { arm: 'y' }, 'not-rolled-back'],
    ['the baseline', { arm: 'old' }, 'no-such-arm'],
    ['no reason', { reason: ' ' }, 'reason-missing'],
  ])('is refused with %s', async (_, wrong, code) => {
    const before = await now();
    await expect(back(wrong)).rejects.toMatchObject({ code });
    expect(await now()).toEqual(before);
  });

  it('is not what a re-arm of the whole split does, which was not rolled back', async () => {
    const { version } = await now();
    const whole = rearm(control, { reason: 'mended', actor, expectedVersion: version });
    await expect(whole).rejects.toMatchObject({ code: 'not-rolled-back' });
    expect((await now()).arms.x?.latchedAtMs).not.toBeNull();
  });

  it('of a split that is rolled back whole leaves the weights and the other arm as they are', async () => {
    await rollBack(control, { reason: 'all of it', actor });
    await back({ override: false });
    const row = await now();
    expect(row).toMatchObject({ weights: { old: 1, x: 0, y: 0 }, stage: 'baseline', latched: false });
    expect(row).toMatchObject({ arms: { x: { latchedAtMs: null }, y: { latchedAtMs: expect.any(Number) } } });
  });
});

describe('with an arm that was rolled back', () => {
  beforeEach(async () => {
    await write(d1);
    await outX();
  });

  async function advance(to: string, version?: number) {
    const expectedVersion = version ?? (await now()).version;
    return advanceStage(control, { to, override: true, reason: 'go', expectedVersion, actor });
  }

  it('an advance takes the others on, and it stays out', async () => {
    await advance('D2');
    expect(await now()).toMatchObject({ weights: { old: 0.7, x: 0, y: 0.3 }, stage: 'D2', latched: false });
    expect(await readSnapshot(control)).toMatchObject({ stage: 'D2', without: ['x'] });
  });

  it('an advance by the version from before the rollback is refused', async () => {
    const { version } = await now();
    await write({ old: 0.91, x: 0, y: 0.09 });
    await expect(advance('D2', version)).rejects.toMatchObject({ code: 'stale-version' });
    expect((await now()).weights).toEqual({ old: 0.91, x: 0, y: 0.09 });
  });

  it('an arm that was re-armed is taken to the stage of the others by the next step', async () => {
    await advance('D2');
    await back();
    expect((await readSnapshot(control)).next).toMatchObject({ name: 'D2', weights: d2 });
    await advance('D2');
    expect(await now()).toMatchObject({ weights: d2, stage: 'D2' });
  });

  it('weights by hand do not bring it back', async () => {
    const { version } = await now();
    const request = { weights: d1, override: false, reason: 'back', expectedVersion: version, actor };
    const refused = await setWeights(control, request).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'gate-closed' });
    expect(JSON.stringify(refused)).toContain('x was rolled back: re-arm it with a reason first');
    expect((await now()).weights).toEqual({ old: 0.9, x: 0, y: 0.1 });
  });
});
