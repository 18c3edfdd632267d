import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@/lib/postgres/connection';
import { startEmbedded } from '@/lib/postgres/embedded/start';
import { migrate } from '@/lib/postgres/migrate/migrate';
import type { Sql } from '@/lib/postgres/sql';

/** A Postgres of its own with the shipped settings, migrated, gone afterwards. */
export async function withScratchDatabase<T>(work: (sql: Sql, url: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  // Run by root, Postgres is another user, who must be able to walk in.
  chmodSync(folder, 0o711);
  const server = await startEmbedded({ dir: join(folder, 'postgres') });
  try {
    await migrate(server.url);
    const sql = connect(server.url, { name: 'bench', max: 8, silenceMs: null });
    try {
      return await work(sql, server.url);
    } finally {
      await sql.end({ timeout: 5 });
    }
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
