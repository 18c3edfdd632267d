import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '@/lib/config/env';
import { secretKeyBytes, secretKeyFault } from '@/lib/config/secret-key';
import type { SecretKey } from '@/lib/registry/keys/stored-keys';

interface Surroundings {
  readonly given: string | undefined;
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
}

const secretKeyFile = (dataDir: string) => join(dataDir, 'secret-key');

/**
 * SLUICE_SECRET_KEY, else, for the database that a start keeps in this data folder, the file beside it. For another
 * database a file on one machine would be a secret that the next machine does not have.
 */
export function findSecretKey({ given, dataDir, databaseUrl }: Surroundings): SecretKey {
  if (given !== undefined) return { secret: secretKeyBytes(given), from: 'SLUICE_SECRET_KEY' };
  if (databaseUrl !== read(join(dataDir, 'database-url'))) {
    return { whyNot: 'SLUICE_SECRET_KEY is not set, and keys are sealed with it; make one with: openssl rand -hex 32' };
  }
  const file = secretKeyFile(dataDir);
  const text = read(file);
  if (text === undefined)
    return { whyNot: `SLUICE_SECRET_KEY is not set and ${file} is not there; npm start makes it` };
  const fault = secretKeyFault(text);
  if (fault === null) return { secret: secretKeyBytes(text), from: file };
  return { whyNot: `${file} ${fault}; put the copy you kept back` };
}

/** As a process finds it that was told its data folder and its database. */
export function secretKeyOf(env: Pick<Env, 'SLUICE_SECRET_KEY' | 'SLUICE_DATA_DIR' | 'DATABASE_URL'>): SecretKey {
  const { SLUICE_SECRET_KEY: given, SLUICE_DATA_DIR: dataDir, DATABASE_URL: databaseUrl } = env;
  return findSecretKey({ given, dataDir, databaseUrl });
}

/** Made once and never replaced: keys may be sealed with it already. */
export function makeSecretKey(dataDir: string): void {
  const file = secretKeyFile(dataDir);
  if (read(file) !== undefined) return;
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  try {
    // Fails where another start was faster.
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** undefined when it is not there or not for us to read. */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
