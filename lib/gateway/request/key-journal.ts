import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A key whose claim the store could not take, as it stands on disk. */
export interface JournaledKey {
  readonly keyHash: string;
  readonly bodyHash: string;
  readonly state: 'running' | 'done' | 'unknown' | 'nothing';
  readonly status?: number;
  readonly response?: unknown;
}

const keptForMs = 24 * 3_600_000;
const mostKept = 10_000;
/** Rewritten only when it has grown: another process of this machine may be appending. */
const rewriteFromLines = 20_000;

interface Line extends JournaledKey {
  readonly at: number;
}

export type KeyJournal = ReturnType<typeof keyJournal>;

/** A file of idempotency keys that the store could not take; a torn last line is ignored, as in the spool. */
export function keyJournal(path: string, now: () => number) {
  makeFolderOf(path);
  return {
    /** What the process before this one left; `running` means that it died meanwhile. */
    load(): readonly JournaledKey[] {
      const latest = new Map<string, Line>();
      const lines = linesOf(path);
      for (const line of lines) {
        if (now() - line.at > keptForMs || line.state === 'nothing') latest.delete(line.keyHash);
        else latest.set(line.keyHash, line);
      }
      const kept = [...latest.values()].slice(-mostKept);
      if (lines.length >= rewriteFromLines) replace(path, kept.map((line) => `${JSON.stringify(line)}\n`).join(''));
      return kept;
    },
    async append(key: JournaledKey): Promise<void> {
      const write = () => appendFile(path, `${JSON.stringify({ ...key, at: now() })}\n`, { mode: 0o600 });
      await write().catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        // Someone deleted the folder while this process ran.
        makeFolderOf(path);
        return write();
      });
    },
  };
}

function makeFolderOf(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o711 });
}

function linesOf(path: string): Line[] {
  try {
    const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
    return lines.flatMap((line) => {
      try {
        const read: unknown = JSON.parse(line);
        return isLine(read) ? [read] : [];
      } catch {
        return [];
      }
    });
  } catch {
    return []; // No file: nothing was ever kept here.
  }
}

const states = ['running', 'done', 'unknown', 'nothing'];

/** A line that is JSON but no key must not keep the process from starting. */
function isLine(read: unknown): read is Line {
  const { keyHash, bodyHash, state, at } = (read ?? {}) as Partial<Line>;
  return (
    [keyHash, bodyHash].every((hash) => typeof hash === 'string') &&
    states.includes(`${state}`) &&
    typeof at === 'number'
  );
}

function replace(path: string, text: string): void {
  writeFileSync(`${path}.tmp`, text, { mode: 0o600 });
  renameSync(`${path}.tmp`, path);
}
