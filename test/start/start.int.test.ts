import { chmodSync, lstatSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { secretFiles } from '@/lib/doctor/instruments/secret-files';
import { freePort } from '@/lib/postgres/embedded/free-port';
import { isAlive } from '@/lib/postgres/embedded/pid-file';
import { familyOf } from '../support/freeze';
import { type StartProcess, startProcess } from '../support/start-process';

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

let folder: string;
let dataDir: string;
let sluice: StartProcess;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-start-'));
  chmodSync(folder, 0o711);
  dataDir = join(folder, 'data');
  sluice = await startProcess(dataDir, { CRON_SECRET: 'cron-secret-of-the-start-0123456789abcdef' });
  await sluice.says(/sluice: ready after/);
}, 240_000);
afterAll(async () => {
  sluice.child.kill('SIGTERM');
  await sluice.ended;
  rmSync(folder, { recursive: true, force: true });
});

// What is waited for comes on a busy machine too.
describe('npm start', { timeout: 180_000 }, () => {
  test('says in a few lines where it is and that nothing is real, and answers with an image', async () => {
    const url = `http://127.0.0.1:${sluice.port}`;
    const lines = (await sluice.says(/sign in by the link/)).trim().split('\n');
    expect(lines[0]).toBe('sluice: SANDBOX: no provider key is set, so FAL and Runware are simulated on this machine');
    expect(lines[1]).toMatch(new RegExp(`^sluice: ready after \\d+\\.\\d s: ${url}`));
    expect(lines[2]).toBe(`sluice: log in ${dataDir}/sluice.log, database in ${dataDir}/database-url`);
    expect(lines.filter((line) => !/building the pages|the pages are ready/.test(line))).toHaveLength(4);
    const answer = await fetch(`${url}/api/generate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ prompt: 'a fox' }),
    });
    expect(answer.status).toBe(200);
  });

  test('prints no secret: they are in files of its owner alone, and the link of one of them signs in', async () => {
    const url = readFileSync(join(dataDir, 'database-url'), 'utf8').trim();
    const link = readFileSync(join(dataDir, 'sign-in-link'), 'utf8').trim();
    for (const name of ['sluice.log', 'sign-in-link', 'database-url']) expect(mode(join(dataDir, name))).toBe('600');
    const log = readFileSync(join(dataDir, 'sluice.log'), 'utf8');
    for (const secret of [new URL(url).password, link]) {
      expect(sluice.output()).not.toContain(secret);
      expect(log).not.toContain(secret);
    }
    expect(link).toMatch(new RegExp(`^http://127.0.0.1:${sluice.port}/sign-in\\S+$`));
  });

  test('stands at the baseline until somebody starts the plan', async () => {
    const health = async () => (await fetch(`http://127.0.0.1:${sluice.port}/api/health`)).json();
    await expect.poll(health, { timeout: 20_000 }).toMatchObject({ weights: { source: 'store' } });
    const sql = postgres(readFileSync(join(dataDir, 'database-url'), 'utf8').trim(), { max: 1 });
    const rows = await sql`select stage, rollout_started_at from feature_flags`;
    await sql.end();
    expect(rows).toEqual([{ stage: 'baseline', rollout_started_at: null }]);
  });

  test.skipIf(process.platform !== 'linux')('gives the sandbox none of its own secrets', () => {
    const family = familyOf(sluice.child.pid ?? 0);
    const [pid] = family.filter((each) => readFileSync(`/proc/${each}/cmdline`, 'utf8').includes('sandbox.mjs'));
    const names = readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .map((pair) => pair.split('=')[0]);
    expect(names).toContain('PATH');
    expect(names.filter((name) => /DATABASE|SLUICE|SECRET|TOKEN|KEY/.test(name ?? ''))).toEqual([]);
  });

  test('keeps its database in its own folder, as root too, with every secret closed', async () => {
    expect(mode(dataDir)).toBe('711');
    expect(lstatSync(join(dataDir, 'postgres')).isSymbolicLink()).toBe(false);
    expect(mode(join(dataDir, 'postgres'))).toBe('700');
    expect(mode(join(dataDir, 'spool'))).toBe('700');
    for (const name of ['database-url', 'weights.json']) expect(mode(join(dataDir, name))).toBe('600');
    const secrets = await secretFiles(folder, dataDir);
    expect(secrets.length).toBeGreaterThan(0);
    expect(secrets.filter((file) => (file.mode & 0o077) !== 0)).toEqual([]);
  });

  test('a second one says that it runs already, and how to have another', async () => {
    const second = await startProcess(join(folder, 'other'), { PORT: String(sluice.port) });
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`Sluice already runs at http://127.0.0.1:${sluice.port}`);
    expect(second.output()).toContain(`PORT=${sluice.port + 1} SLUICE_DATA_DIR=`);
  });

  test('says which port another program has taken, and how to choose one', async () => {
    const stranger = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
    await new Promise((resolve) => stranger.once('listening', resolve));
    const { port } = stranger.address() as AddressInfo;
    const refused = await startProcess(join(folder, 'other'), { PORT: String(port) });
    expect(await refused.ended).toBe(1);
    expect(refused.output()).toContain(`Port ${port} on 127.0.0.1 is taken by another program.`);
    expect(refused.output()).toContain(`PORT=${port + 1} npm start`);
    stranger.close();
  });

  // Postgres is its own process group: it is named by the folder, not by the family.
  test('ends everything within ten seconds of a signal', { timeout: 10_000 }, async () => {
    const family = familyOf(sluice.child.pid ?? 0);
    expect(family.length).toBeGreaterThan(3);
    sluice.child.kill('SIGINT');
    expect(await sluice.ended).toBe(0);
    expect(sluice.output()).toContain('sluice: ended');
    // One that was ended is there until its parent, or the system, has heard of it.
    await expect.poll(() => family.filter(isAlive)).toEqual([]);
    expect(() => statSync(join(dataDir, 'postgres', 'postmaster.pid'))).toThrow('ENOENT');
  });

  test('does not wait after a second signal, and still nothing stays', async () => {
    const again = await startProcess(dataDir);
    await again.says(/sluice: ready after/);
    const family = familyOf(again.child.pid ?? 0);
    again.child.kill('SIGINT');
    await again.says(/ending \(SIGINT\)/);
    again.child.kill('SIGINT');
    expect(await again.ended).toBe(1);
    await expect.poll(() => family.filter(isAlive), { timeout: 20_000 }).toEqual([]);
    const pidFile = join(dataDir, 'postgres', 'postmaster.pid');
    await expect.poll(() => statSync(pidFile, { throwIfNoEntry: false }), { timeout: 20_000 }).toBeUndefined();
  });

  test('listens at an address of IPv6, and says the real port where any would do', async () => {
    const ipv6 = await startProcess(join(folder, 'ipv6'), { HOST: '::1', PORT: '0', LOG_LEVEL: 'fatal' });
    const url = /ready after \S+ s: (http:\S+)/.exec(await ipv6.says(/ready after \S+ s: http/))?.[1];
    expect(url).toMatch(/^http:\/\/\[::1\]:[1-9]\d*$/);
    expect((await fetch(`${url}/api/health/live`)).status).toBe(200);
    ipv6.child.kill('SIGTERM');
    expect(await ipv6.ended).toBe(0);
  });

  test('two at one instant on one folder and port: one is ready, the other says so and ends', async () => {
    const port = String(await freePort());
    const both = [1, 2].map(() => startProcess(join(folder, 'twice'), { PORT: port, LOG_LEVEL: 'fatal' }));
    const [one, other] = (await Promise.all(both)) as [StartProcess, StartProcess];
    const loser = await Promise.race([one.ended.then(() => one), other.ended.then(() => other)]);
    const winner = loser === one ? other : one;
    expect(await loser.ended).toBe(1);
    expect(loser.output()).toContain(`Sluice already runs at http://127.0.0.1:${port}`);
    expect(loser.output()).not.toContain('ready after');
    await winner.says(/ready after/);
    winner.child.kill('SIGTERM');
    expect(await winner.ended).toBe(0);
  });

  test.each([
    ['at once', null],
    ['when Postgres is there', 'postgres/postmaster.pid'],
    ['while it is migrated', 'database-url'],
    ['when a web process runs', 'spool'],
  ])('a signal during the start, %s, leaves nothing behind', async (when, sign) => {
    const dir = join(folder, `early-${when.replaceAll(' ', '-')}`);
    const early = await startProcess(dir, { LOG_LEVEL: 'fatal' });
    const seen = new Set<number>();
    const watch = setInterval(() => familyOf(early.child.pid ?? 0).map((pid) => seen.add(pid)), 50);
    const isThere = () => sign === null || statSync(join(dir, sign), { throwIfNoEntry: false }) !== undefined;
    await expect.poll(isThere, { timeout: 60_000, interval: 20 }).toBe(true);
    early.child.kill('SIGTERM');
    await early.ended;
    clearInterval(watch);
    await expect.poll(() => [...seen].filter(isAlive), { timeout: 15_000 }).toEqual([]);
    await expect
      .poll(() => statSync(join(dir, 'postgres', 'postmaster.pid'), { throwIfNoEntry: false }), { timeout: 15_000 })
      .toBeUndefined();
    await expect(fetch(`http://127.0.0.1:${early.port}/`)).rejects.toThrow();
  });

  test('serves although the database of DATABASE_URL is away', async () => {
    const port = await freePort();
    const away = await startProcess(join(folder, 'away'), {
      DATABASE_URL: `postgres://u:hidden-pw@127.0.0.1:${port}/db`,
      ...{ SLUICE_SANDBOX: '1', LOG_LEVEL: 'fatal' },
    });
    await away.says(/sluice: ready after/);
    expect(away.output()).toContain('the database of DATABASE_URL does not answer: ');
    expect(away.output()).not.toContain('hidden-pw');
    away.child.kill('SIGTERM');
    expect(await away.ended).toBe(0);
  });
});
