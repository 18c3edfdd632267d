import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataFolder } from '@/scripts/start/data-folder';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-data-'));
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('is made, and others may only walk through it', () => {
  const dir = join(folder, 'deep', 'data');
  openDataFolder(dir);
  expect((statSync(dir).mode & 0o777).toString(8)).toBe('711');
  openDataFolder(dir);
});

test('a file on the way is said', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => openDataFolder(join(folder, 'file', 'data'))).toThrow(/on the way to .*file\/data stands a file/);
});

const isRoot = process.getuid?.() === 0;

// Only root can be another user.
test.skipIf(!isRoot)('a folder of root says whose it is, who may not, and what to do', () => {
  mkdirSync(join(folder, 'home'), { mode: 0o755 });
  const program = `import { openDataFolder } from ${JSON.stringify(resolve('scripts/start/data-folder.ts'))};
    try { openDataFolder(process.argv[1]); } catch (error) { console.log(error.message); }`;
  const dir = join(folder, 'home', '.data');
  const said = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program, dir], {
    uid: 65_534,
    gid: 65_534,
    encoding: 'utf8',
  });
  expect(said.trim()).toBe(
    `Nothing was started: nobody may not write to ${join(folder, 'home')}, which belongs to root. ` +
      `Give it over (sudo chown -R nobody ${join(folder, 'home')}) or name another folder with SLUICE_DATA_DIR.`,
  );
});
