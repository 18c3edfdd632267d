import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '@/lib/adapters/postgres/embedded/start';
import { migrate } from '@/lib/adapters/postgres/migrate';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser's URL of the run's Postgres, database `postgres`. */
    postgresUrl: string;
  }
}

/** Its clones are what `testDatabase` gives. */
export const migratedTemplate = 'migrated_template';

/** One real Postgres for the whole run, migrated once; nothing of it is left afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  // Run by root, Postgres is another user, who must be able to walk in.
  chmodSync(folder, 0o711);
  const server = await startEmbedded({
    dir: join(folder, 'postgres'),
    // Nobody will miss this data after a power cut.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: 200 },
  });
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const sql = postgres(server.url, { max: 1 });
    await sql.unsafe(`create database ${migratedTemplate}`);
    await sql.end();
    await migrate(server.url.replace(/\/postgres$/, `/${migratedTemplate}`));
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide('postgresUrl', server.url);
  return stop;
}
