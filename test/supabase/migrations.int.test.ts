import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql } from '@/lib/adapters/postgres/connection';
import { migrate, readMigrations } from '@/lib/adapters/postgres/migrate';
import { testDatabase } from '../support/database';

const run = promisify(execFile);
let folder: string;

beforeAll(() => {
  // The CLI leaves files beside config.toml.
  folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
  cpSync('supabase', join(folder, 'supabase'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function supabase(url: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await run(
    'node_modules/.bin/supabase',
    [...args, `--remote=${url}?sslmode=disable`, '--workdir', folder],
    {
      env: { PATH: process.env.PATH, HOME: folder, SUPABASE_TELEMETRY_DISABLED: '1' } as unknown as NodeJS.ProcessEnv,
      timeout: 50_000,
    },
  );
  return stdout + stderr;
}

const ledger = (sql: Sql) => sql`
  select version, name, statements from supabase_migrations.schema_migrations order by version`;

test('the Supabase CLI and `npm run migrate` apply the same, record the same and leave nothing for the other', async () => {
  const [byCli, byUs] = await Promise.all([testDatabase({ migrated: false }), testDatabase({ migrated: false })]);
  try {
    const count = readMigrations().length;
    expect(await supabase(byCli.url, 'db', 'push', '--yes')).toContain('Finished');
    expect(await migrate(byCli.url)).toEqual({ applied: [], already: count });

    const said: string[] = [];
    expect(await migrate(byUs.url, { log: (line) => said.push(line) })).toMatchObject({ already: 0 });
    expect(said).toHaveLength(count);
    expect(said[0]).toBe('applied 20261121000100_roles.sql');
    expect(await supabase(byUs.url, 'db', 'push', '--yes')).toContain('up to date');
    expect(await ledger(byUs.sql)).toEqual(await ledger(byCli.sql));

    const list = await supabase(byUs.url, 'migration', 'list');
    const versions = readMigrations().map((migration) => migration.version);
    for (const version of versions) expect(list.split(version).length).toBeGreaterThan(2);
  } finally {
    await Promise.all([byCli.close(), byUs.close()]);
  }
});
