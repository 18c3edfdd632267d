import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** DATABASE_URL, or the file that `npm start` leaves beside its embedded database. */
export function databaseUrl(): string {
  const set = process.env.DATABASE_URL;
  if (set) return set;
  const file = join(resolve(root, process.env.SLUICE_DATA_DIR ?? '.data'), 'database-url');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new Error(
      `DATABASE_URL is not set and ${file} is not there: start Sluice with npm start, or set DATABASE_URL.`,
      { cause },
    );
  }
}
