import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readMigrations } from '@/lib/postgres/migrate/files';
import { migrate } from '@/lib/postgres/migrate/migrate';
import { replaced } from '@/lib/postgres/migrate/replaced';
import { type TestDatabase, testDatabase } from '../support/database';

const run = promisify(execFile);
const all = readMigrations();

let folder: string;
let database: TestDatabase;
let said: string[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
  database = await testDatabase({ migrated: false });
  said = [];
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A Supabase project with some of our files and some of the team's; the CLI leaves files of its own beside them. */
function project(name: string, ours: (version: string) => boolean, theirs: Record<string, string> = {}) {
  const root = join(folder, name);
  const migrations = join(root, 'supabase/migrations');
  mkdirSync(migrations, { recursive: true });
  cpSync('supabase/config.toml', join(root, 'supabase/config.toml'));
  for (const file of readdirSync('supabase/migrations')) {
    if (ours(file.slice(0, 14))) cpSync(join('supabase/migrations', file), join(migrations, file));
  }
  for (const [file, text] of Object.entries(theirs)) writeFileSync(join(migrations, file), text);
  return { root, migrations, push: () => supabase(root, 'db', 'push', '--yes') };
}

async function supabase(root: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await run(
    'node_modules/.bin/supabase',
    [...args, `--remote=${database.url}?sslmode=disable`, '--workdir', root],
    {
      env: { PATH: process.env.PATH, HOME: folder, SUPABASE_TELEMETRY_DISABLED: '1' } as unknown as NodeJS.ProcessEnv,
      timeout: 50_000,
    },
  );
  return stdout + stderr;
}

const migrateIt = (options: { folder?: string; forSupabaseCli?: boolean } = {}) =>
  migrate(database.url, { ...options, say: (line) => said.push(line) });
const clis = () =>
  database.sql<{ version: string }[]>`
  select version from supabase_migrations.schema_migrations order by 1`.then((rows) =>
    rows.map(({ version }) => version),
  );
const versions = all.map(({ version }) => version);
const own = { '20261201120000_shop.sql': 'create table public.shop (id int);' };

describe('the Supabase CLI and `npm run migrate`', { timeout: 180_000 }, () => {
  test('migrate finds everything that the CLI pushed, and leaves it to the CLI', async () => {
    const { push } = project('ours', () => true);
    expect(await push()).toContain('Finished');
    expect(await migrateIt()).toEqual({ applied: [], already: all.length });
    expect(await clis()).toEqual(versions);
    expect(await push()).toContain('up to date');
    expect(said).toEqual([]);
  });

  test("a team's own push works after our migrate, and our migrate after it", async () => {
    expect(await migrateIt()).toMatchObject({ already: 0 });
    const { push } = project('team', () => false, own);
    expect(await push()).toContain('Finished');
    expect(await clis()).toEqual(['20261201120000']);
    expect(await migrateIt()).toEqual({ applied: [], already: all.length });
    expect(await push()).toContain('up to date');
    expect(said).toEqual([]);
  });

  test('a project that takes our files after a migrate says so once, and then pushes', async () => {
    await migrateIt();
    const { push, root } = project('ours', () => true, own);
    expect(await migrateIt({ forSupabaseCli: true })).toEqual({ applied: [], already: all.length });
    expect(await push()).toContain('Finished');
    const list = await supabase(root, 'migration', 'list');
    for (const version of versions) expect(list.split(version).length).toBeGreaterThan(2);
    await migrateIt();
    expect(await clis()).toEqual([...versions, '20261201120000']);
  });
});

describe('a database of the files that these replaced', { timeout: 180_000 }, () => {
  /** The catalogue is the same but for one function; the ledgers hold other versions. */
  const asBefore = async (ledger: string, files: readonly string[]) => {
    await database.sql.unsafe(`
      create or replace function sluice.applied_migrations() returns setof text language sql as 'select ''old''';
      delete from ${ledger} where name <> 'shop'`);
    for (const file of files) {
      const [, version, name] = /^(\d+)_(.*)$/.exec(file) ?? [];
      await database.sql.unsafe(`insert into ${ledger} (version, name ${ledger.startsWith('sluice') ? ', applied_by' : ''})
        values ('${version}', '${name}' ${ledger.startsWith('sluice') ? ", 'migrate'" : ''})`);
    }
  };
  const applied = () => database.sql`select m as version from sluice.applied_migrations() m order by 1`;
  const asRows = versions.map((version) => ({ version }));
  const ofTheSet = (version: string) => version <= '20261129001200';
  const setOnly = () => project('before', ofTheSet).migrations;
  const later = all.filter(({ version }) => !ofTheSet(version)).map(({ file }) => file);
  const takenOver = { applied: later, already: all.length - later.length };

  test('is taken over where all of them are applied, and a team can push', async () => {
    await migrateIt({ folder: setOnly() });
    await asBefore('sluice.migrations', replaced);
    expect(await migrateIt()).toEqual(takenOver);
    expect(said).toEqual([expect.stringContaining('an earlier build migrated this database to the end')]);
    expect(await applied()).toEqual(asRows);
    expect(await project('team', () => false, own).push()).toContain('Finished');
    expect(await migrateIt()).toEqual({ applied: [], already: all.length });
    expect(said).toHaveLength(1);
  });

  test('is taken over in the ledger of the CLI too, and the project goes on with the new files', async () => {
    await project('then', ofTheSet, own).push();
    await asBefore('supabase_migrations.schema_migrations', replaced);
    await database.sql`truncate sluice.migrations`;
    expect(await migrateIt()).toEqual(takenOver);
    expect(await clis()).toEqual([...versions, '20261201120000']);
    expect(await project('now', () => true, own).push()).toContain('up to date');
    await database.sql`truncate sluice.migrations`;
    expect(await applied()).toEqual([...asRows, { version: '20261201120000' }]);
  });

  test('is refused where only some are, with what to do, and left as it is', async () => {
    await migrateIt();
    await asBefore('sluice.migrations', replaced.slice(0, -1));
    const before = await database.sql`select * from sluice.migrations order by 1`;
    await expect(migrateIt()).rejects.toThrow(
      new RegExp(
        `1 of its ${replaced.length} files are not applied, first ${replaced.at(-1)}.*nothing was changed.*empty`,
      ),
    );
    expect(await database.sql`select * from sluice.migrations order by 1`).toEqual(before);
    expect(said).toEqual([]);
  });

  test('is refused where no ledger tells how far they got', async () => {
    await migrateIt();
    await database.sql`drop table sluice.migrations, sluice.operators cascade`;
    await expect(migrateIt()).rejects.toThrow(/as none of our migrations left it.*nothing was changed/);
    const [own] = await database.sql`select to_regclass('sluice.migrations')::text as ledger`;
    expect(own).toEqual({ ledger: null });
  });
});

describe('a ledger that is lost', () => {
  test('is written again by what is there, and said', async () => {
    await migrateIt();
    await database.sql`drop table sluice.migrations`;
    expect(await migrateIt()).toEqual({ applied: [], already: all.length });
    expect(said.join()).toContain(`everything up to ${all.at(-1)?.file}`);
    expect(await database.sql`select * from sluice.migrations`).toHaveLength(all.length);
  });

  test('of an older state leads on from there', async () => {
    await migrateIt({ folder: project('earlier', (version) => version <= '20261129000800').migrations });
    await database.sql`truncate sluice.migrations`;
    const { applied } = await migrateIt();
    expect(applied[0]).toBe('20261129000900_upkeep.sql');
    expect(await migrateIt()).toEqual({ applied: [], already: all.length });
  });

  test('is not guessed where the schema is as nobody left it', async () => {
    await migrateIt();
    await database.sql`drop function sluice.tidy()`;
    await database.sql`truncate sluice.migrations`;
    await expect(migrateIt()).rejects.toThrow(/function sluice.tidy\(\) is missing or different.*nothing was changed/);
    expect(await database.sql`select * from sluice.migrations`).toHaveLength(0);
  });
});
