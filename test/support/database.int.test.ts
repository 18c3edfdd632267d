import { expect, test } from 'vitest';
import { testDatabase } from './database';

test('gives databases that know nothing of each other', async () => {
  const [one, two] = await Promise.all([testDatabase(), testDatabase({ migrated: false })]);
  try {
    await one.sql`create table mine (id bigint)`;
    const [seen] = await two.sql<{ mine: string | null }[]>`select to_regclass('mine')::text as mine`;
    expect(seen?.mine).toBeNull();
  } finally {
    await Promise.all([one.close(), two.close()]);
  }
});
