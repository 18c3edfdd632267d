import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Control } from '@/lib/control/control';
import { savePolicy } from '@/lib/control/verbs/save-policy';
import { type TestRollout, testRollout } from '@/test/support/rollout';

const actor = 'operator:ann';
let rollout: TestRollout;
let control: Control;
let count = 0;

beforeAll(async () => {
  rollout = await testRollout();
});
afterAll(() => rollout.close());

/** As SQL may leave it: a split and its arms. */
beforeEach(async () => {
  const key = `BARE_${++count}_WEIGHTS`;
  await rollout.sql`insert into sluice.splits (key, slug, kind, label) values (${key}, ${`bare-${count}`}, 'image', 'Bare')`;
  for (const arm of ['old', 'new'])
    await rollout.sql`insert into sluice.arms (split, name, provider) values (${key}, ${arm}, 'fal')`;
  control = rollout.controls.of(key);
});

const policy = {
  ...{ baseline: 'old', candidate: 'new', rollback: { old: 1, new: 0 } },
  stages: [{ name: 'D1', weights: { old: 0.9, new: 0.1 }, observe: '1h' }],
};

const save = (value: unknown, expectedVersion = 0) =>
  savePolicy(control, { policy: value, expectedVersion, reason: 'the first', confirm: false, actor });

const stored = async () => {
  const [row] = await rollout.sql<{ text: string }[]>`
    select f.flag_value_text as text from feature_flags f where f.flag_key = ${control.facts.policyKey}`;
  return row === undefined ? null : JSON.parse(row.text);
};

describe('the first policy of a split', () => {
  it('is saved by version 0, and judges from then on', async () => {
    const { version, journal_id: id } = await save(policy);
    expect(await stored()).toMatchObject(policy);
    expect(await control.flags.readPolicy()).toMatchObject({ version, source: 'row', fault: null });
    expect(await control.journal.get(id ?? 0)).toMatchObject({ verb: 'policy', actor, reason: 'the first' });
  });

  it.each([
    ['that leaves out its stages', { ...policy, stages: undefined }, /stages/],
    ['of arms that the split does not have', { ...policy, candidate: 'runware' }, /runware/],
  ])('%s is refused', async (_, value, message) => {
    await expect(save(value)).rejects.toMatchObject({
      code: 'policy-invalid',
      message: expect.stringMatching(message),
    });
    expect(await stored()).toBeNull();
  });

  it('is refused by a version that never was', async () => {
    await expect(save(policy, 7)).rejects.toMatchObject({ code: 'stale-version' });
    expect(await stored()).toBeNull();
  });

  it('of two that are saved at once is one, and the other is stale', async () => {
    const saves = await Promise.allSettled([save(policy), save({ ...policy, minRequests: 10 })]);
    expect(saves.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(saves.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'stale-version' } });
  });
});
