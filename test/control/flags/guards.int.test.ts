import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '@/test/support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test('every trigger that calls a function of ours is one that is looked for', async () => {
  const there = await database.sql`
    select distinct n.nspname || '.' || c.relname as relation, t.tgname::text as guard, t.tgenabled = 'A' as is_always,
      'sluice.' || p.proname as calls
    from pg_trigger t join pg_proc p on p.oid = t.tgfoid join pg_class c on c.oid = t.tgrelid
      join pg_namespace n on n.oid = c.relnamespace
    where p.pronamespace = 'sluice'::regnamespace and not t.tgisinternal and t.tgparentid = 0
      -- Each partition counts by a trigger of its own.
      and not c.relispartition
    order by 1, 2`;
  const lookedFor = await database.sql`select * from sluice.guards() order by 1, 2`;
  expect([...lookedFor]).toEqual([...there]);
  expect([...(await database.sql`select * from sluice.guard_faults()`)]).toEqual([]);
});

test('each of them that is off, or gone, is named', async () => {
  const { sql } = database;
  const guards = await sql<{ relation: string; guard: string }[]>`select relation, guard from sluice.guards()`;
  for (const { relation, guard } of guards) {
    await sql
      .begin(async (tx) => {
        await tx.unsafe(`alter table ${relation} disable trigger ${guard}`);
        expect([...(await tx`select * from sluice.guard_faults()`)]).toEqual([
          { relation, guard, fault: 'is disabled' },
        ]);
        await tx.unsafe(`drop trigger ${guard} on ${relation}`);
        expect([...(await tx`select * from sluice.guard_faults()`)]).toEqual([
          { relation, guard, fault: 'is not there' },
        ]);
        throw new Error('undo');
      })
      .catch((error: Error) => {
        if (error.message !== 'undo') throw error;
      });
  }
});
