import { afterEach, beforeEach, expect } from 'vitest';
import { rearm } from '@/lib/control/verbs/rearm';
import type { BundleProcess } from '../support/bundle-process';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld } from '../support/fault-world';
import { backdate, journalFaults, logTraffic, type TestRollout, testRollout, writeWeights } from '../support/rollout';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { fault } from './fault';

let world: FaultWorld;
let rollout: TestRollout;
let proxy: TcpProxy;
let watchdog: BundleProcess;
/** Lets the write through that the proxy holds. */
let release: () => void;

const decidedWrite = /update public\.feature_flags f set flag_value_text/;

/** A watchdog that has decided to roll back and whose write is under way, but has not arrived. */
beforeEach(async () => {
  [world, rollout] = await Promise.all([faultWorld(), testRollout()]);
  await regression();
  const url = new URL(rollout.database.url);
  proxy = await startTcpProxy({ port: Number(url.port) });
  url.port = String(proxy.port);
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const deciding = new Promise<void>((resolve) => {
    proxy.hold = (chunk) => {
      if (!decidedWrite.test(chunk.toString('latin1'))) return null;
      resolve();
      return held;
    };
  });
  watchdog = await world.watchdog(url.href);
  await deciding;
});
afterEach(async () => {
  release();
  await world.close();
  await proxy.close();
  await rollout.close();
});

async function regression(): Promise<void> {
  await backdate(rollout.sql, 4400);
  await logTraffic(rollout.sql, { provider: 'fal', fromSecondsAgo: 720 });
  await logTraffic(rollout.sql, { fromSecondsAgo: 720, perMinute: 20, failEvery: 3 });
}

const rollbacks = () => rollout.control.journal.list({ limit: 50, verb: 'rollback' });

async function nothingWritten(version: number): Promise<void> {
  expect(await rollout.version()).toBe(version);
  expect(await rollbacks()).toEqual([]);
  const traces = await rollout.sql`
    select 'tick' as what from sluice.ticks
    union all select 'alert ' || kind from sluice.alerts where kind <> 'journal_tampered'
    union all select 'event' from analytics_logs where event_type = 'rollout_rollback'`;
  expect(traces).toEqual([]);
}

fault(
  'F11',
  {
    what: 'Killed between decision and write',
    injected: 'a proxy holds the UPDATE of the decided rollback, then kill -9 of the watchdog',
    expected: 'nothing half-written; another rolls back once from the log',
  },
  async (saw) => {
    const version = await rollout.version();
    await watchdog.kill();
    proxy.reset();
    await nothingWritten(version);
    saw('after the kill: no tick, alert, event, journal row; version unmoved');
    const startedAt = performance.now();
    await world.watchdog(rollout.database.url);
    await eventually(
      () => rollout.stage(),
      (stage) => stage === 'rolled_back',
      20_000,
    );
    expect(await rollbacks()).toHaveLength(1);
    expect(await journalFaults(rollout)).toEqual([]);
    saw(`another rolled back once, ${((performance.now() - startedAt) / 1000).toFixed(1)} s after its start`);
  },
);

fault(
  'F11',
  {
    what: 'Paused for long between decision and write',
    injected:
      'SIGSTOP with the UPDATE under way, for 12 s of the 10 min: past the tick’s deadline, its session’s end and a whole rollback, re-arm and D1 by others',
    expected: 'the late write loses; it is decided anew from fresh data',
  },
  async (saw) => {
    process.kill(watchdog.pid, 'SIGSTOP');
    await world.watchdog(rollout.database.url);
    await eventually(
      () => rollout.stage(),
      (stage) => stage === 'rolled_back',
      25_000,
      50,
    );
    saw('another watchdog rolled back meanwhile');
    await rollout.sql`delete from analytics_logs`;
    await rollout.sql`select sluice.compact()`;
    await rearm(rollout.control, { expectedVersion: await rollout.version(), reason: 'mended', actor: 'operator:ann' });
    await writeWeights(rollout.sql, { fal: 0.9, runware: 0.1 });
    const version = await rollout.version();
    process.kill(watchdog.pid, 'SIGCONT');
    release();
    await watchdog.said(/a tick failed/);
    // The next slot is judged by whoever comes first, from what is true now.
    const before = await ticks();
    await eventually(ticks, (n) => n > before, 20_000, 100);
    expect({ version: await rollout.version(), stage: await rollout.stage() }).toEqual({ version, stage: 'D1' });
    expect(await rollbacks()).toHaveLength(1);
    expect(await journalFaults(rollout)).toEqual([]);
    saw(`the late write failed; still D1 at version ${version} after the next tick`);
  },
);

fault(
  'F11',
  {
    what: 'Paused between decision and write',
    injected: 'the UPDATE is held for 2 s while an operator moves the row to other weights',
    expected: 'the late write loses on version; decided anew in the same tick',
  },
  async (saw) => {
    await writeWeights(rollout.sql, { fal: 0.95, runware: 0.05 });
    const moved = await rollout.version();
    await new Promise((resolve) => setTimeout(resolve, 2000));
    release();
    await eventually(
      () => rollout.stage(),
      (stage) => stage === 'rolled_back',
      20_000,
    );
    const [entry, ...more] = await rollbacks();
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ version_from: moved, actor: 'watchdog' });
    saw(`stale at version ${moved - 1}, judged again and rolled back from version ${moved}, once`);
  },
);

async function ticks(): Promise<number> {
  const [row] = await rollout.sql<{ n: number }[]>`select count(*) as n from sluice.ticks where error is null`;
  return row?.n ?? 0;
}
