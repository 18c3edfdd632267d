import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { asOwner, ownerUrl } from '@/lib/postgres/embedded/owner-role';
import { superviseEmbedded } from '@/lib/postgres/embedded/supervise';
import { makeSecretKey } from '@/lib/process/keys/secret-key';
import { migrated, migratedOrLater, upToDateOrLater } from './migrated';
import { writeSecret } from './secret-file';
import type { Voice } from './voice';

export interface Database {
  readonly url: string;
  readonly embedded: boolean;
  /** Another start's, which ends it when it ends. */
  readonly adopted: boolean;
  /** It did not answer, or could not be brought up to date: that is tried again for as long as we run. */
  readonly isAway: boolean;
  stop(withinMs: number): Promise<void>;
}

interface DatabaseOptions {
  readonly root: string;
  readonly dataDir: string;
  /** `DATABASE_URL`; left out, a real Postgres of our own in the data folder. */
  readonly given: string | undefined;
  readonly voice: Voice;
}

const againAfterMs = 5000;

/** The database, migrated as soon as it can be. */
export async function openDatabase({ root, dataDir, given, voice }: DatabaseOptions): Promise<Database> {
  if (given !== undefined) {
    const { isAway, giveUp } = await migratedOrLater(given, voice.say);
    return { url: given, embedded: false, adopted: false, isAway, stop: async () => giveUp() };
  }
  const server = await superviseEmbedded({ dir: join(dataDir, 'postgres') }, voice.say);
  const url = ownerUrl(server.url);
  // Before the schema: an operator who must mend it needs the address.
  writeSecret(databaseUrlFile(dataDir), url);
  makeSecretKey(dataDir);
  const { fault, giveUp } = await upToDateOrLater({
    prepare: async () => {
      await asOwner(server.url);
      await migrated(url, voice.note);
      await seed(url, join(root, 'supabase/seed.sql'));
    },
    excuse: couldNotBeMigrated,
    againAfterMs,
    say: voice.say,
  });
  const stop = (withinMs: number) => {
    giveUp();
    return server.stop(withinMs);
  };
  return { url, embedded: true, adopted: server.adopted, isAway: fault !== null, stop };
}

/** Where the CLI finds the database; it holds a password. */
export const databaseUrlFile = (dataDir: string) => join(dataDir, 'database-url');

/** Only the database that we made ourselves is seeded; another's flags are its owner's business. */
async function seed(url: string, file: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(readFileSync(file, 'utf8'));
  } finally {
    await sql.end({ timeout: 5 });
  }
}

function couldNotBeMigrated(error: unknown): string {
  return (
    `the database could not be brought up to date: ${error instanceof Error ? error.message : String(error)}. ` +
    'It goes on running, and requests are served by the weights of the last run. Mend it with ' +
    `npm run sluice -- sql "…"; it is tried again every ${againAfterMs / 1000} s`
  );
}
