import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runningPostmaster } from '@/lib/postgres/embedded/pid-file';
import { findPrograms, type Programs } from '@/lib/postgres/embedded/programs';
import { runAs } from '@/lib/postgres/embedded/run-as';
import { superviseEmbedded } from '@/lib/postgres/embedded/supervise';
import { killHard } from '@/test/support/freeze';

let folder: string;
let said: string[];
const ends: (() => unknown)[] = [];
const say = (line: string) => void said.push(line);
const settings = { fsync: 'off' };

beforeEach(() => {
  said = [];
  folder = mkdtempSync(join(tmpdir(), 'sluice-supervise-'));
  chmodSync(folder, 0o711);
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** `pg_ctl` with a line of shell before or after its `start`. */
async function programs({ before = '', after = '' }: { before?: string; after?: string }): Promise<Programs> {
  const { initdb, pgCtl } = await findPrograms(runAs());
  const file = join(folder, 'pg_ctl');
  const isStart = 'for last; do :; done; [ "$last" = start ]';
  writeFileSync(
    file,
    `#!/bin/sh\n${isStart} || exec '${pgCtl}' "$@"\n${before}\n'${pgCtl}' "$@" || exit 1\n${after}\n`,
  );
  chmodSync(file, 0o755);
  return { initdb, pgCtl: file };
}

const pidIn = (dir: string) => runningPostmaster(dir)?.pid ?? 0;
const backs = () => said.filter((line) => line.includes('is back after'));

test('one that dies soon after each start is started again after longer and longer', async () => {
  const server = await superviseEmbedded({ dir: join(folder, 'postgres'), settings }, say);
  ends.push(() => server.stop());
  for (let death = 1; death <= 4; death += 1) {
    killHard(pidIn(server.dir));
    await expect.poll(() => backs().length, { timeout: 30_000 }).toBe(death);
  }
  const pauses = said.map((line) => /is started again(?: in (\S+) s)?;/.exec(line)).filter((found) => found !== null);
  expect(pauses.map(([, seconds]) => seconds)).toEqual([undefined, '0.5', '1', '2']);
  expect(Number(/after (\S+) s/.exec(backs()[3] ?? '')?.[1])).toBeGreaterThanOrEqual(2);
});

test.skipIf(process.platform === 'win32')('one that is slow to come back does not hold up the end', async () => {
  const slow = join(folder, 'slow');
  const after = `if [ -e '${slow}' ]; then for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do sleep 1; done; fi`;
  const server = await superviseEmbedded(
    { dir: join(folder, 'postgres'), settings, programs: await programs({ after }) },
    say,
  );
  ends.push(() => server.stop());
  writeFileSync(slow, '');
  const first = pidIn(server.dir);
  killHard(first);
  await expect.poll(() => ![0, first].includes(pidIn(server.dir)), { timeout: 20_000 }).toBe(true);
  await server.stop(4000);
  expect(pidIn(server.dir)).toBe(0);
  expect(backs()).toEqual([]);
});

test.skipIf(process.platform === 'win32')('one that is just being launched ends with who launched it', async () => {
  const dir = join(folder, 'postgres');
  const { pgCtl, initdb } = await programs({ after: 'sleep 5' });
  const file = join(folder, 'launcher.mts');
  const start = join(process.cwd(), 'lib/postgres/embedded/start.ts');
  const options = JSON.stringify({ dir, settings, programs: { pgCtl, initdb } });
  writeFileSync(file, `import { startEmbedded } from '${start}'; await startEmbedded(${options});`);
  const child = spawn(process.execPath, ['--import', 'tsx', file], { stdio: 'inherit' });
  await expect.poll(() => pidIn(dir) > 0, { timeout: 40_000, interval: 20 }).toBe(true);
  child.kill('SIGKILL');
  await expect.poll(() => pidIn(dir), { timeout: 15_000 }).toBe(0);
});

test.skipIf(process.platform === 'win32')(
  'one that another has started again meanwhile goes on, and is taken over',
  async () => {
    const broken = join(folder, 'broken');
    const withFault = await programs({ before: `[ -e '${broken}' ] && exit 1` });
    const server = await superviseEmbedded({ dir: join(folder, 'postgres'), settings, programs: withFault }, say);
    ends.push(() => server.stop());
    writeFileSync(broken, '');
    killHard(pidIn(server.dir));
    await expect.poll(() => said.some((line) => line.includes('did not start')), { timeout: 20_000 }).toBe(true);
    const { pgCtl } = await findPrograms(runAs());
    // As another npm start on this folder does, which has not put its name there yet.
    execFileSync(pgCtl, ['-D', server.dir, '-w', '-l', join(server.dir, 'server.log'), 'start'], {
      ...runAs(),
      cwd: '/',
      stdio: 'ignore',
    });
    const another = pidIn(server.dir);
    await expect.poll(() => backs().length, { timeout: 20_000 }).toBe(1);
    expect(pidIn(server.dir)).toBe(another);
    await server.stop();
    expect(existsSync(join(server.dir, 'postmaster.pid'))).toBe(false);
  },
);
