import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '@/test/support/database';

let database: TestDatabase;
const plan = {
  baseline: 'old',
  candidates: ['x', 'y'],
  stages: [
    { name: 'D1', weights: { old: 0.8, x: 0.1, y: 0.1 }, observe: '1h' },
    { name: 'D2', weights: { old: 0.2, x: 0.4, y: 0.4 }, observe: null },
  ],
  rollback: { old: 1, x: 0, y: 0 },
};
const d1 = '{"old":0.8,"x":0.1,"y":0.1}';

beforeAll(async () => {
  database = await testDatabase();
  const { sql } = database;
  await sql`insert into sluice.splits (key, slug, kind, label) values ('VIDEO_WEIGHTS', 'video', 'image', 'Video')`;
  await sql`insert into sluice.providers (name, label) values ('acme', 'Acme')`;
  for (const [arm, provider] of [
    ['old', 'fal'],
    ['x', 'runware'],
    ['y', 'acme'],
  ] as const)
    await sql`insert into sluice.arms (split, name, provider) values ('VIDEO_WEIGHTS', ${arm}, ${provider})`;
});
afterAll(() => database.close());

const put = (flag: string, text: string) => database.sql`
  insert into feature_flags (flag_key, flag_value_text) values (${flag}, ${text})
  on conflict (flag_key) do update set flag_value_text = excluded.flag_value_text`;
const stored = async (flag: string) =>
  (await database.sql`select * from feature_flags where flag_key = ${flag}`)[0] as Record<string, unknown>;

describe('a split beside the first', () => {
  test('takes no weights before it has a policy, and its policy must say the plan', async () => {
    await expect(put('VIDEO_WEIGHTS', d1)).rejects.toThrow(
      'VIDEO_WEIGHTS was not changed: there is no valid policy yet, so nobody would watch them; write VIDEO_POLICY first',
    );
    await expect(put('VIDEO_POLICY', '{"minRequests":10}')).rejects.toThrow(
      'VIDEO_POLICY was not changed: policy.baseline is missing; it must be said: only the first split has a plan by default',
    );
    await expect(
      put('VIDEO_POLICY', JSON.stringify({ ...plan, rollback: { old: 1, x: 0, y: 0, fal: 0 } })),
    ).rejects.toThrow('policy.rollback names "fal", which is no arm of this split; its arms are old, x, y');
    await put('VIDEO_POLICY', JSON.stringify(plan));
    expect((await stored('VIDEO_POLICY')).version).toBeGreaterThan(0);
  });

  test('is guarded, has its version, its stage, its journal and its policy’s version', async () => {
    await expect(put('VIDEO_WEIGHTS', '{"fal":1}')).rejects.toThrow(
      `VIDEO_WEIGHTS was not changed: 'fal' is not an arm of this split; its arms are: old, x, y`,
    );
    await expect(put('VIDEO_WEIGHTS', '{"old":0.9,"x":0.1}')).rejects.toThrow(
      'the weights leave out y; the baseline and every candidate must be named',
    );
    await put('VIDEO_WEIGHTS', d1);
    expect(await stored('VIDEO_WEIGHTS')).toMatchObject({ stage: 'D1' });
    const { version } = await stored('VIDEO_POLICY');
    expect(
      await database.sql`select j.verb, j.stage_to, j.policy_version from sluice.journal j where j.flag_key = 'VIDEO_WEIGHTS'`,
    ).toEqual([{ verb: 'sql', stage_to: 'D1', policy_version: version }]);
    expect((await database.sql`select h.flag_key from sluice.journal_heads() h`).map((head) => head.flag_key)).toEqual(
      expect.arrayContaining(['VIDEO_WEIGHTS', 'VIDEO_POLICY']),
    );
    expect(await database.sql`select * from sluice.journal_faults()`).toEqual([]);
  });

  test('latches one arm alone, and raw SQL that gives it a share again re-arms it', async () => {
    await put('VIDEO_WEIGHTS', '{"old":0.9,"x":0.1,"y":0}');
    const arms = () =>
      database.sql`select a.arm, a.latched_at is not null as latched, a.latched_by from sluice.arm_state a
        where a.split = 'VIDEO_WEIGHTS' order by a.arm`;
    expect(await arms()).toEqual([
      { arm: 'x', latched: false, latched_by: null },
      { arm: 'y', latched: true, latched_by: 'sql:postgres' },
    ]);
    expect(await stored('VIDEO_WEIGHTS')).toMatchObject({ stage: 'D1', latched_at: null });
    await put('VIDEO_WEIGHTS', d1);
    expect((await arms()).map(({ latched }) => latched)).toEqual([false, false]);
    const [last] =
      await database.sql`select j.verb from sluice.journal j where j.flag_key = 'VIDEO_WEIGHTS' order by j.seq desc`;
    expect(last?.verb).toBe('rearm');
  });

  test('keeps its policy and its candidates while the rollout is under way, and is not renamed', async () => {
    const { sql } = database;
    await expect(sql`delete from feature_flags where flag_key = 'VIDEO_POLICY'`).rejects.toThrow(
      'VIDEO_POLICY was not deleted: VIDEO_WEIGHTS is at D1; roll it back first',
    );
    const less = {
      ...plan,
      candidates: ['x'],
      stages: [{ name: 'D1', weights: { old: 0.9, x: 0.1 }, observe: '1h' }],
    };
    await expect(put('VIDEO_POLICY', JSON.stringify(less))).rejects.toThrow(
      'policy.candidates cannot change from "x, y" to "x" in D1; roll back first',
    );
    for (const flag of ['VIDEO_WEIGHTS', 'VIDEO_POLICY'])
      await expect(sql`update feature_flags set flag_key = 'MINE' where flag_key = ${flag}`).rejects.toThrow(
        `${flag} cannot be renamed to MINE; insert the new flag instead`,
      );
  });

  test('gives no share to an arm whose provider takes nothing, and takes one away from it', async () => {
    await put('VIDEO_WEIGHTS', '{"old":0.9,"x":0.1,"y":0}');
    await database.sql`update sluice.providers set state = 'draining' where name = 'acme'`;
    await expect(put('VIDEO_WEIGHTS', d1)).rejects.toThrow(
      `VIDEO_WEIGHTS was not changed: 'y' takes no share: its provider acme is draining; the split's arms are: old, x, y`,
    );
    await put('VIDEO_WEIGHTS', '{"old":1,"x":0,"y":0}');
    expect(await stored('VIDEO_WEIGHTS')).toMatchObject({ stage: 'rolled_back' });
    await database.sql`update sluice.providers set state = 'active' where name = 'acme'`;
  });

  test('keeps the arms that its weights and its policy name', async () => {
    await expect(database.sql`delete from sluice.arms where split = 'VIDEO_WEIGHTS' and name = 'y'`).rejects.toThrow(
      'it is still used: it is a candidate of VIDEO_WEIGHTS',
    );
  });

  test('goes on from where it stood when its row is deleted and written again', async () => {
    const { sql } = database;
    await sql`delete from feature_flags where flag_key = 'VIDEO_WEIGHTS'`;
    await put('VIDEO_WEIGHTS', '{"old":1,"x":0,"y":0}');
    expect(await stored('VIDEO_WEIGHTS')).toMatchObject({ stage: 'rolled_back', latched_by: 'sql:postgres' });
  });
});

test('weights that no split is registered for are a foreign flag', async () => {
  await put('FOREIGN_WEIGHTS', 'whatever they hold');
  expect(await stored('FOREIGN_WEIGHTS')).toMatchObject({ stage: null, rollout_arms: null });
  await database.sql`update feature_flags set flag_key = 'OTHER_WEIGHTS' where flag_key = 'FOREIGN_WEIGHTS'`;
  await database.sql`delete from feature_flags where flag_key = 'OTHER_WEIGHTS'`;
});

test('the first split’s arms are what its one candidate’s row says', async () => {
  await put('GEN_PROVIDER_WEIGHTS', '{"fal":0.9,"runware":0.1}');
  await put('GEN_PROVIDER_WEIGHTS', '{"fal":1,"runware":0}');
  const [arm] = await database.sql`
    select a.arm, a.rollout_started_at = f.rollout_started_at and a.latched_at = f.latched_at as is_same
    from sluice.arm_state a join feature_flags f on f.flag_key = a.split where a.split = 'GEN_PROVIDER_WEIGHTS'`;
  expect(arm).toEqual({ arm: 'runware', is_same: true });
});
