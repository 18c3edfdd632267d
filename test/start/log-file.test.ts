import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLogFile, shorten } from '@/scripts/start/log-file';

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-log-'));
  path = join(folder, 'sluice.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('is its owner’s alone, also when it was there with another mode', () => {
  writeFileSync(path, 'before\n', { mode: 0o644 });
  openLogFile(path).write('now');
  expect(mode(path)).toBe('600');
  expect(readFileSync(path, 'utf8')).toMatch(/^before\n\d{4}-\S+Z now\n$/);
});

test('is cut when it has grown, with the older part beside it, while others go on writing to it', () => {
  const log = openLogFile(path);
  log.write('a'.repeat(200));
  shorten(path, log.fd, 100);
  writeSync(log.fd, 'after\n');
  expect(readFileSync(path, 'utf8')).toBe('after\n');
  expect(readFileSync(`${path}.1`, 'utf8')).toContain('aaaa');
  expect(mode(`${path}.1`)).toBe('600');
});

test.runIf(process.platform === 'linux')('a full disk is survived, and what was lost is counted', () => {
  const log = openLogFile(path);
  const becomes = (place: string) => {
    closeSync(log.fd);
    // The lowest free number is the one just closed.
    expect(openSync(place, 'a')).toBe(log.fd);
  };
  becomes('/dev/full');
  log.write('lost');
  log.write('lost too');
  becomes(path);
  log.write('written');
  expect(readFileSync(path, 'utf8')).toMatch(/^\S+ sluice: 2 lines could not be written .*\n\S+ written\n$/);
});

test('one that cannot be copied beside itself is left as it is', () => {
  const log = openLogFile(path);
  log.write('a'.repeat(200));
  mkdirSync(`${path}.1`);
  shorten(path, log.fd, 100);
  expect(readFileSync(path, 'utf8')).toContain('aaaa');
});
