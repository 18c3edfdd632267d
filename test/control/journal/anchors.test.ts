import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anchorBook, anchorKey, lastAnchor } from '@/lib/control/journal/anchor-book';
import { anchorLine, anchorsIn, signatureOf } from '@/lib/control/journal/anchor-line';

const heads = [
  { flagKey: 'GEN_PROVIDER_WEIGHTS', seq: 42, hash: 'a'.repeat(64) },
  { flagKey: 'GEN_ROLLOUT_POLICY', seq: 3, hash: 'b'.repeat(64) },
];
const at = new Date('2026-11-28T11:00:00Z');
const key = Buffer.alloc(32, 7);
const url = 'postgres://u:secret@db.example:5432/shop';

describe('an anchor', () => {
  it('is one line, found again wherever it was copied to', () => {
    const line = anchorLine(heads, at, key);
    expect(line).not.toContain('\n');
    const [found] = anchorsIn(`{"level":"info","anchor":"${line}"}\nRolled back\n`);
    expect(found?.heads).toEqual(heads);
    expect(found?.at).toBe(at.toISOString());
  });

  it('is not signed when it could not be read again', () => {
    expect(() => anchorLine([{ flagKey: 'x_POLICY', seq: 1, hash: 'a'.repeat(64) }], at, key)).toThrow(
      'could not be read again',
    );
  });

  it('is known for forged, and for signed elsewhere', () => {
    const [anchor] = anchorsIn(anchorLine(heads, at, key));
    if (anchor === undefined) throw new Error('no anchor');
    expect(signatureOf(anchor, key)).toBe('good');
    expect(signatureOf({ ...anchor, body: anchor.body.replace('=42:', '=41:') }, key)).toBe('forged');
    expect(signatureOf(anchor, Buffer.alloc(32, 8))).toBe('unknown');
    expect(signatureOf(anchor, null)).toBe('unknown');
  });
});

describe('the book of a data folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-anchors-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps what was seen over a restart, in files nobody else can read', () => {
    const book = anchorBook(folder, url);
    expect(book.load()).toEqual([]);
    book.keep(heads, at);
    expect(anchorBook(folder, 'postgres://other:pw@db.example:6543/shop?pgbouncer=true').load()).toEqual(heads);
    expect(lastAnchor(folder, url)).toBe(book.line());
    for (const file of [book.place, join(folder, 'anchor-key')]) expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(book.place, 'utf8')).not.toContain('secret');
  });

  it('believes no line that its key did not sign, and knows one database from another', () => {
    const book = anchorBook(folder, url);
    book.keep(heads, at);
    expect(anchorBook(folder, 'postgres://u@db.example/other').load()).toEqual([]);
    writeFileSync(book.place, anchorLine(heads, at, Buffer.alloc(32, 9)));
    expect(anchorBook(folder, url).load()).toEqual([]);
  });

  it.each([
    ['forged', (line: string) => line.replace('=42:', '=41:')],
    ['cut short', (line: string) => line.slice(0, 90)],
    ['signed by a key that is lost', () => anchorLine(heads, at, Buffer.alloc(32, 9))],
    [
      'unreadable by a flag of another name',
      (line: string) => line.replace(' key=', ` x_POLICY=1:${'c'.repeat(64)} key=`),
    ],
  ])('doubts a line that is %s, goes on beside it, and keeps it', (_what, spoil) => {
    const first = anchorBook(folder, url);
    expect(first.doubt()).toBeNull();
    const spoilt = spoil(first.keep(heads, at));
    writeFileSync(first.place, `${spoilt}\n`);
    const book = anchorBook(folder, url);
    expect(book.doubt()).toContain("what this machine's key did not sign");
    const line = book.keep(heads, at);
    expect(readFileSync(book.place, 'utf8')).toBe(`${spoilt}\n${line}\n`);
    const again = anchorBook(folder, url);
    expect(again.load()).toEqual(heads);
    expect(again.doubt()).not.toBeNull();
    rmSync(book.place);
    expect(book.doubt()).toBeNull();
  });

  it('doubts a file that was emptied, or that it cannot read, for as long as it is there', () => {
    const { place } = anchorBook(folder, url);
    writeFileSync(place, '');
    const book = anchorBook(folder, url);
    expect(book.doubt()).not.toBeNull();
    book.keep(heads, at);
    expect(anchorBook(folder, url).doubt()).not.toBeNull();
    rmSync(place);
    mkdirSync(place);
    expect(anchorBook(folder, url).doubt()).toContain('cannot be read (EISDIR)');
  });

  it('lasts as long as the process where nothing can be written', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const book = anchorBook(join(file, 'no-folder'), url);
    book.keep(heads, at);
    expect(book.load()).toEqual(heads);
    expect(anchorKey(join(file, 'no-folder'))).toBeNull();
  });
});
