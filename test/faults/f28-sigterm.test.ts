import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld, type WorldWeb } from '../support/fault-world';
import { namedTraffic } from '../support/named-traffic';
import { writeWeights } from '../support/rollout';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { fault } from './fault';

let world: FaultWorld;
let database: TestDatabase;
let network: TcpProxy;
let url: string;
beforeAll(async () => {
  [world, database] = await Promise.all([faultWorld(), testDatabase()]);
  await writeWeights(database.sql, { fal: 0.9, runware: 0.1 });
  const behind = new URL(database.url);
  network = await startTcpProxy({ port: Number(behind.port) });
  behind.host = `127.0.0.1:${network.port}`;
  url = behind.toString();
});
afterAll(async () => {
  await world.close();
  await network.close();
  await database.close();
});

const expected = "drained within the attempt's deadline (a tick: ≤ 10 s), spool flushed, nothing half-written";
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const load = (web: WorldWeb, name: string, perSecond: number) => namedTraffic(web.url, name, perSecond);

async function endedMs(process: { stop(): Promise<void> }): Promise<number> {
  const startedAt = performance.now();
  await process.stop();
  return Math.round(performance.now() - startedAt);
}

async function storedIds(name: string): Promise<string[]> {
  const rows = await database.sql<{ id: string }[]>`
    select event_data ->> 'request_id' as id from analytics_logs
    where event_type = 'gen_ok' and event_data ->> 'request_id' like ${`${name}-%`}`;
  return rows.map(({ id }) => id);
}

/** By the next process on the same folder. */
async function spoolStored(dataDir: string): Promise<void> {
  const next = await world.web(url, { dataDir });
  await eventually(
    () => readdirSync(join(dataDir, 'spool')).length,
    (n) => n === 0,
    20_000,
    50,
  );
  await next.stop();
}

fault('F28', { what: 'SIGTERM under load', injected: '50 requests a second of 300 ms each', expected }, async (saw) => {
  for (const name of ['fal', 'runware'] as const) world.sandbox.control(name, { latencyMs: 300 });
  const dataDir = world.folder();
  const web = await world.web(url, { dataDir });
  // A process that is still loading its pages hears nothing meanwhile.
  await web.said(/pages are ready/);
  const traffic = load(web, 'sigterm-load', 50);
  await pause(2000);
  const ms = await endedMs(web);
  await traffic.stop();
  expect(web.child.exitCode).toBe(0);
  expect(ms).toBeLessThan(10_000);
  const ends = [...traffic.ends.values()];
  const answered = [...traffic.answered.keys()];
  // A database too busy to take the last events in time leaves them to the disk, for the next process to store.
  if (/events go to the spool/.test(web.output())) await spoolStored(dataDir);
  expect(readdirSync(join(dataDir, 'spool'))).toEqual([]);
  const stored = await storedIds('sigterm-load');
  expect(new Set(stored).size).toBe(stored.length);
  expect(traffic.refused).toEqual([]);
  // A connection that comes too late is turned away; what was let in is answered, and what was not is not made.
  expect([...stored].sort()).toEqual([...answered].sort());
  const cut = ends.filter((end) => end !== '200' && end !== 'ECONNREFUSED');
  expect(cut.length).toBeLessThanOrEqual(2);
  saw(
    `ended after ${ms} ms with code 0; ${answered.length} answered, these and no others stored; ${ends.length - answered.length - cut.length} refused at the closed door, ${cut.length} in the closing one`,
  );
  for (const name of ['fal', 'runware'] as const) world.sandbox.control(name, { latencyMs: 0 });
});

fault(
  'F28',
  {
    what: 'SIGTERM under load',
    injected: 'the store frozen at the same time, 50 requests a second, one call that hangs; an attempt may take 4 s',
    expected,
  },
  async (saw) => {
    const dataDir = world.folder();
    const web = await world.web(url, { dataDir, env: { SLUICE_ATTEMPT_TIMEOUT_MS: '4000' } });
    const traffic = load(web, 'sigterm-frozen', 50);
    await pause(1000);
    network.accept = 'hang';
    network.freezeOpen();
    await pause(1000);
    world.sandbox.control('fal', { hang: true });
    const hung = load(web, 'sigterm-hung', 1);
    await pause(1100);
    world.sandbox.control('fal', { hang: false });
    const ms = await endedMs(web);
    await Promise.all([traffic.stop(), hung.stop()]);
    expect(ms).toBeLessThan(10_000);
    expect(web.child.exitCode).toBe(0);
    const files = readdirSync(join(dataDir, 'spool'));
    expect(files.filter((file) => file.endsWith('.tmp'))).toEqual([]);
    expect(files.length).toBeGreaterThan(0);
    network.accept = 'pass';
    await spoolStored(dataDir);
    const answered = [...traffic.answered.keys()];
    const stored = await storedIds('sigterm-frozen');
    expect(new Set(stored).size).toBe(stored.length);
    expect(answered.filter((id) => !stored.includes(id))).toEqual([]);
    saw(
      `ended after ${ms} ms with code 0; ${files.length} whole batches on disk; ${answered.length} answered, all stored once by the next process`,
    );
  },
);

fault(
  'F28',
  { what: 'SIGTERM during a tick', injected: 'the tick held up for 2 s by a lock on its table', expected },
  async (saw) => {
    const { sql } = database;
    const watchdog = await world.watchdog(database.url, { env: { SLUICE_TICK_SECONDS: '1' } });
    const ticks = async () => (await sql<{ n: number }[]>`select count(*) as n from sluice.ticks`)[0]?.n ?? 0;
    await eventually(ticks, (n) => n >= 2, 20_000, 50);
    const lock = await sql.reserve();
    await lock`begin`;
    await lock`lock table sluice.ticks in access exclusive mode`;
    const waits = () => sql`select from pg_locks where relation = 'sluice.ticks'::regclass and not granted`;
    await eventually(
      async () => (await waits()).length,
      (n) => n > 0,
      20_000,
    );
    const ending = endedMs(watchdog);
    await pause(2000);
    await lock`commit`;
    lock.release();
    const ms = await ending;
    expect(ms).toBeLessThan(10_000);
    expect(watchdog.child.exitCode).toBe(0);
    const half = await sql`select * from sluice.ticks where decision is null and error is null`;
    expect(half).toEqual([]);
    const left = await sql`select from sluice.instances where kind = 'watchdog'`;
    expect(left).toHaveLength(0);
    const [chain] = await sql<{ n: number }[]>`select count(*) as n from sluice.journal_faults()`;
    expect(chain?.n).toBe(0);
    saw(`ended after ${ms} ms with code 0, the tick finished; no half tick, no instance left, every hash verifies`);
  },
);
