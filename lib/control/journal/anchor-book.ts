import { createHash, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { databaseHosts } from '@/lib/postgres/url';
import { anchorLine, anchorsIn, keyId, signatureOf } from './anchor-line';
import type { Head } from './integrity';

const keyFile = 'anchor-key';
/** Stands in a book that was found without a line. */
const emptied = '(this book was emptied)';

/** What this machine has seen of the journal, where write access to the database does not reach. */
export type AnchorBook = Readonly<ReturnType<typeof anchorBook>>;

/**
 * The book is a file of the data folder, and so is the key that signs it: a person who may only change the database can
 * neither rewrite what was seen nor sign something else. Where the folder cannot be written (serverless), the book
 * lasts as long as the process. One book for each database.
 */
export function anchorBook(dataDir: string, databaseUrl: string) {
  const file = bookFile(dataDir, databaseUrl);
  makeAnchorKey(dataDir);
  const key = anchorKey(dataDir) ?? randomBytes(32);
  let line = newest(readBook(file).lines, key);
  return {
    load: (): readonly Head[] => trusted(line, key),
    /** The newest line, for alerts and logs; null before there is one. */
    line: (): string | null => line,
    /** Where it is kept: to be deleted when a database was restored on purpose. */
    place: file,
    /** Whose it is: a short name of the key that signs it. */
    owner: keyId(key),
    /** Why what is kept cannot be trusted: a line that this machine's key did not sign. null also where there is none. */
    doubt: (): string | null => doubtOf(readBook(file), key),
    /** The heads of now, signed; the line that says so. */
    keep(heads: readonly Head[], at: Date): string {
      if (heads.length === 0) return line ?? '';
      const isKnown = line !== null && isSame(trusted(line, key), heads);
      line = isKnown && line !== null ? line : anchorLine(heads, at, key);
      const found = readBook(file);
      if (!isKnown || newest(found.lines, key) === null) write(file, found, line, key);
      return line;
    },
  };
}

/** Lines that this key did not sign are evidence: they stay, before the newest one that it did. */
function write(file: string, found: Book, line: string, key: Buffer): void {
  if (found.unreadable !== null) return;
  const kept = found.lines.filter((one) => trusted(one, key).length === 0);
  try {
    // Another process of this machine may write its own at the same time.
    const fresh = `${file}.${process.pid}.new`;
    writeFileSync(fresh, `${[...kept, line].join('\n')}\n`, { mode: 0o600 });
    renameSync(fresh, file);
  } catch {
    // Then it lasts as long as this process.
  }
}

/** The newest line that a process of this machine has written about the database; null: none. */
export function lastAnchor(dataDir: string, databaseUrl: string): string | null {
  return readBook(bookFile(dataDir, databaseUrl)).lines.at(-1) ?? null;
}

/** By host and name: the port of the embedded database changes, and each process may be another user. */
function bookFile(dataDir: string, databaseUrl: string): string {
  const hosts = databaseHosts(databaseUrl).map(({ host }) => host);
  const database = /\/\/[^/]*\/([^?]*)/.exec(databaseUrl)?.[1] ?? '';
  const name = createHash('sha256').update(`${hosts.join()}/${database}`).digest('hex').slice(0, 12);
  return join(dataDir, `journal-anchor-${name}`);
}

/** What this machine has seen and signed, read only: it makes neither book nor key. */
export function seenBook(dataDir: string, databaseUrl: string): Pick<AnchorBook, 'load' | 'doubt' | 'place'> {
  const place = bookFile(dataDir, databaseUrl);
  const key = anchorKey(dataDir) ?? randomBytes(32);
  return {
    load: () => trusted(newest(readBook(place).lines, key), key),
    doubt: () => doubtOf(readBook(place), key),
    place,
  };
}

/** null: this machine has signed nothing. */
export function anchorKey(dataDir: string): Buffer | null {
  try {
    const key = Buffer.from(readFileSync(join(dataDir, keyFile), 'utf8').trim(), 'hex');
    return key.length === 32 ? key : null;
  } catch {
    return null;
  }
}

/** Once, by the first process that needs it. */
function makeAnchorKey(dataDir: string): void {
  const file = join(dataDir, keyFile);
  try {
    if (!existsSync(file)) {
      mkdirSync(dataDir, { recursive: true, mode: 0o711 });
      const fresh = `${file}.${process.pid}-${randomBytes(3).toString('hex')}`;
      writeFileSync(fresh, randomBytes(32).toString('hex'), { mode: 0o600 });
      try {
        linkSync(fresh, file);
      } finally {
        rmSync(fresh, { force: true });
      }
    }
  } catch {
    // Another was faster, or nothing can be written.
  }
}

interface Book {
  readonly lines: readonly string[];
  readonly unreadable: string | null;
}

/** No file is a book with nothing in it; a file without a line is one that was emptied. */
function readBook(file: string): Book {
  try {
    const lines = readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.trim());
    const full = lines.filter((line) => line !== '');
    return { lines: full.length > 0 ? full : [emptied], unreadable: null };
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    return { lines: [], unreadable: code === 'ENOENT' || code === 'ENOTDIR' ? null : code };
  }
}

function doubtOf({ lines, unreadable }: Book, key: Buffer): string | null {
  if (unreadable !== null) return `cannot be read (${unreadable})`;
  const strange = lines.filter((line) => trusted(line, key).length === 0).length;
  return strange === 0 ? null : `holds what this machine's key did not sign (lines: ${strange})`;
}

function newest(lines: readonly string[], key: Buffer): string | null {
  return lines.findLast((line) => trusted(line, key).length > 0) ?? null;
}

/** A line that this machine's key did not sign says nothing. */
function trusted(line: string | null, key: Buffer): readonly Head[] {
  const [anchor] = anchorsIn(line ?? '');
  return anchor !== undefined && signatureOf(anchor, key) === 'good' ? anchor.heads : [];
}

function isSame(one: readonly Head[], other: readonly Head[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
