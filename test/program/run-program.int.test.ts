import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

/** A file that was written within two seconds is not taken for settled. */
const settledMs = 2100;
let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-program-')));
  for (const name of ['scripts/program', 'tsconfig.json', 'package.json'])
    cpSync(resolve(name), join(folder, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, 'lib'));
  write('scripts/hello.ts', `import { word } from '@/lib/word';\nconsole.log(word, ...process.argv.slice(2));\n`);
  write('lib/word.ts', `export const word: string = 'one';\n`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const kept = () => readdirSync(join(folder, '.sluice')).sort();
const bundle = () => join(folder, '.sluice', kept().find((file) => file.endsWith('.mjs')) ?? '');

function hello(...words: string[]): Promise<string> {
  const args = [join(folder, 'scripts/program/run.mjs'), 'hello', ...words];
  return new Promise((done) =>
    execFile(process.execPath, args, { cwd: tmpdir() }, (error, stdout, stderr) =>
      done(error ? `${error.code}: ${stderr}` : stdout.trim()),
    ),
  );
}

describe('a program', { timeout: 60_000 }, () => {
  test('runs from a bundle that is made once, and gets its words', async () => {
    await setTimeout(settledMs);
    expect(await hello('a', 'b')).toBe('one a b');
    expect(kept()).toEqual([expect.stringMatching(/^hello-[0-9a-f]{16}\.program\.mjs$/), 'hello.program.json']);
    // What runs is what was kept.
    writeFileSync(bundle(), readFileSync(bundle(), 'utf8').replace('"one"', '"kept"'));
    expect(await hello()).toBe('kept');
  });

  test('is never older than its sources, though their sizes and times be the same', async () => {
    await setTimeout(settledMs);
    expect(await hello()).toBe('one');
    const { atime, mtime } = statSync(join(folder, 'lib/word.ts'));
    write('lib/word.ts', `export const word: string = 'two';\n`);
    utimesSync(join(folder, 'lib/word.ts'), atime, mtime);
    expect(await hello()).toBe('two');
    write('lib/word.ts', `export { word } from './other';\n`);
    write('lib/other.ts', `export const word = 'three';\n`);
    expect(await hello()).toBe('three');
    write('lib/other.ts', `export const word = 'fours';\n`);
    expect(await hello()).toBe('fours');
    rmSync(join(folder, 'lib/other.ts'));
    expect(await hello()).toMatch(/^1: [\s\S]*other/);
  });

  test('is kept where only the times have changed, as in a copy', async () => {
    await setTimeout(settledMs);
    expect(await hello()).toBe('one');
    writeFileSync(bundle(), readFileSync(bundle(), 'utf8').replace('"one"', '"kept"'));
    utimesSync(join(folder, 'lib/word.ts'), new Date(), new Date());
    expect(await hello()).toBe('kept');
  });

  test('runs from its TypeScript where nothing can be kept', async () => {
    write('.sluice', 'not a folder');
    expect(await hello('a')).toBe('one a');
    expect(readFileSync(join(folder, '.sluice'), 'utf8')).toBe('not a folder');
  });

  test('may be started by several at one instant', async () => {
    await setTimeout(settledMs);
    const starts = Array.from({ length: 6 }, (_, i) => hello(String(i)));
    expect(await Promise.all(starts)).toEqual(starts.map((_, i) => `one ${i}`));
    expect(kept()).toHaveLength(2);
  });
});
