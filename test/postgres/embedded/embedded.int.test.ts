import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isAlive } from '@/lib/postgres/embedded/pid-file';
import { type Embedded, startEmbedded } from '@/lib/postgres/embedded/start';

let folder: string;
let servers: Embedded[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-embedded-'));
  chmodSync(folder, 0o711);
  servers = [];
});
afterEach(async () => {
  for (const server of servers) {
    await server.stop();
    rmSync(server.dir, { recursive: true, force: true });
  }
  rmSync(folder, { recursive: true, force: true });
});

async function start(options: { port?: number; dir?: string } = {}): Promise<Embedded> {
  const server = await startEmbedded({ dir: join(folder, 'postgres'), settings: { fsync: 'off' }, ...options });
  servers.push(server);
  return server;
}

async function ask<T>(server: Embedded, statement: string): Promise<T[]> {
  const sql = postgres(server.url, { max: 1, onnotice: () => {} });
  try {
    return (await sql.unsafe(statement)) as unknown as T[];
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** A supervisor of its own, to be killed. */
function supervise(): { child: ChildProcess; url: Promise<string> } {
  const file = join(folder, 'supervisor.mts');
  writeFileSync(
    file,
    `import { startEmbedded } from '${join(process.cwd(), 'lib/postgres/embedded/start.ts')}';
    const server = await startEmbedded({ dir: process.argv[2] ?? '' });
    console.log(server.url + ' ' + server.pid);
    setInterval(() => {}, 1000);`,
  );
  const args = ['--import', 'tsx', file, join(folder, 'postgres')];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = new Promise<string>((resolve) => {
    child.stdout?.once('data', (text: Buffer) => resolve(text.toString().trim()));
  });
  return { child, url };
}

describe('an embedded Postgres', () => {
  test('is made once, speaks UTF-8 and UTC, listens on the loopback only, and keeps data and port', async () => {
    const first = await start();
    await ask(first, `create table t (a text); insert into t values ('图像 ümlaut')`);
    expect(await ask(first, 'select a, length(a) as n from t')).toEqual([{ a: '图像 ümlaut', n: 9 }]);
    expect(
      await ask(
        first,
        `select name, setting from pg_settings
      where name in ('listen_addresses', 'TimeZone', 'server_encoding') order by lower(name)`,
      ),
    ).toEqual([
      { name: 'listen_addresses', setting: '127.0.0.1' },
      { name: 'server_encoding', setting: 'UTF8' },
      { name: 'TimeZone', setting: 'UTC' },
    ]);
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await ask(second, 'select a from t')).toHaveLength(1);
  });

  test('wants its password', async () => {
    const server = await start();
    const stranger = postgres(server.url.replace(/:[^:@]+@/, ':guess@'), { max: 1 });
    await expect(stranger`select 1`).rejects.toThrow('password authentication failed');
    await stranger.end();
  });

  test('is one, however many start at once; the others adopt it and leave it running', async () => {
    const all = await Promise.all([start(), start(), start()]);
    expect(new Set(all.map((server) => server.pid)).size).toBe(1);
    const adopter = await start();
    expect(adopter.adopted).toBe(true);
    await adopter.stop();
    expect(isAlive(adopter.pid)).toBe(true);
  });

  test('starts over a stale pid that now belongs to a stranger', async () => {
    const first = await start();
    await first.stop();
    writeFileSync(
      join(first.dir, 'postmaster.pid'),
      `${process.pid}\n${first.dir}\n0\n${first.port}\n\n\n\nready   \n`,
    );
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await ask(second, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('starts again after it was killed', async () => {
    const first = await start();
    process.kill(first.pid, 'SIGKILL');
    await expect.poll(() => isAlive(first.pid)).toBe(false);
    const second = await start();
    expect(await ask(second, 'select 1 as one')).toEqual([{ one: 1 }]);
    await first.stop();
  });

  test('says when the port it must have is taken', async () => {
    const stranger = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => stranger.once('listening', resolve));
    const { port } = stranger.address() as { port: number };
    await expect(start({ port })).rejects.toThrow(`port ${port} of 127.0.0.1 is taken`);
    stranger.close();
  });

  test('ends when its supervisor is killed, and another start takes over', async () => {
    const { child, url } = supervise();
    const pid = Number((await url).split(' ')[1]);
    expect(isAlive(pid)).toBe(true);
    child.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
    const next = await start();
    expect(next.adopted).toBe(false);
  });

  test('works below a folder that only its owner may enter', async () => {
    const home = join(folder, 'home');
    mkdirSync(home, { mode: 0o700 });
    const server = await start({ dir: join(home, 'sluice', '.data', 'postgres') });
    expect(await ask(server, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(existsSync(join(home, 'sluice', '.data', 'postgres', 'PG_VERSION'))).toBe(true);
  });

  test('keeps its password from other users', async () => {
    const server = await start();
    const { stdout } = await promisify(execFile)('stat', ['-c', '%a', join(server.dir, 'sluice.password'), server.dir]);
    expect(stdout.trim().split('\n')).toEqual(['600', '700']);
    expect(server.url).toContain(readFileSync(join(server.dir, 'sluice.password'), 'utf8').trim());
  });
});
