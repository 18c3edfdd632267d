import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredEvent } from '@/lib/operations/ports';
import type { Spool, SpooledBatch } from '@/lib/operations/ports/data-plane';
import { type Clocks, readSegment, writeSegment } from './segment';

export interface SpoolOptions extends Clocks {
  readonly folder: string;
  readonly mostBytes: number;
}

interface Entry {
  readonly name: string;
  readonly bytes: number;
  readonly events: number;
  readonly atWallMs: number;
}

/** Named so that a listing is in order: wall time, count within it, number of events, batch id. */
const namePattern = /^(\d{15})-(\d{6})-(\d+)-([\da-f-]{36})\.ndjson$/;
const orphanAfterMs = 60_000;

/** Batches of events on disk, a file each. Several processes may share the folder: a batch id is stored once. */
export function openSpool(options: SpoolOptions): Spool {
  const { folder, mostBytes } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const entries = listEntries(folder, options.now());
  let count = 0;

  const forget = (name: string) => {
    const at = entries.findIndex((entry) => entry.name === name);
    if (at >= 0) entries.splice(at, 1);
  };
  const bytes = () => entries.reduce((sum, entry) => sum + entry.bytes, 0);

  async function append(batchId: string, events: readonly StoredEvent[]): Promise<void> {
    const text = writeSegment(events, options);
    const size = Buffer.byteLength(text);
    if (bytes() + size > mostBytes) throw new Error(`the spool ${folder} is full: it may hold ${mostBytes} bytes`);
    const wall = options.now();
    count += 1;
    const order = `${String(wall).padStart(15, '0')}-${String(count % 1_000_000).padStart(6, '0')}`;
    const name = `${order}-${events.length}-${batchId}.ndjson`;
    const path = join(folder, name);
    try {
      await writeFile(`${path}.tmp`, text, { mode: 0o600 });
      await rename(`${path}.tmp`, path);
    } catch (error) {
      await rm(`${path}.tmp`, { force: true }).catch(() => undefined);
      throw error;
    }
    entries.push({ name, bytes: size, events: events.length, atWallMs: wall });
  }

  async function oldest(): Promise<SpooledBatch | null> {
    for (;;) {
      const entry = entries[0];
      if (!entry) return null;
      const text = await readFile(join(folder, entry.name), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      });
      const events = text === null ? [] : readSegment(text, options);
      if (events.length > 0) return { name: entry.name, batchId: namePattern.exec(entry.name)?.[4] ?? '', events };
      // Another process was faster, or nothing whole was written before the crash.
      await remove(entry.name);
    }
  }

  async function remove(name: string): Promise<void> {
    await unlink(join(folder, name)).catch(ignoreMissing);
    forget(name);
  }

  async function dropOldest(): Promise<number> {
    const entry = entries[0];
    if (!entry) return 0;
    await remove(entry.name);
    return entry.events;
  }

  const depth = () => ({
    events: entries.reduce((sum, entry) => sum + entry.events, 0),
    bytes: bytes(),
    oldestAgeMs: entries[0] ? Math.max(0, options.now() - entries[0].atWallMs) : null,
  });
  return { append, oldest, remove, dropOldest, depth };
}

/** Also takes up files that a killed process left half written: their whole lines count. */
function listEntries(folder: string, nowMs: number): Entry[] {
  const entries: Entry[] = [];
  for (const file of readdirSync(folder)) {
    const name = file.replace(/\.tmp$/, '');
    const match = namePattern.exec(name);
    if (!match) continue;
    const { size, mtimeMs } = statSync(join(folder, file));
    // A younger one may still be written by its living process.
    if (file !== name && nowMs - mtimeMs < orphanAfterMs) continue;
    if (file !== name) renameSync(join(folder, file), join(folder, name));
    entries.push({ name, bytes: size, events: Number(match[3]), atWallMs: Number(match[1]) });
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
