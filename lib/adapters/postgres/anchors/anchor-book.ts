import { createHash, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnchorBook, Head } from '@/lib/operations/ports/integrity';
import { databaseHosts } from '../url';
import { anchorLine, anchorsIn, signatureOf } from './anchor-line';

const keyFile = 'anchor-key';

/**
 * The book is a file of the data folder, and so is the key that signs it: whoever may change the database only can
 * neither rewrite what was seen nor sign something else. Where the folder cannot be written (serverless), the book
 * lasts as long as the process. One book for each database.
 */
export function anchorBook(dataDir: string, databaseUrl: string): AnchorBook {
  const file = bookFile(dataDir, databaseUrl);
  makeAnchorKey(dataDir);
  const key = anchorKey(dataDir) ?? randomBytes(32);
  let line = readLine(file);
  return {
    load: () => trusted(line, key),
    line: () => line,
    place: file,
    keep(heads, at) {
      if (heads.length === 0 || (line !== null && isSame(trusted(line, key), heads))) return line ?? '';
      line = anchorLine(heads, at, key);
      try {
        writeFileSync(`${file}.new`, `${line}\n`, { mode: 0o600 });
        renameSync(`${file}.new`, file);
      } catch {
        // Then it lasts as long as this process.
      }
      return line;
    },
  };
}

/** The newest line that a process of this machine has written about the database; null: none. */
export function lastAnchor(dataDir: string, databaseUrl: string): string | null {
  return readLine(bookFile(dataDir, databaseUrl));
}

/** By host and name: the port of the embedded database changes, and each process may be another user. */
function bookFile(dataDir: string, databaseUrl: string): string {
  const hosts = databaseHosts(databaseUrl).map(({ host }) => host);
  const database = /\/\/[^/]*\/([^?]*)/.exec(databaseUrl)?.[1] ?? '';
  const name = createHash('sha256').update(`${hosts.join()}/${database}`).digest('hex').slice(0, 12);
  return join(dataDir, `journal-anchor-${name}`);
}

/** What this machine has seen and signed, for whoever only looks. */
export function seenHeads(dataDir: string, databaseUrl: string): readonly Head[] {
  const key = anchorKey(dataDir);
  return key === null ? [] : trusted(lastAnchor(dataDir, databaseUrl), key);
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

/** Once, by whoever is first. */
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

function readLine(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null;
  } catch {
    return null;
  }
}

/** A line that this machine's key did not sign says nothing. */
function trusted(line: string | null, key: Buffer): readonly Head[] {
  const [anchor] = anchorsIn(line ?? '');
  return anchor !== undefined && signatureOf(anchor, key) === 'good' ? anchor.heads : [];
}

function isSame(one: readonly Head[], other: readonly Head[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
