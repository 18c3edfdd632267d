import { join } from 'node:path';
import { awaySentence } from '@/lib/postgres/away';
import { migrate } from '@/lib/postgres/migrate/migrate';
import { databaseText, knownDatabase } from './known-database';
import { root } from './project-root';

/**
 * `npm run migrate [-- --for-supabase-cli]`: DATABASE_URL, else the database that `npm start` keeps running on this
 * machine. A Supabase project that holds these files as its own says so once; what is applied then stands in the CLI's
 * ledger as well.
 */
try {
  const database = knownDatabase();
  console.error(`migrate: this writes to ${databaseText(database)}`);
  const { applied, already } = await migrate(database.url, {
    folder: join(root, 'supabase/migrations'),
    log: (line) => console.log(line),
    forSupabaseCli: process.argv.includes('--for-supabase-cli'),
  });
  const { host, name } = database.place;
  const did = applied.length === 0 ? `nothing to do: all ${already} migrations are applied` : 'done';
  console.log(`${did}, database ${name} on ${host}`);
} catch (error) {
  console.error(awaySentence(error) ?? (error instanceof Error ? error.message : String(error)));
  process.exitCode = 1;
}
