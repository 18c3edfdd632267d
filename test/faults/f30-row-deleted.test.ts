import { afterAll, beforeAll, expect } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld } from '../support/fault-world';
import { backdate, logTraffic, writeWeights } from '../support/rollout';
import { steadyTraffic } from '../support/steady-traffic';
import { fault } from './fault';

let world: FaultWorld;
let database: TestDatabase;

beforeAll(async () => {
  [world, database] = await Promise.all([faultWorld(), testDatabase()]);
  await writeWeights(database.sql, { fal: 0, runware: 1 });
  await backdate(database.sql, 4000);
  await writeWeights(database.sql, { fal: 0, runware: 1 });
});
afterAll(async () => {
  await world.close();
  await database.close();
});

interface Row {
  readonly text: string;
  readonly version: number;
  readonly stage: string;
  readonly by: string | null;
}

fault(
  'F30',
  {
    what: 'Flag row deleted at D3 while the candidate fails',
    injected: 'delete at D3; 12 min of failures in the log, 100 % 503 from now on; a tick a second',
    expected: 'alert at once; rolled back as at any other time; the version goes on growing',
  },
  async (saw) => {
    const { sql } = database;
    const row = async () =>
      (
        await sql<Row[]>`
          select flag_value_text as text, version, stage, latched_by as by from feature_flags
          where flag_key = 'GEN_PROVIDER_WEIGHTS'`
      )[0];
    const before = await row();
    const web = await world.web(database.url);
    await eventually(web.routes, (version) => version === before?.version, 30_000);
    const told = () => sql<{ version: number | null }[]>`select version from sluice.instances where kind = 'web'`;
    // What instances route is known by their heartbeats.
    await eventually(told, ([beat]) => beat?.version === before?.version, 30_000, 100);
    await world.watchdog(database.url, { env: { SLUICE_TICK_SECONDS: '1' } });
    const traffic = steadyTraffic(web.url, 30);

    await sql`delete from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    const alerts = () => sql<{ kind: string; detail: string }[]>`select kind, detail from sluice.alerts order by id`;
    const alertMs = await eventually(alerts, (all) => all.some(({ kind }) => kind === 'weights_missing'), 20_000);
    expect((await web.call('GET', '/api/rollout')).body).toMatchObject({
      ...{ stage: 'D3', weights: { fal: 0, runware: 1 }, weights_fault: 'the row was deleted' },
    });
    saw(`alert after ${alertMs} ms, while status says D3 as routed`);

    world.sandbox.control('runware', { failureRate: 1, status: 503 });
    await logTraffic(sql, { fromSecondsAgo: 720, perMinute: 30, failEvery: 1 });
    const backMs = await eventually(row, (now) => now !== undefined, 30_000, 100);
    expect(await row()).toMatchObject({ text: '{"fal":1,"runware":0}', stage: 'rolled_back', by: 'watchdog' });
    expect((await row())?.version).toBeGreaterThan(before?.version ?? 0);
    await eventually(web.routes, (version) => (version ?? 0) > (before?.version ?? 0), 20_000);
    const open = await eventually(
      () => sql<{ n: number }[]>`
        select count(*)::int as n from sluice.alerts where kind = 'weights_missing' and resolved_at is null`,
      ([left]) => left?.n === 0,
      20_000,
    );
    await traffic.stop();
    expect(traffic.failed).toEqual([]);
    saw(
      `rolled back by the watchdog ${(backMs / 1000).toFixed(1)} s after the failures, followed; alert over ${open} ms later`,
    );
    saw(`0 failed of ${traffic.sent} generations`);
  },
);
