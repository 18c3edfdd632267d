import { afterEach, beforeEach, expect, test } from 'vitest';
import { sayMissingWeights } from '@/scripts/start/first-weights';
import { type TestDatabase, testDatabase } from '../support/database';

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.close());

async function said(): Promise<string[]> {
  const lines: string[] = [];
  await sayMissingWeights(database.url, (line) => void lines.push(line));
  return lines;
}

test('weights that never were are missing, not gone, and the statement that is offered writes them', async () => {
  const [what, statement = ''] = await said();
  expect(what).toBe(
    `there are no weights yet: everything goes to fal until they are written. Write them with npm run sluice -- weights '{"fal":1,"runware":0}' or by SQL:`,
  );
  await database.sql.unsafe(statement);
  expect(await said()).toEqual([]);
  await database.sql`delete from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  expect((await said())[0]).toMatch(/^the weights were deleted by sql:\w+ at 20.*Z\. Write them with/);
});
