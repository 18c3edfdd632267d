import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from '@/lib/postgres/migrate/migrate';
import { type TestDatabase, testDatabase } from '@/test/support/database';

let database: TestDatabase;
let folder: string;

beforeEach(async () => {
  database = await testDatabase({ migrated: false });
  folder = mkdtempSync(join(tmpdir(), 'sluice-migrations-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.close();
});

const put = (file: string, text: string) => writeFileSync(join(folder, file), text);
const apply = () => migrate(database.url, { folder });

test('applies in order, once, however many start at once', async () => {
  put('20260101000002_second.sql', 'alter table a add column c int;');
  put('20260101000001_first.sql', 'create table a (b int); insert into a values (1);');
  put('notes.sql', 'nonsense');
  const results = await Promise.all([apply(), apply(), apply()]);
  expect(results.flatMap((result) => result.applied).sort()).toEqual([
    '20260101000001_first.sql',
    '20260101000002_second.sql',
  ]);
  expect(await database.sql`select * from a`).toEqual([{ b: 1, c: null }]);
  const rows = await database.sql`select version, name, applied_by from sluice.migrations order by 1`;
  expect(rows[0]).toEqual({ version: '20260101000001', name: 'first', applied_by: 'migrate' });
  const [clis] = await database.sql`select to_regnamespace('supabase_migrations')::text as ledger`;
  expect(clis).toEqual({ ledger: null });
});

test('a migration that fails leaves nothing and says where', async () => {
  put('20260101000001_bad.sql', 'create table a (b int);\n-- why\nselect 1 / 0;');
  await expect(apply()).rejects.toThrow(
    'migration 20260101000001_bad.sql failed in statement 2 (select 1 / 0): division by zero; nothing of it was applied',
  );
  const [left] = await database.sql<{ a: string | null }[]>`select to_regclass('a')::text as a`;
  expect(left?.a).toBeNull();
  put('20260101000001_bad.sql', 'select 1;');
  expect((await apply()).applied).toHaveLength(1);
});

test('two files of one version are refused, and nothing is applied', async () => {
  put('20260101000001_first.sql', 'create table a (b int);');
  put('20260101000001_other.sql', 'create table c (d int);');
  await expect(apply()).rejects.toThrow('two migrations of the version 20260101000001');
});

test('waits for a table in use without making others queue', async () => {
  put('20260101000001_first.sql', 'create table a (b int);');
  await apply();
  put('20260101000002_second.sql', 'alter table a add column c int;');
  const reader = await database.sql.reserve();
  await reader.unsafe('begin; select * from a');
  const migrating = apply();
  await expect
    .poll(
      () =>
        database.sql`select from pg_locks where relation = 'a'::regclass and not granted`.then((rows) => rows.length),
      {
        timeout: 10_000,
      },
    )
    .toBe(1);
  await reader.unsafe('commit');
  reader.release();
  expect((await migrating).applied).toEqual(['20260101000002_second.sql']);
});
