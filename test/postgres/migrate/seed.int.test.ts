import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readSnapshot } from '@/lib/control/snapshot/read-snapshot';
import { openControl } from '@/lib/process/open-control';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { writeWeights } from '@/test/support/rollout';

const seed = readFileSync('supabase/seed.sql', 'utf8');

/** The statement that starts the plan, word for word. */
const plansFirst = `
  insert into feature_flags (flag_key, flag_value, flag_value_text, description, created_at, updated_at)
  values ('GEN_PROVIDER_WEIGHTS', false, '{"fal":0.9,"runware":0.1}', 'Provider weights: 90% FAL, 10% Runware (D1)', now(), now())
  on conflict (flag_key) do update set flag_value_text = '{"fal":0.9,"runware":0.1}',
    description = 'Provider weights: 90% FAL, 10% Runware (D1)', updated_at = now();`;

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.close());

async function snapshot() {
  const opened = await openControl(database.url, { name: 'test' });
  try {
    return await readSnapshot(opened.control);
  } finally {
    await opened.close();
  }
}

describe('a fresh database', () => {
  test('stands at the baseline, with no rollout begun and no clock running', async () => {
    await database.sql.unsafe(seed);
    expect(await snapshot()).toMatchObject({
      stage: 'baseline',
      weights: { fal: 1, runware: 0 },
      rollout_started_at: null,
      latched: null,
    });
  });

  test("takes the plan's first statement as ever: that is D1", async () => {
    await database.sql.unsafe(seed);
    await database.sql.unsafe(plansFirst);
    const after = await snapshot();
    expect(after).toMatchObject({ stage: 'D1', weights: { fal: 0.9, runware: 0.1 } });
    expect(after.rollout_started_at).not.toBeNull();
  });
});

test('a weights row that is there already stays as it is, version and all', async () => {
  await writeWeights(database.sql, { fal: 0.5, runware: 0.5 });
  const row = () => database.sql`select * from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  const before = await row();
  await database.sql.unsafe(seed);
  expect(await row()).toEqual(before);
});
