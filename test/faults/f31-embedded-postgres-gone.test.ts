import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { asOwner } from '@/lib/postgres/embedded/owner-role';
import { runningPostmaster } from '@/lib/postgres/embedded/pid-file';
import { startEmbedded } from '@/lib/postgres/embedded/start';
import { type Supervised, superviseEmbedded } from '@/lib/postgres/embedded/supervise';
import { migrate } from '@/lib/postgres/migrate/migrate';
import { openDatabase } from '@/scripts/start/database';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld, type WorldWeb } from '../support/fault-world';
import { killHard } from '../support/freeze';
import { namedTraffic } from '../support/named-traffic';
import { writeWeights } from '../support/rollout';
import { fault } from './fault';

let world: FaultWorld;
let folder: string;
let said: string[];
const ends: (() => unknown)[] = [];
const say = (line: string) => void said.push(line);

beforeAll(async () => {
  world = await faultWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  said = [];
  folder = mkdtempSync(join(tmpdir(), 'sluice-f31-'));
  // Run by root, Postgres is another user, who must be able to walk in.
  chmodSync(folder, 0o711);
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const what = 'embedded Postgres killed or panicked';
const expected =
  'restarted with backoff; rollback possible again without a person; a start that cannot migrate leaves it up';

async function run<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** A supervised Postgres at D1, and a web process that routes by it. */
async function atD1(
  settings: Record<string, string> = {},
): Promise<{ server: Supervised; url: string; web: WorldWeb }> {
  const dir = join(folder, 'postgres');
  const server = await superviseEmbedded({ dir, settings: { fsync: 'off', ...settings } }, say);
  ends.push(() => server.stop());
  const url = await asOwner(server.url);
  await migrate(url);
  await run(url, (sql) => writeWeights(sql as never, { fal: 0.9, runware: 0.1 }));
  const web = await world.web(url);
  ends.push(() => web.kill());
  await eventually(web.routes, (version) => version !== null, 60_000);
  return { server, url, web };
}

/** Asked again and again, as somebody at 3 a.m. would; nobody touches the database meanwhile. */
async function rolledBackAfter(web: WorldWeb): Promise<number> {
  const rollback = () => web.call('POST', '/api/rollout/rollback', { body: { reason: 'F31' } });
  return eventually(
    async () => (await rollback()).status,
    (status) => status === 200,
    60_000,
    250,
  );
}

fault('F31', { what, injected: 'kill -9 of the postmaster and all its children, twice', expected }, async (saw) => {
  const { server, web } = await atD1();
  const traffic = namedTraffic(web.url, 'f31', 20);
  ends.push(() => traffic.stop());
  for (const time of ['first', 'second']) {
    const { pid } = runningPostmaster(server.dir) ?? { pid: 0 };
    killHard(pid);
    const ms = await rolledBackAfter(web);
    expect(runningPostmaster(server.dir)?.pid).not.toBe(pid);
    saw(`${time} kill: a rollback answered after ${ms} ms`);
  }
  await traffic.stop();
  expect([...traffic.ends.values()].filter((end) => end !== '200')).toEqual([]);
  saw(`0 of ${traffic.ends.size} generations failed`);
  expect(said.filter((line) => /has ended and is started again/.test(line))).toHaveLength(2);
  // It answers a moment before its supervisor has seen it.
  await expect.poll(() => said.at(-1)).toMatch(/^the embedded Postgres is back after \d+\.\d s$/);
});

const panics = canMount() ? fault : skipped;

panics(
  'F31',
  { what, injected: 'its disk (a tmpfs of 240 MB) full until the WAL panics; freed after a failed restart', expected },
  async (saw) => {
    mountTmpfs(folder, '240m');
    const { server, web } = await atD1({ max_wal_size: '32MB', min_wal_size: '32MB' });
    const filler = join(folder, 'filler');
    writeFileSync(filler, Buffer.alloc(statfsSync(folder).bavail * statfsSync(folder).bsize - 256 * 1024));
    const writeAhead = (sql: postgres.Sql) =>
      sql`select pg_logical_emit_message(false, 'f31', repeat('x', 4 << 20)) from generate_series(1, 16)`;
    await expect(run(server.url, writeAhead)).rejects.toThrow();
    const full = (line: string) => /did not start.*No space left on device/.test(line);
    await eventually(() => said.some(full), Boolean, 30_000, 50);
    const { status, body } = await web.call('POST', '/api/generate', { body: { prompt: 'x' } });
    expect(status, JSON.stringify(body)).toBe(200);
    rmSync(filler);
    const ms = await rolledBackAfter(web);
    saw(
      `said ${JSON.stringify(said.find(full)?.replace(folder, '…').slice(0, 120))}; a rollback ${ms} ms after the space`,
    );
    await expect.poll(() => said.at(-1)).toMatch(/is back after/);
  },
);

fault(
  'F31',
  { what: 'a start that cannot migrate', injected: 'a view in the place of a table that we own', expected },
  async (saw) => {
    const dir = join(folder, 'postgres');
    const before = await startEmbedded({ dir, settings: { fsync: 'off' } });
    await run(before.url, (sql) => sql`create view public.feature_flags as select 1 as one`);
    await before.stop();
    const voice = { say, note: () => {}, output: 'inherit', logFile: null } as const;
    const database = await openDatabase({ root: resolve('.'), dataDir: folder, given: undefined, voice });
    ends.push(() => database.stop(9000));
    expect(database.isAway).toBe(true);
    expect(said.join('\n')).toMatch(
      /could not be brought up to date: .*feature_flags.*Mend it with npm run sluice -- sql/s,
    );
    await run(database.url, (sql) => sql`drop view public.feature_flags`);
    await eventually(
      () => said.at(-1),
      (line) => line === 'the database answers, and is up to date',
      30_000,
      50,
    );
    const [row] = await run(database.url, (sql) => sql`select stage from feature_flags`);
    expect(row?.stage).toBe('baseline');
    saw(`left up and said: "${said[0]?.slice(0, 60)}…"; mended by SQL, up to date without another start`);
  },
);

function canMount(): boolean {
  const at = mkdtempSync(join(tmpdir(), 'sluice-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', at], { stdio: 'ignore' });
    execFileSync('umount', [at], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(at, { recursive: true, force: true });
  }
}

function mountTmpfs(at: string, size: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=711`, 'tmpfs', at]);
  // After what stands on it has ended, and before the folder goes.
  ends.push(() => execFileSync('umount', [at]));
}

function skipped(id: string, { injected }: { injected: string }): void {
  it.skip(`${id} ${what} (${injected}): skipped, it needs root to mount a tmpfs`, () => {});
}
