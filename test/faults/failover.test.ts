import { afterAll, beforeAll, expect } from 'vitest';
import { connect } from '@/lib/postgres/connection';
import type { Sql } from '@/lib/postgres/sql';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld, type WorldWeb } from '../support/fault-world';
import { type PostgresPair, postgresPair } from '../support/postgres-pair';
import { backdate, logTraffic, writeWeights } from '../support/rollout';
import { steadyTraffic } from '../support/steady-traffic';
import { fault } from './fault';

let world: FaultWorld;
let pair: PostgresPair;
let web: WorldWeb;

beforeAll(async () => {
  [world, pair] = await Promise.all([faultWorld(), postgresPair({ isSynchronous: true })]);
  await writeWeights(pair.primary, { fal: 1, runware: 0 });
  await writeWeights(pair.primary, { fal: 0.9, runware: 0.1 });
  web = await world.web(pair.url);
});
afterAll(async () => {
  await world.close();
  await pair.close();
});

fault(
  'F45',
  {
    what: 'the primary dies, a standby is promoted',
    injected: 'kill -9 of the primary under 50 requests a second, with a rollback waiting for a lock on it; pg_promote',
    expected:
      '0 failed generations; the rollback lands on the new primary; no acknowledged commit is lost; no version goes back, also when the old primary returns',
  },
  async (saw) => {
    const traffic = steadyTraffic(web.url, 50);
    const versions = watchVersions();
    const writer = acknowledgedWrites(pair.url);
    await eventually(
      () => writer.acknowledged.length,
      (n) => n > 50,
      20_000,
    );

    const { open } = await pendingRollback();
    pair.killPrimary();
    const killedAtMs = performance.now();
    await open;
    expect((await web.call('POST', '/api/rollout/rollback', { body: { reason: 'by hand' } })).status).toBe(503);
    const served = traffic.sent;
    await pair.promote();
    saw(`promoted ${Math.round(performance.now() - killedAtMs)} ms after the kill`);

    // Nobody asks again: the watchdog's own next tick.
    await eventually(stageOnStandby, (stage) => stage === 'rolled_back', 25_000, 50);
    saw(`rolled back by the watchdog ${Math.round(performance.now() - killedAtMs)} ms after the kill`);
    const after = await versionOnStandby();
    await eventually(web.routes, (version) => version === after, 20_000);
    expect(traffic.sent).toBeGreaterThan(served);

    const acknowledged = await writer.stop();
    const kept = new Set((await pair.standby<{ n: number }[]>`select n from acknowledged`).map(({ n }) => n));
    expect(acknowledged.filter((n) => !kept.has(n))).toEqual([]);
    saw(`${acknowledged.length} acknowledged commits, 0 lost`);

    await oldPrimaryReturns(after);
    saw('the old primary came back writable and was followed by nobody');

    await traffic.stop();
    expect(traffic.failed).toEqual([]);
    await eventually(generationsStored, ([rows, requests]) => rows === traffic.sent && requests === rows, 20_000, 100);
    saw(`0 failed of ${traffic.sent} generations, each stored once`);
    const seen = await versions.stop();
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    saw(`versions served: ${[...new Set(seen)].join(' → ')}`);
  },
  120_000,
);

/** A candidate that has failed for eleven minutes, and somebody's open transaction in the way of the rollback. */
async function pendingRollback(): Promise<{ readonly open: Promise<unknown> }> {
  await backdate(pair.primary, 3700);
  world.sandbox.control('runware', { failureRate: 1, status: 500 });
  let locked = () => {};
  const isLocked = new Promise<void>((resolve) => {
    locked = resolve;
  });
  const transaction = pair.primary.begin(async (tx) => {
    await tx`select from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS' for update`;
    locked();
    await tx`select pg_sleep(60)`;
  });
  const open = transaction.catch(() => undefined);
  await isLocked;
  await logTraffic(pair.primary, { fromSecondsAgo: 700, failEvery: 1 });
  await logTraffic(pair.primary, { provider: 'fal', fromSecondsAgo: 700 });
  await world.watchdog(pair.url, { env: { SLUICE_TICK_SECONDS: '2' } });
  await eventually(waitingForTheLock, (n) => n > 0, 20_000);
  return { open };
}

async function waitingForTheLock(): Promise<number> {
  const [row] = await pair.primary<{ n: number }[]>`
    select count(*) as n from pg_stat_activity
    where application_name = 'sluice watchdog tick' and wait_event_type = 'Lock'`;
  return row?.n ?? 0;
}

async function stageOnStandby(): Promise<string | undefined> {
  const [row] = await pair.standby<{ stage: string }[]>`
    select stage from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  return row?.stage;
}

async function versionOnStandby(): Promise<number> {
  const [row] = await pair.standby<{ version: number }[]>`
    select version from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  return row?.version ?? 0;
}

/** Rows of real requests, and how many requests they are: the seeded ones carry no version of the weights. */
async function generationsStored(): Promise<readonly [rows: number, requests: number]> {
  const [row] = await pair.standby<{ rows: number; requests: number }[]>`
    select count(*) as rows, count(distinct event_data->>'request_id') as requests
    from analytics_logs where event_type = 'gen_ok' and event_data ? 'weights_version'`;
  return [row?.rows ?? 0, row?.requests ?? 0];
}

/** Unfenced, it takes writes again; who connects anew must still find the one that was promoted. */
async function oldPrimaryReturns(version: number): Promise<void> {
  await pair.reviveOld();
  await eventually(
    () =>
      pair.primary`select 1`.then(
        () => true,
        () => false,
      ),
    Boolean,
    20_000,
  );
  await pair.standby`
    select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'sluice %' and pid <> pg_backend_pid()
      and application_name not like '%pair test'`;
  await eventually(() => writeWeights(pair.standby, { fal: 0.95, runware: 0.05 }).then(() => true), Boolean, 20_000);
  const next = await versionOnStandby();
  expect(next).toBeGreaterThan(version);
  await eventually(web.routes, (routed) => routed === next, 20_000);
  const here =
    await pair.primary`select from pg_stat_activity where application_name in ('sluice weights', 'sluice events')`;
  expect(here).toHaveLength(0);
}

/** Every version that the web process routes by, in the order it is seen. */
function watchVersions(): { stop(): Promise<number[]> } {
  const seen: number[] = [];
  let isOver = false;
  const run = async () => {
    while (!isOver) {
      const version = await web.routes().catch(() => null);
      if (version !== null) seen.push(version);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const running = run();
  return {
    async stop() {
      isOver = true;
      await running;
      return seen;
    },
  };
}

/** Rows written one after the other through both hosts; those whose commit was acknowledged are kept in mind. */
function acknowledgedWrites(url: string): { readonly acknowledged: number[]; stop(): Promise<number[]> } {
  const sql: Sql = connect(url, { name: 'acknowledged', max: 2, silenceMs: 3000 });
  const acknowledged: number[] = [];
  let isOver = false;
  const run = async () => {
    await sql`create table acknowledged (n integer primary key)`;
    for (let n = 0; !isOver; n += 1) {
      const stored = await sql`insert into acknowledged values (${n})`.then(
        () => true,
        () => false,
      );
      if (stored) acknowledged.push(n);
      await new Promise((resolve) => setTimeout(resolve, stored ? 1 : 20));
    }
    await sql.end({ timeout: 1 });
  };
  const running = run();
  return {
    acknowledged,
    async stop() {
      isOver = true;
      await running;
      return acknowledged;
    },
  };
}
