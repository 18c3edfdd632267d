import { chmodSync, lstatSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { secretFiles } from '@/lib/adapters/doctor/secret-files';
import { freePort } from '@/lib/adapters/postgres/embedded/free-port';
import { isAlive } from '@/lib/adapters/postgres/embedded/pid-file';
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
  sluice = await startProcess(dataDir);
  await sluice.says(/sluice: ready after/);
});
afterAll(async () => {
  sluice.child.kill('SIGKILL');
  await sluice.ended;
  rmSync(folder, { recursive: true, force: true });
});

describe('npm start', () => {
  test('says where it is, how to sign in and that nothing is real, and answers with an image', async () => {
    const url = `http://127.0.0.1:${sluice.port}`;
    expect(sluice.output()).toContain('SANDBOX: no provider key is set');
    expect(sluice.output()).toMatch(new RegExp(`sign in .*: ${url}/`));
    const answer = await fetch(`${url}/api/generate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ prompt: 'a fox' }),
    });
    expect(answer.status).toBe(200);
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
    expect(family.filter(isAlive)).toEqual([]);
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
