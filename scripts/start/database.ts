import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { asOwner } from '@/lib/adapters/postgres/embedded/owner-role';
import { startEmbedded } from '@/lib/adapters/postgres/embedded/start';
import { migrated, migratedOrLater } from './migrated';

export interface Database {
  readonly url: string;
  readonly embedded: boolean;
  /** Another start's, which ends it when it ends. */
  readonly adopted: boolean;
  /** It did not answer: it is brought up to date as soon as it does. */
  readonly isAway: boolean;
  stop(withinMs: number): Promise<void>;
}

export interface DatabaseOptions {
  readonly root: string;
  readonly dataDir: string;
  /** `DATABASE_URL`; left out, a real Postgres of our own in the data folder. */
  readonly given: string | undefined;
  readonly say: (line: string) => void;
}

/** The database, migrated. */
export async function openDatabase({ root, dataDir, given, say }: DatabaseOptions): Promise<Database> {
  if (given !== undefined) {
    const { isAway, giveUp } = await migratedOrLater(given, say);
    return { url: given, embedded: false, adopted: false, isAway, stop: async () => giveUp() };
  }
  const server = await startEmbedded({ dir: join(dataDir, 'postgres') });
  const url = await asOwner(server.url);
  await migrated(url, say);
  await seed(url, join(root, 'supabase/seed.sql'));
  writeConnectionFile(dataDir, url);
  return { url, embedded: true, adopted: server.adopted, isAway: false, stop: (withinMs) => server.stop(withinMs) };
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
  const file = join(dataDir, 'database-url');
  writeFileSync(`${file}.new`, `${url}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
