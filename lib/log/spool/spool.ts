import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { StoredEvent } from '../stored-event';
import { type Clocks, readSegment, writeSegment } from './segment';

/** A batch that waits on disk. `ageMs` of its rows is measured again when it is read. */
interface SpooledBatch {
  readonly name: string;
  readonly batchId: string;
  readonly events: readonly StoredEvent[];
}

interface SpoolOptions extends Clocks {
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
  makeFolder(options.folder);
  return new DiskSpool(options, listEntries(options.folder, options.now()));
}

export type Spool = Pick<DiskSpool, keyof DiskSpool>;

class DiskSpool {
  private count = 0;

  constructor(
    private readonly options: SpoolOptions,
    private readonly entries: Entry[],
  ) {}

  /** Throws when the disk does not take it. */
  async append(batchId: string, events: readonly StoredEvent[]): Promise<void> {
    const { folder, mostBytes, now } = this.options;
    const text = writeSegment(events, this.options);
    const bytes = Buffer.byteLength(text);
    if (this.bytes() + bytes > mostBytes) {
      throw new Error(`the spool ${folder} is full: it may hold ${mostBytes} bytes`);
    }
    const atWallMs = now();
    this.count += 1;
    const order = `${String(atWallMs).padStart(15, '0')}-${String(this.count % 1_000_000).padStart(6, '0')}`;
    const name = `${order}-${events.length}-${batchId}.ndjson`;
    await writeWhole(join(folder, name), text).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      // Someone deleted the folder while this process ran.
      makeFolder(folder);
      return writeWhole(join(folder, name), text);
    });
    this.entries.push({ name, bytes, events: events.length, atWallMs });
  }

  /** The oldest batch, its ages brought up to now; null when there is none. */
  async oldest(): Promise<SpooledBatch | null> {
    for (;;) {
      const name = this.entries[0]?.name;
      if (name === undefined) return null;
      const text = await readFile(join(this.options.folder, name), 'utf8').catch(ignoreMissing);
      const events = typeof text === 'string' ? readSegment(text, this.options) : [];
      if (events.length > 0) return { name, batchId: namePattern.exec(name)?.[4] ?? '', events };
      // Another process was faster, or nothing whole was written before the crash.
      await this.remove(name);
    }
  }

  async remove(name: string): Promise<void> {
    await unlink(join(this.options.folder, name)).catch(ignoreMissing);
    const at = this.entries.findIndex((entry) => entry.name === name);
    if (at >= 0) this.entries.splice(at, 1);
  }

  /** Frees the room of the oldest batch; the number of events lost. */
  async dropOldest(): Promise<number> {
    const entry = this.entries[0];
    if (!entry) return 0;
    await this.remove(entry.name);
    return entry.events;
  }

  depth(): { readonly events: number; readonly bytes: number; readonly oldestAgeMs: number | null } {
    const first = this.entries[0];
    return {
      events: this.entries.reduce((sum, { events }) => sum + events, 0),
      bytes: this.bytes(),
      oldestAgeMs: first ? Math.max(0, this.options.now() - first.atWallMs) : null,
    };
  }

  private bytes(): number {
    return this.entries.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}

function makeFolder(folder: string): void {
  mkdirSync(dirname(folder), { recursive: true, mode: 0o711 });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** A reader sees all of it or nothing. */
async function writeWhole(path: string, text: string): Promise<void> {
  try {
    await writeFile(`${path}.tmp`, text, { mode: 0o600 });
    await rename(`${path}.tmp`, path);
  } catch (error) {
    await rm(`${path}.tmp`, { force: true }).catch(() => undefined);
    throw error;
  }
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
