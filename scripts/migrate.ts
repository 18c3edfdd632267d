import { existsSync, readFileSync } from 'node:fs';
import { migrate } from '@/lib/adapters/postgres/migrate';

/** `npm run migrate`: DATABASE_URL, else the database that `npm start` keeps running on this machine. */
function databaseUrl(): string {
  const given = process.env.DATABASE_URL?.trim();
  if (given) return given;
  const file = '.data/database-url';
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  throw new Error('no database: set DATABASE_URL, or run npm start, which brings its own and migrates it');
}

/** A refused or lost connection says only its code; the address is in it, the password never. */
function sentenceOf(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  const isAway = /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|CONNECT_TIMEOUT|CONNECTION_)/.test(code ?? '');
  return isAway ? `the database of DATABASE_URL does not answer: ${message}` : (message ?? String(error));
}

try {
  const { applied, already } = await migrate(databaseUrl(), { log: (line) => console.log(line) });
  console.log(applied.length === 0 ? `nothing to do: all ${already} migrations are applied` : 'done');
} catch (error) {
  console.error(sentenceOf(error));
  process.exitCode = 1;
}
