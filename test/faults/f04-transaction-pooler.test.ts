import { afterAll, beforeAll, expect } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { type FaultWorld, failedTicks, faultWorld } from '../support/fault-world';
import { pgbouncerProgram, startPgbouncer } from '../support/pgbouncer';
import { backdate, logTraffic, writeWeights } from '../support/rollout';
import { steadyTraffic } from '../support/steady-traffic';
import { fault } from './fault';

let world: FaultWorld;
let database: TestDatabase;

beforeAll(async () => {
  [world, database] = await Promise.all([faultWorld(), testDatabase()]);
  await writeWeights(database.sql, { fal: 0.9, runware: 0.1 });
});
afterAll(async () => {
  await world.close();
  await database.close();
});

const program = pgbouncerProgram();

fault(
  'F4',
  {
    what: 'Only a transaction pooler is reachable',
    injected: program
      ? 'PgBouncer, pool_mode = transaction, 2 server connections, in front of 2 web and 2 watchdog processes'
      : 'PgBouncer is not installed here: SLUICE_POOLED=1 on a plain connection, 2 web and 2 watchdog processes',
    expected: 'no prepared statements, no LISTEN, no session locks; one warning; everything works by polling',
  },
  async (saw) => {
    const pooler = program ? await startPgbouncer(program, database.url) : null;
    if (pooler) world.atEnd(() => pooler.stop());
    const url = pooler?.url ?? database.url;
    const env = { SLUICE_TICK_SECONDS: '2', ...(pooler ? {} : { SLUICE_POOLED: '1' }) };
    const webs = await Promise.all([world.web(url, { env }), world.web(url, { env })]);
    const [web] = webs;
    await Promise.all(webs.map((each) => each.said(/pages are ready/)));
    await web.call('POST', '/api/generate', { body: { prompt: 'x' }, headers: { 'idempotency-key': 'one' } });
    const [traffic, replays] = [steadyTraffic(web.url, 20), steadyTraffic(web.url, 5, { 'idempotency-key': 'one' })];
    await writeWeights(database.sql, { fal: 0.85, runware: 0.15 });
    const [row] = await database.sql<{ version: number }[]>`
      select version from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    const followed = await Promise.all(webs.map((each) => eventually(each.routes, (v) => v === row?.version, 20_000)));
    expect(Math.max(...followed)).toBeLessThanOrEqual(2000);
    saw(`2 processes followed a write after ${followed.join(' and ')} ms`);

    const version = async () => {
      const read = await web.call('GET', '/api/rollout');
      expect(read.status, JSON.stringify(read.body)).toBe(200);
      return Number(read.body.version);
    };
    const reason = { body: { reason: 'pooled' } };
    const written = await web.call('PUT', '/api/rollout/weights', {
      body: { weights: { fal: 0.9, runware: 0.1 }, reason: 'pooled' },
      version: await version(),
    });
    expect(written.status, JSON.stringify(written.body)).toBe(200);
    expect((await web.call('POST', '/api/rollout/pause', { ...reason, version: await version() })).status).toBe(200);
    expect((await web.call('POST', '/api/rollout/resume', { ...reason, version: await version() })).status).toBe(200);

    await backdate(database.sql, 3700);
    await logTraffic(database.sql, { provider: 'fal', fromSecondsAgo: 720 });
    await logTraffic(database.sql, { fromSecondsAgo: 720, perMinute: 20, failEvery: 3 });
    const startedAt = performance.now();
    const watchdogs = await Promise.all([world.watchdog(url, { env }), world.watchdog(url, { env })]);
    const rollbacks = async () => {
      const found = await database.sql`select from sluice.journal where verb = 'rollback'`;
      return found.length;
    };
    await eventually(rollbacks, (n) => n === 1, 20_000);
    saw(`2 watchdogs: rolled back once, ${((performance.now() - startedAt) / 1000).toFixed(1)} s after their start`);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(await rollbacks()).toBe(1);
    await Promise.all([traffic.stop(), replays.stop()]);
    expect([...traffic.failed, ...replays.failed]).toEqual([]);

    const held = await database.sql<{ listening: number; locks: number }[]>`
      select (select count(*) from pg_stat_activity where datname = current_database() and query ilike 'listen %') as listening,
        (select count(*) from pg_locks l join pg_stat_activity a using (pid) where l.locktype = 'advisory'
          and a.datname = current_database() and a.state = 'idle') as locks`;
    expect(held).toMatchObject([{ listening: 0, locks: 0 }]);
    const outputs = webs.map((each) => each.output());
    for (const output of outputs) {
      expect(output.match(/transaction pooler, which carries no LISTEN/g)).toHaveLength(1);
      expect(output).not.toMatch(/prepared statement|"level":50/);
    }
    for (const watchdog of watchdogs) {
      expect(watchdog.output()).not.toContain('prepared statement');
      expect(failedTicks(watchdog)).toEqual([]);
    }
    saw(
      `0 of ${traffic.sent} generations and ${replays.sent} replays by key failed; 0 LISTEN, 0 session locks, 1 warning a web process`,
    );
  },
);
