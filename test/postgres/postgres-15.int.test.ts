import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { journalStore } from '@/lib/control/journal/journal-store';
import { connect } from '@/lib/postgres/connection';
import { type Embedded, startEmbedded } from '@/lib/postgres/embedded/start';
import { migrate } from '@/lib/postgres/migrate/migrate';

const bin = '/usr/lib/postgresql/15/bin';
const installed = existsSync(join(bin, 'initdb'));
if (!installed) console.info('Postgres 15 is not installed (apt-get install postgresql-15): only 18 is tested here');

async function withPostgres15(work: (server: Embedded) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-15-'));
  chmodSync(folder, 0o711);
  const programs = { initdb: join(bin, 'initdb'), pgCtl: join(bin, 'pg_ctl') };
  const server = await startEmbedded({ dir: join(folder, 'postgres'), programs, settings: { fsync: 'off' } });
  try {
    await work(server);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

test(`the oldest Postgres we promise takes the schema and speaks the same (${installed ? '15' : 'not installed'})`, async () => {
  if (!installed) return;
  await withPostgres15(async ({ url }) => {
    const { applied } = await migrate(url);
    expect(applied.length).toBeGreaterThan(10);
    expect((await migrate(url)).applied).toEqual([]);
    const sql = connect(url, { name: 'test', max: 2 });
    try {
      const [server] = await sql<{ version: string }[]>`select current_setting('server_version') as version`;
      expect(server?.version).toMatch(/^15\./);
      await sql.file('supabase/seed.sql');
      await sql`update feature_flags set flag_value_text = '{"fal":0.9,"runware":0.1}', updated_at = now()`;
      await sql`update feature_flags set flag_value_text = '{"fal":1.0,"runware":0.0}', updated_at = now()`;
      await expect(sql`update feature_flags set flag_value_text = '{"fal":0.9,"runwear":0.1}'`).rejects.toThrow(
        "GEN_PROVIDER_WEIGHTS was not changed: 'runwear' is not an arm of this split; its arms are: fal, runware",
      );
      const [row] = await sql<{ stage: string }[]>`select stage from feature_flags`;
      expect(row?.stage).toBe('rolled_back');
      await sql`insert into analytics_logs (event_type, event_data) values ('gen_route', '{"provider":"fal"}')`;
      expect(await journalStore(sql).faults()).toEqual([]);
    } finally {
      await sql.end({ timeout: 2 });
    }
  });
});
