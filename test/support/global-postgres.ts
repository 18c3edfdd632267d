import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '@/lib/postgres/embedded/start';
import { migrate } from '@/lib/postgres/migrate/migrate';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser's URL of the run's Postgres, database `postgres`. */
    postgresUrl: string;
  }
}

/** Nobody will miss this data after a power cut; and a clone is a plain copy of files, 40 ms. */
const settings = {
  ...{ fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' },
  ...{ wal_level: 'minimal', max_wal_senders: 0, max_wal_size: '4GB', checkpoint_timeout: '1h' },
  ...{ max_connections: 200, shared_buffers: '64MB' },
};

/** Its clones are what `testDatabase` gives. */
export const migratedTemplate = 'migrated_template';

/** One real Postgres for the whole run, migrated once; nothing of it is left afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  // Run by root, Postgres is another user, who must be able to walk in.
  chmodSync(folder, 0o711);
  const server = await startEmbedded({
    dir: join(folder, 'postgres'),
    settings,
  });
  const stop = async () => {
    await server.stop();
    // One that took too long to stop writes for a moment yet.
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  try {
    const sql = postgres(server.url, { max: 1 });
    await sql.unsafe(`create database ${migratedTemplate}`);
    await sql.end();
    const template = server.url.replace(/\/postgres$/, `/${migratedTemplate}`);
    await migrate(template);
    await tidyCatalogues(template);
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide('postgresUrl', server.url);
  return stop;
}

/**
 * The migrations leave most of the catalogues' rows dead, and no autovacuum runs here: every clone would copy them, and
 * every connection read past them. Our own tables stay as nobody has looked at them, as after any migration.
 */
async function tidyCatalogues(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const catalogues = await sql<{ name: string }[]>`
    select c.oid::regclass::text as name from pg_class c
    where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r' and not c.relisshared`;
  for (const { name } of catalogues) await sql.unsafe(`vacuum (full, analyze) ${name}`);
  await sql.end();
}
