import { afterAll, beforeAll, expect, test } from 'vitest';
import { maintainEvents } from '@/lib/log/upkeep/maintenance';
import { tidyHourly } from '@/lib/log/upkeep/tidy';
import { type TestDatabase, testDatabase } from '@/test/support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  const { sql } = database;
  await sql`insert into sluice.batches (batch_id, at, stored) values
    (gen_random_uuid(), now() - interval '8 days', 1), (gen_random_uuid(), now() - interval '6 days', 1)`;
  await sql`insert into sluice.instances (id, kind, host, pid, build, started_at, seen_at) values
    (gen_random_uuid(), 'web', 'h', 1, 'b', now() - interval '3 days', now() - interval '2 days')`;
});
afterAll(() => database.close());

test('maintenance deletes what nobody asks for again, at its first turn and then hourly', async () => {
  const { sql } = database;
  expect(await maintainEvents(sql)).toMatchObject({ tidied: 2 });
  expect(await sql`select count(*) as n from sluice.batches`).toEqual([{ n: 1 }]);
  expect(await maintainEvents(sql)).toMatchObject({ tidied: null });
  const hour = performance.now() + 3_600_000;
  expect(await tidyHourly(sql, hour - 60_000)).toBe(null);
  expect(await tidyHourly(sql, hour + 60_000)).toBe(0);
});
