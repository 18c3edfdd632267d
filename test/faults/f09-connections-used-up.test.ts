import { afterAll, beforeAll, expect } from 'vitest';
import { connect } from '@/lib/postgres/connection';
import { migrate } from '@/lib/postgres/migrate/migrate';
import type { Sql } from '@/lib/postgres/sql';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld } from '../support/fault-world';
import { type OwnPostgres, ownPostgres } from '../support/own-postgres';
import { backdate, logTraffic, writeWeights } from '../support/rollout';
import { steadyTraffic } from '../support/steady-traffic';
import { fault } from './fault';

let world: FaultWorld;
let postgres: OwnPostgres;
let admin: Sql;
let url: string;

beforeAll(async () => {
  [world, postgres] = await Promise.all([faultWorld(), ownPostgres({ max_connections: 40 })]);
  // Everybody is the same ordinary login, as on Supabase: no connection is kept free for them.
  await postgres.sql`create role app login createrole password 'app'`;
  await postgres.sql`create database app owner app`;
  const at = new URL(postgres.url);
  at.pathname = '/app';
  admin = connect(at.href, { name: 'test', max: 1, silenceMs: null });
  [at.username, at.password] = ['app', 'app'];
  url = at.href;
  await migrate(url);
  await writeWeights(admin, { fal: 1, runware: 0 });
  await writeWeights(admin, { fal: 0.9, runware: 0.1 });
  await backdate(admin, 4400);
});
afterAll(async () => {
  await world.close();
  await admin.end({ timeout: 1 });
  await postgres.close();
});

/** Takes connections until the server has none left, and takes those that become free. */
function hoard(): { readonly refused: () => number; readonly held: () => number; end(): Promise<void> } {
  let [refused, held] = [0, 0];
  let isOver = false;
  const pools = Array.from({ length: 40 }, () => connect(url, { name: 'hoard', max: 1, silenceMs: null }));
  const take = async (sql: Sql) => {
    while (!isOver) {
      try {
        await sql`select 1`;
        held += 1;
        return;
      } catch (error) {
        if ((error as { code?: string }).code === '53300') refused += 1;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  };
  const taking = Promise.all(pools.map(take));
  return {
    refused: () => refused,
    held: () => held,
    async end() {
      isOver = true;
      await taking;
      await Promise.all(pools.map((sql) => sql.end({ timeout: 1 })));
    },
  };
}

fault(
  'F9',
  {
    what: 'max_connections used up by others',
    injected: 'the same ordinary login takes all of max_connections = 40, and each one that becomes free',
    expected: 'the watchdog’s connection is reserved; rollback lands',
  },
  async (saw) => {
    const web = await world.web(url);
    const watchdog = await world.watchdog(url, { env: { SLUICE_TICK_SECONDS: '5' } });
    const ticks = () => admin<{ n: number }[]>`select count(*) as n from sluice.ticks where error is null`;
    await eventually(ticks, ([row]) => (row?.n ?? 0) > 0, 20_000);
    const traffic = steadyTraffic(web.url, 30);
    const others = hoard();
    try {
      await eventually(others.refused, (n) => n > 20, 20_000);
      saw(`${others.held()} connections held by others, the next ones refused with 53300`);
      await logTraffic(admin, { provider: 'fal', fromSecondsAgo: 720 });
      await logTraffic(admin, { fromSecondsAgo: 720, perMinute: 20, failEvery: 3 });
      const rollbacks = () => admin<{ actor: string }[]>`select actor from sluice.journal where verb = 'rollback'`;
      const ms = await eventually(rollbacks, (rows) => rows.length === 1, 20_000, 50);
      expect(await rollbacks()).toEqual([{ actor: 'watchdog' }]);
      saw(`rolled back after ${(ms / 1000).toFixed(1)} s (ticks of 5 s)`);
      const [row] = await admin<{ version: number }[]>`
        select version from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
      saw(`web followed after ${await eventually(web.routes, (version) => version === row?.version, 20_000)} ms`);
    } finally {
      await others.end();
    }
    await traffic.stop();
    expect(traffic.failed).toEqual([]);
    expect(watchdog.output()).not.toMatch(/a tick failed/);
    saw(`0 failed of ${traffic.sent} generations`);
  },
);
