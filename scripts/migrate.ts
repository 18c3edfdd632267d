import { existsSync, readFileSync } from 'node:fs';
import { awaySentence } from '@/lib/adapters/postgres/away';
import { migrate } from '@/lib/adapters/postgres/migrate/migrate';

/**
 * `npm run migrate [-- --for-supabase-cli]`: DATABASE_URL, else the database that `npm start` keeps running on this
 * machine. A Supabase project that holds these files as its own says so once; what is applied then stands in the CLI's
 * ledger as well.
 */
function databaseUrl(): string {
  const given = process.env.DATABASE_URL?.trim();
  if (given) return given;
  const file = '.data/database-url';
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  throw new Error('no database: set DATABASE_URL, or run npm start, which brings its own and migrates it');
}

try {
  const { applied, already } = await migrate(databaseUrl(), {
    log: (line) => console.log(line),
    forSupabaseCli: process.argv.includes('--for-supabase-cli'),
  });
  console.log(applied.length === 0 ? `nothing to do: all ${already} migrations are applied` : 'done');
} catch (error) {
  console.error(awaySentence(error) ?? (error instanceof Error ? error.message : String(error)));
  process.exitCode = 1;
}
