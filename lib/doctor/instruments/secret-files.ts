import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SecretFile } from '../diagnosis';

const inRoot = ['.env', '.env.local', '.env.production', '.env.production.local'];
const inData = ['secrets.json', 'secret-key', 'access.json', 'database-url', join('postgres', 'sluice.password')];

/** Every file of ours that holds a secret, where it exists. */
export async function secretFiles(root: string, dataDir: string): Promise<readonly SecretFile[]> {
  const paths = [...inRoot.map((name) => join(root, name)), ...inData.map((name) => join(dataDir, name))];
  const found = await Promise.all(paths.map(modeOf));
  return found.filter((file) => file !== null);
}

async function modeOf(path: string): Promise<SecretFile | null> {
  try {
    return { path, mode: (await stat(path)).mode & 0o777 };
  } catch (error) {
    // A file that this user may not read is closed to others, too: the cluster belongs to the user of Postgres.
    if (['ENOENT', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}
