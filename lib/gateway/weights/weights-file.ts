import { readFileSync } from 'node:fs';
import { replaceFile } from '@/lib/kernel/replace-file';
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
    write(row: WeightsRow): Promise<void> {
      last = last.catch(() => undefined).then(() => replaceFile(path, JSON.stringify({ ...row, from: database })));
      return last;
    },
  };
}
