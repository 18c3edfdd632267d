import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAlive } from '@/lib/postgres/embedded/pid-file';
import { buildPages, pagesAreStale } from '@/scripts/build/build-if-stale';
import { nextBuild } from '@/scripts/build/next-build';
import { familyOf } from '../support/freeze';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-build-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(text: string): string {
  const file = join(folder, 'build.mjs');
  writeFileSync(file, text);
  return file;
}

test('a build whose start is killed ends with it, its workers too', async () => {
  const long = program(`
    import { fork } from 'node:child_process';
    process.on('message', () => {});
    if (process.argv[2] === 'build') {
      fork(process.argv[1], ['worker']);
      setInterval(() => {}, 1000);
    }`);
  const parent = join(folder, 'start.mts');
  writeFileSync(
    parent,
    `import { nextBuild } from ${JSON.stringify(resolve('scripts/build/next-build.ts'))};
     await nextBuild(${JSON.stringify(folder)}, undefined, ${JSON.stringify(long)});`,
  );
  const start = spawn(process.execPath, ['--import', 'tsx', parent], { stdio: 'ignore' });
  const family = () => familyOf(start.pid ?? 0);
  const builds = () => family().length >= 4;
  await expect.poll(builds, { timeout: 45_000 }).toBe(true);
  const all = family();
  start.kill('SIGKILL');
  await expect.poll(() => all.filter(isAlive), { timeout: 15_000 }).toEqual([]);
});

test('the workers of a build wait for their work', async () => {
  const worked = program(`
    import { fork } from 'node:child_process';
    if (process.argv[2] === 'build') {
      const worker = fork(process.argv[1], ['worker']);
      setTimeout(() => worker.send('work'), 1500);
      worker.once('exit', (code) => process.exit(code === 7 ? 0 : 3));
    } else process.once('message', () => process.exit(7));`);
  await nextBuild(folder, undefined, worked);
});

test('a build gives way to whoever serves meanwhile, its workers too', async () => {
  const polite = program(`
    import { fork } from 'node:child_process';
    import { getPriority } from 'node:os';
    setTimeout(() => {
      if (process.argv[2] !== 'build') process.exit(getPriority());
      fork(process.argv[1], ['worker']).once('exit', (code) => process.exit(code === getPriority() && code >= 5 ? 0 : 3));
    }, 200);`);
  await nextBuild(folder, undefined, polite);
});

test('a build beside which another runs waits for that, and is made once', async () => {
  const second = program(`
    import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
    const [begun, next] = ['begun', '.next'].map((name) => process.cwd() + '/' + name);
    if (existsSync(begun)) {
      mkdirSync(next, { recursive: true });
      writeFileSync(next + '/BUILD_ID', 'x');
      process.exit(0);
    }
    writeFileSync(begun, '');
    console.error('⨯ Another next build process is already running.');
    process.exit(1);`);
  await buildPages(folder, 'hash-of-these', undefined, second);
  expect(pagesAreStale(folder, 'hash-of-these')).toBe(false);
});

test('a build that fails says how it ended and its last words', async () => {
  const broken = program(`console.error('Type error: no such page'); process.exit(2);`);
  await expect(nextBuild(folder, undefined, broken)).rejects.toThrow(
    /^next build ended with code 2:\nType error: no such page$/,
  );
});
