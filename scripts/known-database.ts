import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Env, EnvFault } from '@/lib/config/env';
import { loadEnvFiles } from '@/lib/config/env-files';
import { whatHolds } from '@/lib/config/what-holds';
import { onceInProcess } from '@/lib/kernel/once-in-process';
import { type DatabasePlace, databasePlace } from '@/lib/postgres/database-place';
import { root } from './project-root';

export interface KnownDatabase {
  readonly url: string;
  readonly place: DatabasePlace;
  /** Who named it: a variable, a variable of a file, or the file that `npm start` leaves. */
  readonly from: string;
  readonly embedded: boolean;
}

/** No database is known, or what names it cannot be used; the message says what to do. */
export class NoDatabase extends Error {
  override readonly name = 'NoDatabase';
}

interface Surroundings {
  readonly env: Env;
  readonly faults: readonly EnvFault[];
  readonly from: ReadonlyMap<string, string>;
}

/** What `npm start` would read, wherever this process was started. */
export function surroundings(): Surroundings {
  return onceInProcess('surroundings', () => {
    const from = loadEnvFiles(root);
    return { from, ...whatHolds(process.env) };
  });
}

/** DATABASE_URL as `npm start` reads it, or the database that `npm start` keeps running on this machine. */
export function knownDatabase(): KnownDatabase {
  const { env, faults, from } = surroundings();
  const fault = faults.find(({ key }) => key === 'DATABASE_URL');
  const said = from.has('DATABASE_URL') ? `DATABASE_URL in ${from.get('DATABASE_URL')}` : 'DATABASE_URL';
  if (fault) throw new NoDatabase(`${said} ${fault.sentence}.`);
  if (env.DATABASE_URL !== undefined) {
    return { url: env.DATABASE_URL, place: databasePlace(env.DATABASE_URL), from: said, embedded: false };
  }
  const file = join(resolve(root, env.SLUICE_DATA_DIR), 'database-url');
  const url = readConnectionFile(file);
  return { url, place: databasePlace(url), from: file, embedded: true };
}

function readConnectionFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`;
    throw new NoDatabase(
      `DATABASE_URL is not set and ${file} ${why}: start Sluice with npm start, or set DATABASE_URL.`,
      {
        cause,
      },
    );
  }
}

/** `database shop on db.example`, in the sentence of what went wrong there. */
export function subjectOf({ place, embedded }: KnownDatabase): string {
  return embedded ? "Sluice's own database (.data)" : `database ${place.name} on ${place.host}`;
}

/** `database shop on db.example (DATABASE_URL in .env.local)` */
export function databaseText({ place, from, embedded }: KnownDatabase): string {
  return `database ${place.name} on ${place.host} (${embedded ? "Sluice's own, " : ''}${from})`;
}
