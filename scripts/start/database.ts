import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { startEmbedded } from '@/lib/adapters/postgres/embedded/start';
import { migrate } from '@/lib/adapters/postgres/migrate';

export interface Database {
  readonly url: string;
  readonly embedded: boolean;
  stop(): Promise<void>;
}

/** The database of `DATABASE_URL`, else a real Postgres of our own in the data folder; migrated either way. */
export async function openDatabase(root: string, dataDir: string, given: string | undefined): Promise<Database> {
  if (given !== undefined) {
    await migrate(given);
    return { url: given, embedded: false, stop: async () => {} };
  }
  const server = await startEmbedded({ dir: join(dataDir, 'postgres') });
  await migrate(server.url);
  await seed(server.url, join(root, 'supabase/seed.sql'));
  writeConnectionFile(dataDir, server.url);
  return { url: server.url, embedded: true, stop: () => server.stop() };
}

/** Only the database that we made ourselves is seeded; another's flags are its owner's business. */
async function seed(url: string, file: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(readFileSync(file, 'utf8'));
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Where the CLI finds the database; it holds a password, so nobody else may read it. */
function writeConnectionFile(dataDir: string, url: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'database-url');
  writeFileSync(`${file}.new`, `${url}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
