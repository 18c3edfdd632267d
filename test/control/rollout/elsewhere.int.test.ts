import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Control } from '@/lib/control/control';
import { gatesOf } from '@/lib/control/rollout/gates-of';
import { readRolloutNow } from '@/lib/control/rollout/read-rollout-now';
import { advanceStage } from '@/lib/control/verbs/advance-stage';
import { setWeights } from '@/lib/control/verbs/set-weights';
import { type TestRollout, testRollout, writeWeights } from '@/test/support/rollout';
import { addSplit, pastTheGuard, writeSplit } from '@/test/support/splits';

const actor = 'operator:ann';
let rollout: TestRollout;
let video: Control;

/** The first split is at D1 with fal and runware. */
beforeEach(async () => {
  rollout = await testRollout();
  await addSplit(rollout.sql, { key: 'VIDEO_WEIGHTS', slug: 'video' });
  video = rollout.controls.of('VIDEO_WEIGHTS');
});
afterEach(() => rollout.close());

const shared = async (control = video) =>
  gatesOf(await readRolloutNow(control)).filter(({ code }) => code === 'same_provider');
const version = async () => (await video.flags.readSplit()).row?.version ?? 0;

describe('a rollout that moves the traffic of the same provider', () => {
  it('is said before a second one begins, with whose and which', async () => {
    expect(await shared()).toEqual([
      {
        code: 'same_provider',
        detail:
          "gen is at D1 and moves traffic of fal and runware as well: what one rollout does could look like the other's doing.",
        params: { split: 'gen', stage: 'D1', providers: 'fal, runware' },
      },
    ]);
    expect(await shared(rollout.control)).toEqual([]);
  });

  it('names only what both of them move', async () => {
    await addSplit(rollout.sql, { key: 'ALPHA_WEIGHTS', slug: 'alpha', arms: { old: 'fal', new: 'fal' } });
    expect(await shared(rollout.controls.of('ALPHA_WEIGHTS'))).toMatchObject([{ params: { providers: 'fal' } }]);
    await rollout.sql`insert into sluice.providers (name, label, adapter) values ('acme', 'Acme', 'openai')`;
    await addSplit(rollout.sql, { key: 'BETA_WEIGHTS', slug: 'beta', arms: { old: 'acme', new: 'acme' } });
    expect(await shared(rollout.controls.of('BETA_WEIGHTS'))).toEqual([]);
  });

  it('keeps the first step and first weights back, and an override goes past it', async () => {
    const step = { to: 'D1', reason: 'both at once', expectedVersion: await version(), actor };
    const refused = await advanceStage(video, { ...step, override: false }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'gate-closed' });
    expect(JSON.stringify(refused)).toContain('same_provider');
    const weights = { weights: { old: 0.95, new: 0.05 }, reason: null, expectedVersion: await version(), actor };
    const byHand = await setWeights(video, { ...weights, override: false }).catch((error: unknown) => error);
    expect(JSON.stringify(byHand)).toContain('same_provider');
    await advanceStage(video, { ...step, override: true });
    const [entry] = await video.journal.list({ limit: 1, verb: 'override' });
    expect(entry?.evidence).toMatchObject({ blockers: expect.arrayContaining([{ code: 'same_provider' }].map(like)) });
    // Both are under way: neither stands in the way of the other's next step.
    expect([await shared(), await shared(rollout.control)]).toEqual([[], []]);
  });

  it.each([
    ['at its last stage', () => writeWeights(rollout.sql, { fal: 0, runware: 1 })],
    ['at rest', () => writeWeights(rollout.sql, { fal: 1, runware: 0 })],
    [
      'of which nobody can say where it stands',
      () => pastTheGuard(rollout.sql, `update feature_flags set stage = null where flag_key = 'GEN_PROVIDER_WEIGHTS'`),
    ],
  ])('says nothing %s', async (_, move) => {
    await move();
    expect(await shared()).toEqual([]);
  });

  it('is left out where its policy cannot be read, and others are told all the same', async () => {
    await addSplit(rollout.sql, { key: 'ALPHA_WEIGHTS', slug: 'alpha' });
    await writeSplit(rollout.sql, 'ALPHA_WEIGHTS', { old: 0.9, new: 0.1 });
    expect(await shared()).toMatchObject([{ params: { split: 'alpha' } }, { params: { split: 'gen' } }]);
    await pastTheGuard(
      rollout.sql,
      `update feature_flags set flag_value_text = 'none' where flag_key = 'ALPHA_POLICY'`,
    );
    expect(await shared()).toMatchObject([{ params: { split: 'gen' } }]);
  });
});

const like = (value: object): unknown => expect.objectContaining(value);
