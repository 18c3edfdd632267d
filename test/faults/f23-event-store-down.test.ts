import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
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

const perSecond = 50;
const awayMs = 6000;
/** Events are flushed four times a second; what a `kill -9` finds in memory is younger than this. */
const inMemoryMs = 1000;

const load = (web: WorldWeb, name: string) => namedTraffic(web.url, name, perSecond);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const spool = (dataDir: string) => readdirSync(join(dataDir, 'spool')).filter((file) => /\.ndjson$/.test(file));

/** Cuts the last line of the newest batch in half, as a crash in the middle of a write would. */
function tearLastLine(dataDir: string): string {
  const newest = join(dataDir, 'spool', spool(dataDir).sort().at(-1) ?? '');
  const text = readFileSync(newest, 'utf8');
  const last = text.trimEnd().split('\n').at(-1) ?? '';
  writeFileSync(newest, text.slice(0, text.length - Math.ceil(last.length / 2)));
  return (JSON.parse(last) as { event_data: { request_id: string } }).event_data.request_id;
}

async function stored(name: string): Promise<Map<string, number>> {
  const rows = await database.sql<{ id: string; n: number }[]>`
    select event_data ->> 'request_id' as id, count(*) as n from analytics_logs
    where event_type = 'gen_ok' and event_data ->> 'request_id' like ${`${name}-%`} group by 1`;
  return new Map(rows.map(({ id, n }) => [id, n]));
}

fault(
  'F23',
  {
    what: 'event store down under load, then back',
    injected: `cut for ${awayMs / 1000} s instead of 10 min at ${perSecond} requests a second; kill -9 and a torn last line in between`,
    expected: 'requests unaffected; spooled (bounded), drained, each event once; the torn line ignored',
  },
  async (saw) => {
    const dataDir = world.folder();
    const first = await world.web(url, { dataDir });
    const before = load(first, 'outage-before');
    await pause(1500);
    network.accept = 'reset';
    network.reset();
    await pause(awayMs / 2);
    const killedAt = performance.now();
    await Promise.all([first.kill(), before.stop()]);
    expect(before.refused).toEqual([]);
    const waiting = spool(dataDir).length;
    expect(waiting).toBeGreaterThan(0);
    const tornId = tearLastLine(dataDir);
    saw(`${before.answered.size} answered until kill -9, ${waiting} batches on disk, the last line of one torn`);

    const second = await world.web(url, { dataDir });
    const after = load(second, 'outage-after');
    await pause(awayMs / 2);
    network.accept = 'pass';
    const back = performance.now();
    const drainedMs = await eventually(
      () => spool(dataDir).length,
      (n) => n === 0,
      20_000,
      50,
    );
    saw(
      `drained ${((performance.now() - back) / 1000).toFixed(1)} s after the store was back (${drainedMs} ms waited)`,
    );
    await pause(500);
    await after.stop();
    expect(after.answered.size).toBe(after.ends.size);
    await second.stop();

    const [old, fresh] = [await stored('outage-before'), await stored('outage-after')];
    const twice = [...old, ...fresh].filter(([, n]) => n !== 1);
    expect(twice).toEqual([]);
    expect([...after.answered.keys()].filter((id) => !fresh.has(id))).toEqual([]);
    const lost = [...before.answered].filter(([id]) => !old.has(id));
    for (const [id, at] of lost) expect(id === tornId || killedAt - at < inMemoryMs, `${id} was lost`).toBe(true);
    const memory = lost.filter(([id]) => id !== tornId).length;
    saw(`${fresh.size} + ${old.size} requests stored, each once; 0 failed; lost: ${memory} in memory at kill -9`);
  },
);

fault(
  'F23',
  {
    what: 'event store down for 10 min of events',
    injected: '240,000 events (10 min at 200 requests a second) put into the spool as batches of 500',
    expected: 'drained, each event once',
  },
  async (saw) => {
    const { randomUUID } = await import('node:crypto');
    const { openSpool } = await import('@/lib/log/spool/spool');
    const dataDir = world.folder();
    const clocks = { now: Date.now, monotonic: () => performance.now(), run: 'before' };
    const folder = join(dataDir, 'spool');
    const filled = openSpool({ folder, mostBytes: 256 * 1024 * 1024, ...clocks });
    const [batches, rows] = [480, 500];
    for (let n = 0; n < batches; n += 1) {
      const events = Array.from({ length: rows }, (_, m) => ({
        event_type: 'gen_ok',
        event_data: { request_id: `ten-minutes-${n}-${m}`, provider: 'fal', images: 1 },
        age_ms: 1000,
      }));
      await filled.append(randomUUID(), events);
    }
    const { bytes } = filled.depth();
    const web = await world.web(url, { dataDir });
    const traffic = load(web, 'ten-beside');
    const ms = await eventually(
      () => spool(dataDir).length,
      (n) => n === 0,
      60_000,
      100,
    );
    await traffic.stop();
    expect(traffic.answered.size).toBe(traffic.ends.size);
    await web.stop();
    const all = await stored('ten-minutes');
    expect(all.size).toBe(batches * rows);
    expect([...all.values()].every((n) => n === 1)).toBe(true);
    saw(
      `${all.size} events (${(bytes / 1e6).toFixed(0)} MB) drained in ${(ms / 1000).toFixed(1)} s beside ${traffic.answered.size} requests, none failed; each once`,
    );
  },
);
