import { existsSync, readFileSync } from 'node:fs';
import { awaySentence } from '@/lib/adapters/postgres/away';
import { migrate } from '@/lib/adapters/postgres/migrate';

/** `npm run migrate`: DATABASE_URL, else the database that `npm start` keeps running on this machine. */
function databaseUrl(): string {
  const given = process.env.DATABASE_URL?.trim();
  if (given) return given;
  const file = '.data/database-url';
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  throw new Error('no database: set DATABASE_URL, or run npm start, which brings its own and migrates it');
}

try {
  const { applied, already } = await migrate(databaseUrl(), { log: (line) => console.log(line) });
  console.log(applied.length === 0 ? `nothing to do: all ${already} migrations are applied` : 'done');
} catch (error) {
  console.error(awaySentence(error) ?? (error instanceof Error ? error.message : String(error)));
  process.exitCode = 1;
}
