import { mkdirSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { WeightsRow } from './weights-reader';

export type WeightsFile = ReturnType<typeof weightsFile>;

/** `database` names the database the weights came from: those of another one are not taken over. */
export function weightsFile(path: string, database: string) {
  let last: Promise<void> = Promise.resolve();
  return {
    /** What the last run routed by; null when there is no such file or it cannot be read. */
    read(): WeightsRow | null {
      try {
        const { version, text, stage, from } = JSON.parse(readFileSync(path, 'utf8'));
        const isRow = Number.isSafeInteger(version) && typeof text === 'string' && from === database;
        return isRow ? { version, text, stage: typeof stage === 'string' ? stage : null } : null;
      } catch {
        return null;
      }
    },
    /** All or nothing: a reader sees the old row or the new one. */
    write(row: WeightsRow): Promise<void> {
      last = last.catch(() => undefined).then(() => replace(path, JSON.stringify({ ...row, from: database })));
      return last;
    },
  };
}

async function replace(path: string, text: string): Promise<void> {
  // Others may walk through the data folder (the user of Postgres must), not read what is ours in it.
  mkdirSync(dirname(path), { recursive: true, mode: 0o711 });
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, path);
}
