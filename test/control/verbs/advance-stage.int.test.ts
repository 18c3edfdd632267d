import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { advanceStage } from '@/lib/control/verbs/advance-stage';
import { pause } from '@/lib/control/verbs/pause';
import { rearm } from '@/lib/control/verbs/rearm';
import { resume } from '@/lib/control/verbs/resume';
import { rollBack } from '@/lib/control/verbs/roll-back';
import { setWeights } from '@/lib/control/verbs/set-weights';
import { healthyStage, logTraffic, type TestRollout, testRollout, writeWeights } from '@/test/support/rollout';

let rollout: TestRollout;
const actor = 'operator:ann';

beforeEach(async () => {
  rollout = await testRollout();
});
afterEach(() => rollout.close());

async function advance(to: string, more: { override?: boolean; reason?: string; version?: number } = {}) {
  const { override = false, reason = null, version = await rollout.version() } = more;
  return advanceStage(rollout.control, { to, override, reason, expectedVersion: version, actor });
}

describe('advancing', () => {
  it('goes one step when every gate is open, and journals who, why and the numbers', async () => {
    await healthyStage(rollout);
    const written = await advance('D2', { reason: 'an hour of calm' });
    expect(await rollout.stage()).toBe('D2');
    const entry = await rollout.control.journal.get(written.journal_id ?? 0);
    expect(entry).toMatchObject({
      actor,
      verb: 'advance',
      stage_from: 'D1',
      stage_to: 'D2',
      reason: 'an hour of calm',
    });
    expect(entry?.evidence).toMatchObject({ to: 'D2', blockers: [] });
  });

  it('judges afresh when its process stood still between the judgement and the write', async () => {
    await healthyStage(rollout);
    const { flags } = rollout.control;
    let frozen = 1;
    // As if a minute had passed while the process was frozen in front of the write.
    const writeWeights: typeof flags.writeWeights = async (weights, write) => {
      if (frozen-- <= 0) return flags.writeWeights(weights, write);
      await logTraffic(rollout.sql, { fromSecondsAgo: 120, perMinute: 60, failEvery: 2 });
      return flags.writeWeights(weights, { ...write, judgedAtMs: (write.judgedAtMs ?? 0) - 60_000 });
    };
    const control = { ...rollout.control, flags: { ...flags, writeWeights } };
    const request = { to: 'D2', override: false, reason: null, expectedVersion: await rollout.version(), actor };
    const refused = await advanceStage(control, request).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'gate-closed' });
    expect(JSON.stringify(refused)).toContain('failure_rate');
    expect(await rollout.stage()).toBe('D1');

    const late: typeof flags.writeWeights = (weights, write) =>
      flags.writeWeights(weights, { ...write, judgedAtMs: (write.judgedAtMs ?? 0) - 60_000 });
    const always = { ...rollout.control, flags: { ...flags, writeWeights: late } };
    const contended = await advanceStage(always, { ...request, override: true, reason: 'now' }).catch(
      (e: unknown) => e,
    );
    expect(contended).toMatchObject({ code: 'split-contended' });
    expect(await rollout.version()).toBe(request.expectedVersion);
  });

  it('refuses a step before its time and says everything that is missing', async () => {
    await rollout.tick();
    const refused = await advance('D2').catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'gate-closed' });
    const { blockers } = (refused as { members: { blockers: { code: string }[] } }).members;
    expect(blockers.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['time_not_served', 'too_few_requests', 'line_not_ok']),
    );
    expect(await rollout.stage()).toBe('D1');
  });

  it('refuses while no watchdog has decided', async () => {
    const refused = await advance('D2').catch((error: unknown) => error);
    expect(JSON.stringify(refused)).toContain('watchdog_silent');
  });

  it('lets an operator override with a reason, and journals what stood in the way', async () => {
    await expect(advance('D2', { override: true })).rejects.toMatchObject({ code: 'reason-missing' });
    const written = await advance('D2', { override: true, reason: 'the launch is today' });
    const entry = await rollout.control.journal.get(written.journal_id ?? 0);
    expect(entry).toMatchObject({ verb: 'override', reason: 'the launch is today', stage_to: 'D2' });
    expect(JSON.stringify(entry?.evidence)).toContain('time_not_served');
  });

  it.each(['D1', 'D3', 'D9'])('refuses %s from D1: the next step is D2', async (to) => {
    await healthyStage(rollout);
    await expect(advance(to, { override: true, reason: 'x' })).rejects.toMatchObject({
      code: 'step-order',
      members: { next: 'D2' },
    });
  });

  it('answers a stale version with who moved it, when, and where it is now', async () => {
    const stale = await rollout.version();
    await writeWeights(rollout.sql, { fal: 0.8, runware: 0.2 });
    await expect(advance('D2', { version: stale })).rejects.toMatchObject({
      code: 'stale-version',
      members: {
        version: await rollout.version(),
        weights: { fal: 0.8, runware: 0.2 },
        by: expect.stringMatching(/^sql:/),
        at: expect.any(String),
      },
    });
  });

  it('after a rollback asks for a re-arm with a reason, and then starts at D1', async () => {
    await rollBack(rollout.control, { reason: 'bad pictures', actor });
    await expect(advance('D1')).rejects.toMatchObject({ code: 'rolled-back' });
    const request = { expectedVersion: await rollout.version(), reason: null, actor };
    await expect(async () => rearm(rollout.control, request)).rejects.toMatchObject({ code: 'reason-missing' });
    await rearm(rollout.control, { ...request, reason: 'the vendor fixed it' });
    await rollout.tick();
    await expect(advance('D2')).rejects.toMatchObject({ code: 'step-order' });
    await advance('D1');
    expect(await rollout.stage()).toBe('D1');
  });

  it('stops while paused, and goes on after resuming', async () => {
    await healthyStage(rollout);
    await pause(rollout.control, { expectedVersion: await rollout.version(), reason: 'lunch', actor });
    await expect(advance('D2')).rejects.toMatchObject({
      code: 'gate-closed',
      members: { blockers: [{ code: 'paused' }] },
    });
    await expect(
      pause(rollout.control, { expectedVersion: await rollout.version(), reason: null, actor }),
    ).rejects.toMatchObject({ code: 'already-paused' });
    await resume(rollout.control, { expectedVersion: await rollout.version(), reason: null, actor });
    await advance('D2');
    expect(await rollout.stage()).toBe('D2');
  });
});

describe('weights by hand', () => {
  const set = async (weights: unknown, more: { override?: boolean; reason?: string } = {}) =>
    setWeights(rollout.control, {
      weights,
      override: more.override ?? false,
      reason: more.reason ?? null,
      expectedVersion: await rollout.version(),
      actor,
    });

  it('obeys the gates when it raises the candidate', async () => {
    await rollout.tick();
    await expect(set({ fal: 0.6, runware: 0.4 })).rejects.toMatchObject({ code: 'gate-closed' });
    await expect(set({ fal: 0, runware: 1 }, { override: true, reason: 'x' })).rejects.toMatchObject({
      code: 'step-order',
    });
    await set({ fal: 0.6, runware: 0.4 }, { override: true, reason: 'half way' });
    expect(await rollout.stage()).toBe('custom');
  });

  it('is free when it lowers the candidate', async () => {
    await set({ fal: 0.95, runware: 0.05 });
    expect((await rollout.control.flags.readSplit()).row?.weights).toEqual({ fal: 0.95, runware: 0.05 });
  });

  it.each([
    null,
    [],
    'x',
    1,
    {},
    { fal: 1 },
    { fal: 0.5, runware: 0.6 },
    { fal: 0.5, runwear: 0.5 },
    { fal: '0.9', runware: 0.1 },
  ])('refuses %j in words', async (weights) => {
    await expect(set(weights)).rejects.toMatchObject({ code: 'weights-invalid', message: expect.stringMatching(/\w/) });
  });
});

describe('rolling back', () => {
  it('obeys no gate, latches, and is idempotent', async () => {
    const first = await rollBack(rollout.control, { reason: null, actor });
    expect(await rollout.stage()).toBe('rolled_back');
    const again = await rollBack(rollout.control, { reason: null, actor });
    expect(again).toMatchObject({ already: true, version: first.version });
  });

  it('does not wait for a transaction that somebody left open on the row', async () => {
    const held = await rollout.another('psql left open');
    const { sql } = rollout;
    const hold = await sql.reserve();
    await hold`begin`;
    await hold`update feature_flags set description = 'lunch' where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    await rollBack(held.control, { reason: 'now', actor });
    expect(await rollout.stage()).toBe('rolled_back');
    hold.release();
  });
});
