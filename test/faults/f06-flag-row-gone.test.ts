import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld } from '../support/fault-world';
import { writeWeights } from '../support/rollout';
import { steadyTraffic } from '../support/steady-traffic';
import { fault } from './fault';

let world: FaultWorld;
let database: TestDatabase;

beforeAll(async () => {
  [world, database] = await Promise.all([faultWorld(), testDatabase()]);
});
afterAll(async () => {
  await world.close();
  await database.close();
});
beforeEach(() => writeWeights(database.sql, { fal: 0.5, runware: 0.5 }));

fault(
  'F6',
  {
    what: 'Flag row deleted; table locked by a migration',
    injected: 'delete; then lock table … in access exclusive mode for 6 s by a session at work',
    expected: 'last good kept, 0 failed generations; the lock piles up no sessions; followed when it is gone',
  },
  async (saw) => {
    const { sql } = database;
    const web = await world.web(database.url);
    const traffic = steadyTraffic(web.url, 30);
    const kept = await web.routes();
    const check = async () => {
      const checks = (await web.call('GET', '/api/health')).body.checks as { name: string; ok: boolean }[];
      return checks.find(({ name }) => name === 'weights')?.ok;
    };
    await sql`delete from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    await eventually(check, (ok) => ok === false, 20_000);
    expect(await web.routes()).toBe(kept);
    await writeWeights(sql, { fal: 0.5, runware: 0.5 });
    saw(
      `deleted: last good kept, health says so; made again: followed after ${await eventually(check, (ok) => ok === true, 20_000)} ms`,
    );

    const migration = sql.begin(async (tx) => {
      await tx`lock table feature_flags in access exclusive mode`;
      await tx`select pg_sleep(6)`;
    });
    let most = 0;
    const look = setInterval(async () => {
      const [row] = await sql<{ n: number }[]>`
        select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      most = Math.max(most, row?.n ?? 0);
    }, 200);
    await migration;
    clearInterval(look);
    await writeWeights(sql, { fal: 0.4, runware: 0.6 });
    const [row] = await sql<{ version: number }[]>`
      select version from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    const followed = await eventually(web.routes, (version) => version === row?.version, 20_000);
    await traffic.stop();
    expect(traffic.failed).toEqual([]);
    expect(most).toBeLessThanOrEqual(8);
    saw(
      `locked 6 s: at most ${most} sessions waited; followed ${followed} ms after; 0 failed of ${traffic.sent} generations`,
    );
  },
);

fault(
  'F6',
  {
    what: 'Flag row deleted; table locked by a migration',
    injected: 'cold start without row or file',
    expected: 'baseline 100 %',
  },
  async (saw) => {
    await database.sql`delete from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    const web = await world.web(database.url);
    const providers = new Set<unknown>();
    for (let n = 0; n < 100; n += 1) {
      providers.add((await web.call('POST', '/api/generate', { body: { prompt: 'x' } })).body.provider);
    }
    expect([...providers]).toEqual(['fal']);
    const { status, weights } = (await web.call('GET', '/api/health')).body;
    expect({ status, weights }).toMatchObject({ status: 'degraded', weights: { source: 'default' } });
    saw('100 of 100 at the baseline; health degraded');
  },
);
