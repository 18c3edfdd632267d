import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '@/test/support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

it('access is journaled where standard_conforming_strings is off', async () => {
  await database.sql.begin(async (tx) => {
    await tx.unsafe('set local standard_conforming_strings = off');
    await tx.unsafe(`select sluice.note_access('sign_in', null, 'session 1')`);
  });
  const rows = await database.sql`select verb, becomes from sluice.journal where flag_key = 'sluice.access'`;
  expect(rows).toEqual([{ verb: 'sign_in', becomes: 'session 1' }]);
});
