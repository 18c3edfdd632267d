import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { polledStore } from '@/lib/jobs/poll/job-store';
import type { JobPoller } from '@/lib/jobs/poll/poll-jobs';
import { settleJobs } from '@/lib/jobs/poll/settle';
import { connect } from '@/lib/postgres/connection';
import { type TestDatabase, testDatabase } from '../../support/database';
import { eventually } from '../../support/eventually';
import { type JobVendor, jobVendor } from '../../support/job-vendor';
import { endEvents, jobRow, readJob, testPoller } from '../../support/polled-jobs';
import { startTcpProxy } from '../../support/tcp-proxy';

let database: TestDatabase;
let vendor: JobVendor;
const pollers: JobPoller[] = [];
const children: ChildProcess[] = [];

beforeEach(async () => {
  [database, vendor] = await Promise.all([testDatabase(), jobVendor()]);
  await database.sql`insert into sluice.providers (name, adapter, label) values ('kling', 'aimlapi', 'Kling')`;
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.all(pollers.splice(0).map((poller) => poller.stop(500)));
  await vendor.close();
  await database.close();
});

const start = (change: Parameters<typeof testPoller>[1] = {}, sql = database.sql) => {
  const poller = testPoller(sql, change);
  pollers.push(poller);
  poller.start();
  return poller;
};
const row = (id: string) => readJob(database.sql, id);
const until = (id: string, state: string) =>
  eventually(
    async () => (await row(id)).state,
    (now) => now === state,
    20_000,
  );

test('a poller that is killed between lease and settle: another goes on when the lease is over, and not before', async () => {
  vendor.jobs.set('u1', { state: 'done' });
  vendor.latencyMs = 60_000;
  const id = await jobRow(database.sql, vendor.url, { upstream_id: 'u1' });
  const file = fileURLToPath(new URL('../../support/poller-child.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', file, database.url], { stdio: 'ignore' });
  children.push(child);
  await eventually(
    () => vendor.asked.length,
    (asked) => asked === 1,
    30_000,
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
  vendor.latencyMs = 0;
  const [lease] = await database.sql<{ left_ms: number }[]>`
    select extract(epoch from leased_until - now())::float8 * 1000 as left_ms from sluice.jobs`;
  const { counts } = start();
  await until(id, 'completed');
  expect([...counts.expiries]).toEqual([['kling', 'taken over', 1]]);
  expect([...counts.ends]).toEqual([['kling', 'completed', 1]]);
  const waitedMs = (vendor.asked[1]?.atMs ?? 0) - (vendor.asked[0]?.atMs ?? 0);
  expect(lease?.left_ms).toBeGreaterThan(0);
  expect(waitedMs).toBeGreaterThan(2000);
  expect(await endEvents(database.sql)).toHaveLength(1);
});

test('two settlers of one look: one of them writes, and the end is logged once', async () => {
  const id = await jobRow(database.sql, vendor.url, { upstream_id: 'u1' });
  const store = polledStore(database.sql);
  const { jobs } = await store.lease({ lease: 'one', most: 10, forMs: 30_000, not: [] });
  const [job] = jobs;
  expect(job?.id).toBe(id);
  const end = (lease: string) => ({
    ...({
      id,
      lease,
      was: 'accepted',
      due_was: job?.dueAtUs ?? 0,
      state: 'failed',
      due_ms: null,
      looked: true,
    } as const),
    ...{
      provider: 'kling',
      misses: 0,
      blocked: null,
      knew_cancel: false,
      error: 'it broke',
      error_kind: 'provider_5xx',
    },
  });
  const others = Array.from({ length: 4 }, (_, at) => connect(database.url, { name: `settler ${at}`, max: 1 }));
  const written = await Promise.all([
    ...others.map((sql) => settleJobs(sql, [end('one')], 5000)),
    settleJobs(database.sql, [end('another lease')], 5000),
  ]);
  await Promise.all(others.map((sql) => sql.end({ timeout: 1 })));
  expect(written.flat()).toEqual([id]);
  expect(await endEvents(database.sql)).toHaveLength(1);
  const entries = await database.sql`select l.kind from sluice.ledger l order by l.id`;
  expect(entries).toEqual([{ kind: 'hold' }, { kind: 'settle' }]);
});

test('a cancellation and news that come during a look are not lost to it', async () => {
  vendor.jobs.set('u1', { state: 'running' });
  vendor.latencyMs = 300;
  const slow = { pace: { firstMs: 60_000, floorMs: 60_000, mostMs: 60_000 } };
  const id = await jobRow(database.sql, vendor.url, { upstream_id: 'u1' });
  start({ habits: slow });
  const asked = (times: number) =>
    eventually(
      () => vendor.asked.length,
      (now) => now === times,
      10_000,
    );
  await asked(1);
  await database.sql`update sluice.jobs set due_at = now()`;
  await asked(2);
  await database.sql`update sluice.jobs set cancel_asked_at = now(), due_at = least(due_at, now())`;
  await eventually(
    () => vendor.cancelled.length,
    (cancelled) => cancelled === 1,
    10_000,
  );
  await eventually(
    async () => (await row(id)).cancel_said,
    (said) => said === 'asked',
    10_000,
  );
  await database.sql`update sluice.jobs set due_at = now()`;
  await until(id, 'cancelled');
});

test('a frozen Postgres: nothing is written, nothing is lost, and looks go on when it is back', async () => {
  const { hostname, port } = new URL(database.url);
  const proxy = await startTcpProxy({ host: hostname, port: Number(port) });
  const thaw = () => {
    for (const way of [proxy.toServer, proxy.toClient]) way.blackHole = false;
  };
  const url = new URL(database.url);
  url.host = `127.0.0.1:${proxy.port}`;
  const sql = connect(url.href, { name: 'frozen', max: 2, silenceMs: 1000 });
  try {
    vendor.jobs.set('u1', { state: 'running' });
    const id = await jobRow(database.sql, vendor.url, { upstream_id: 'u1' });
    const poller = start({ limits: { leaseMs: 3000, callWithinMs: 1000 } }, sql);
    await until(id, 'running');
    for (const way of [proxy.toServer, proxy.toClient]) way.blackHole = true;
    vendor.jobs.set('u1', { state: 'done' });
    await eventually(
      () => poller.faults.length,
      (faults) => faults > 0,
      15_000,
    );
    expect((await row(id)).state).toBe('running');
    thaw();
    await until(id, 'completed');
    expect(await endEvents(database.sql)).toHaveLength(1);
  } finally {
    thaw();
    await Promise.all(pollers.splice(0).map((poller) => poller.stop(500)));
    await sql.end({ timeout: 0 });
    await proxy.close();
  }
});
