import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSnapshot } from '@/lib/control/snapshot/read-snapshot';
import { runTick } from '@/lib/watch/run-tick';
import { type TestRollout, testRollout } from '../support/rollout';
import { addSplit, logSplitTraffic, pastTheGuard, writeSplit } from '../support/splits';

let rollout: TestRollout;

beforeEach(async () => {
  rollout = await testRollout();
  await addSplit(rollout.sql, { key: 'VIDEO_WEIGHTS', slug: 'video' });
  await addSplit(rollout.sql, { key: 'ALPHA_WEIGHTS', slug: 'alpha' });
});
afterEach(() => rollout.close());

const ticks = () => rollout.sql<{ split: string; error: string | null }[]>`
  select t.split, t.error from sluice.ticks t order by t.split`;

/** However long what comes before it takes, it decides the slot of the one before. */
const slotMs = Math.floor(Date.now() / 10_000) * 10_000;
const tickInSlot = (by: string) => runTick(rollout.controls, { by, intervalSeconds: 10, deadlineMs: 8000, slotMs });

async function nextTick() {
  await rollout.age(10);
  return rollout.tick();
}

describe('a pass over several splits', () => {
  it('says of each what happened, and keeps a row only of what is under way', async () => {
    const outcome = await tickInSlot('one');
    expect(outcome).toMatchObject({ result: 'decided', action: 'none' });
    expect(outcome).toMatchObject({
      splits: expect.arrayContaining(
        ['GEN_PROVIDER_WEIGHTS', 'VIDEO_WEIGHTS', 'ALPHA_WEIGHTS'].map((split) => ({
          ...{ split, result: 'judged', action: 'none', error: null },
        })),
      ),
    });
    expect((await ticks()).map(({ split }) => split)).toEqual(['GEN_PROVIDER_WEIGHTS']);
    const [pass] = await rollout.sql`select p.splits, p.judged, p.acted, p.failed from sluice.passes p`;
    expect(pass).toEqual({ splits: 3, judged: 3, acted: 0, failed: 0 });
    expect(await tickInSlot('one')).toEqual({ result: 'skipped' });
    await writeSplit(rollout.sql, 'VIDEO_WEIGHTS', { old: 0.9, new: 0.1 });
    await nextTick();
    expect((await ticks()).map(({ split }) => split)).toEqual([
      'GEN_PROVIDER_WEIGHTS',
      'GEN_PROVIDER_WEIGHTS',
      'VIDEO_WEIGHTS',
    ]);
  });

  it('counts as having judged a split at rest', async () => {
    await rollout.tick();
    const video = rollout.controls.of('VIDEO_WEIGHTS');
    expect(await video.ticks.last()).toMatchObject({ decided: { by: 'test', error: null } });
    expect((await readSnapshot(video)).watchdog).toMatchObject({ alive: true, by: 'test' });
  });

  it.each([
    ['a policy that is none', `update feature_flags set flag_value_text = 'none' where flag_key = 'VIDEO_POLICY'`],
    [
      'a statement that fails',
      `update feature_flags set rollout_started_at = 'infinity', flag_value_text = '{"old":0.9,"new":0.1}' where flag_key = 'VIDEO_WEIGHTS'`,
    ],
  ])('with %s in one: it fails alone, and visibly', async (_what, statement) => {
    await writeSplit(rollout.sql, 'VIDEO_WEIGHTS', { old: 0.9, new: 0.1 });
    await writeSplit(rollout.sql, 'ALPHA_WEIGHTS', { old: 0.9, new: 0.1 });
    await pastTheGuard(rollout.sql, statement);
    const outcome = await tickInSlot('one');
    expect(outcome).toMatchObject({ result: 'decided', action: 'none' });
    if (outcome.result !== 'decided') throw new Error(outcome.result);
    const failed = outcome.splits.filter(({ error }) => error !== null).map(({ split }) => split);
    expect(failed).toEqual(['VIDEO_WEIGHTS']);
    expect(await ticks()).toEqual([
      { split: 'ALPHA_WEIGHTS', error: null },
      { split: 'GEN_PROVIDER_WEIGHTS', error: null },
      { split: 'VIDEO_WEIGHTS', error: expect.any(String) },
    ]);
    const told = await rollout.controls.of('VIDEO_WEIGHTS').alerts.open();
    expect(told).toMatchObject([{ kind: 'watchdog_silent', detail: expect.stringContaining('video was not judged') }]);
    expect(await rollout.controls.of('ALPHA_WEIGHTS').alerts.open()).toEqual([]);
    expect(await rollout.control.alerts.open()).toEqual([]);
    // Another process may still decide it in the same slot; the others are not decided twice.
    await pastTheGuard(
      rollout.sql,
      `update feature_flags set rollout_started_at = now() where flag_key = 'VIDEO_WEIGHTS'`,
    );
    const policy = await rollout.sql<{ text: string }[]>`
      select f.flag_value_text as text from feature_flags f where f.flag_key = 'ALPHA_POLICY'`;
    await rollout.sql`update feature_flags set flag_value_text = ${policy[0]?.text ?? ''} where flag_key = 'VIDEO_POLICY'`;
    expect(await tickInSlot('another')).toMatchObject({ splits: [{ split: 'VIDEO_WEIGHTS', error: null }] });
    expect((await ticks()).map(({ error }) => error)).toEqual([null, null, null]);
    expect(await rollout.controls.of('VIDEO_WEIGHTS').alerts.open()).toEqual([]);
  });
});

/** At D1 for two hours, and a third of the candidate's requests have failed for twelve minutes. */
async function regression(split: string): Promise<void> {
  await writeSplit(rollout.sql, split, { old: 0.9, new: 0.1 });
  await pastTheGuard(
    rollout.sql,
    `update feature_flags set rollout_started_at = now() - interval '2 hours', stage_started_at = now() - interval '2 hours'
     where flag_key = '${split}'`,
  );
  const traffic = { split, seconds: 720 };
  await logSplitTraffic(rollout.sql, { ...traffic, arm: 'old', provider: 'fal', perMinute: 60, failEvery: 0 });
  await logSplitTraffic(rollout.sql, { ...traffic, arm: 'new', provider: 'runware', perMinute: 20, failEvery: 3 });
}

describe('two splits that must be rolled back', () => {
  const rolledBack = () => rollout.sql<{ key: string }[]>`
    select f.flag_key as key from feature_flags f where f.stage = 'rolled_back' order by 1`;
  const events = () => rollout.sql<{ split: string }[]>`
    select l.event_data ->> 'split' as split from analytics_logs l where l.event_type = 'rollout_rollback' order by l.created_at`;

  beforeEach(async () => {
    await regression('VIDEO_WEIGHTS');
    await regression('ALPHA_WEIGHTS');
  });

  it('do so each by itself: a write that fails fails its own, and is made up for in the same slot, once', async () => {
    await rollout.sql.unsafe(`
      create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no disk'; end $$;
      create trigger refuse before update on feature_flags for each row when (new.flag_key = 'VIDEO_WEIGHTS')
        execute function refuse();
      alter table feature_flags enable always trigger refuse`);
    expect(await tickInSlot('one')).toMatchObject({
      result: 'decided',
      splits: expect.arrayContaining([
        { split: 'GEN_PROVIDER_WEIGHTS', result: 'judged', action: 'none', error: null },
        { split: 'VIDEO_WEIGHTS', result: 'failed', action: 'none', error: expect.stringContaining('no disk') },
        { split: 'ALPHA_WEIGHTS', result: 'judged', action: 'rollback', error: null },
      ]),
    });
    expect(await rolledBack()).toEqual([{ key: 'ALPHA_WEIGHTS' }]);
    const [pass] = await rollout.sql`select p.splits, p.judged, p.acted, p.failed from sluice.passes p`;
    expect(pass).toEqual({ splits: 3, judged: 2, acted: 1, failed: 1 });

    await rollout.sql`drop trigger refuse on feature_flags`;
    expect(await tickInSlot('another')).toMatchObject({ splits: [{ split: 'VIDEO_WEIGHTS', action: 'rollback' }] });
    expect(await rolledBack()).toEqual([{ key: 'ALPHA_WEIGHTS' }, { key: 'VIDEO_WEIGHTS' }]);
    expect(await events()).toEqual([{ split: 'ALPHA_WEIGHTS' }, { split: 'VIDEO_WEIGHTS' }]);
    const [whole] = await rollout.sql`select p.splits, p.judged, p.acted, p.failed from sluice.passes p`;
    expect(whole).toEqual({ splits: 3, judged: 3, acted: 2, failed: 0 });
    expect(await tickInSlot('one')).toEqual({ result: 'skipped' });
  });

  it('leave to another process the one that it is at, and say nothing of it', async () => {
    await rollout.sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(hashtextextended('sluice tick VIDEO_WEIGHTS', 0))`;
      expect(await rollout.tick()).toMatchObject({ result: 'decided' });
    });
    expect(await rolledBack()).toEqual([{ key: 'ALPHA_WEIGHTS' }]);
    expect((await ticks()).map(({ split }) => split)).toEqual(['ALPHA_WEIGHTS', 'GEN_PROVIDER_WEIGHTS']);
    await nextTick();
    expect(await events()).toEqual([{ split: 'ALPHA_WEIGHTS' }, { split: 'VIDEO_WEIGHTS' }]);
  });
});

it('an alert of one split begins and ends without the same one of another', async () => {
  const splits = ['VIDEO_WEIGHTS', 'ALPHA_WEIGHTS'];
  const kinds = async () =>
    Promise.all(
      splits.map(async (key) => (await rollout.controls.of(key).alerts.open()).map(({ kind }) => kind).join()),
    );
  for (const key of splits)
    await pastTheGuard(rollout.sql, `update feature_flags set flag_value_text = 'none' where flag_key = '${key}'`);
  await rollout.tick();
  expect(await kinds()).toEqual(['weights_invalid', 'weights_invalid']);
  expect(await rollout.control.alerts.open()).toEqual([]);
  await writeSplit(rollout.sql, 'ALPHA_WEIGHTS', { old: 1, new: 0 });
  await nextTick();
  expect(await kinds()).toEqual(['weights_invalid', '']);
  await nextTick();
  expect(await kinds()).toEqual(['weights_invalid', '']);
});

describe('the list of splits', () => {
  it('tells what is known of each', async () => {
    await writeSplit(rollout.sql, 'VIDEO_WEIGHTS', { old: 0.9, new: 0.1 });
    await rollout.tick();
    const listed = await rollout.controls.list();
    expect(listed.map(({ slug }) => slug)).toEqual(['gen', 'alpha', 'video']);
    expect(listed.find(({ slug }) => slug === 'video')).toMatchObject({
      ...{ key: 'VIDEO_WEIGHTS', kind: 'image', isDefault: false, archivedAtMs: null, error: null },
      weights: { old: 0.9, new: 0.1 },
    });
    expect((await rollout.controls.bySlug('video'))?.facts).toMatchObject({
      ...{ split: 'VIDEO_WEIGHTS', slug: 'video', policyKey: 'VIDEO_POLICY' },
    });
    expect(await rollout.controls.bySlug('nothing')).toBeNull();
  });
});
