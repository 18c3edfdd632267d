import { request as ask, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld, type WorldWeb } from '../support/fault-world';
import { backdate, logTraffic, writeWeights } from '../support/rollout';

let world: FaultWorld;
let database: TestDatabase;
let webs: readonly WorldWeb[];
let balancer: Server;
let url: string;

beforeAll(async () => {
  [world, database] = await Promise.all([faultWorld(), testDatabase()]);
  await writeWeights(database.sql, { fal: 0.9, runware: 0.1 });
  webs = await Promise.all([1, 2, 3, 4].map(() => world.web(database.url)));
  balancer = roundRobin(webs.map((web) => web.url));
  await new Promise<void>((done) => balancer.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(balancer.address() as AddressInfo).port}`;
});
afterAll(async () => {
  balancer.closeAllConnections();
  await new Promise((done) => balancer.close(done));
  await world.close();
  await database.close();
});

/** Each request to the next of them, as a load balancer without stickiness does. */
function roundRobin(targets: readonly string[]): Server {
  let next = 0;
  return createServer((incoming, outgoing) => {
    const target = new URL(incoming.url ?? '/', targets[next++ % targets.length]);
    const { host: _, ...headers } = incoming.headers;
    const onward = ask(target, { method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
}

/** The provider that served each request. */
async function generate(count: number, lanes: number): Promise<string[]> {
  const served: string[] = [];
  let sent = 0;
  const lane = async () => {
    while (sent++ < count) {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${url}/api/generate`, { method: 'POST', headers, body: '{"prompt":"x"}' });
      const { provider } = (await answer.json()) as { provider: string };
      served.push(provider);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return served;
}

describe('4 web processes and 2 watchdogs on one Postgres', () => {
  test('split 1,000 requests within 8 of exact, whichever process is asked', async () => {
    const served = await generate(1000, 16);
    const toCandidate = served.filter((provider) => provider === 'runware').length;
    expect(served).toHaveLength(1000);
    expect(Math.abs(toCandidate - 100)).toBeLessThanOrEqual(8);
    const assigned = () => database.sql<{ provider: string; n: number }[]>`
      select a.key as provider, sum(a.value::int)::int as n
      from sluice.instances i cross join lateral jsonb_each_text(i.assigned) a group by 1`;
    // As each process says with its next heartbeat.
    await eventually(assigned, ({ length }) => length > 0, 30_000, 100);
    console.info(`${toCandidate} of 1,000 requests at the candidate`);
  });

  test('reach one decision for each slot, and roll back once', async () => {
    const { sql } = database;
    await backdate(sql, 3700);
    await logTraffic(sql, { fromSecondsAgo: 1800, perMinute: 60, failEvery: 2 });
    await logTraffic(sql, { provider: 'fal', fromSecondsAgo: 1800, perMinute: 60 });
    const env = { SLUICE_TICK_SECONDS: '1' };
    await Promise.all([1, 2].map(() => world.watchdog(database.url, { env })));
    const ticks = async () => {
      const [row] = await sql<{ slots: number; rows: number; by: number }[]>`
        select count(distinct t.slot)::int as slots, count(*)::int as rows, count(distinct t.by)::int as by
        from sluice.ticks t where t.error is null`;
      return row ?? { slots: 0, rows: 0, by: 0 };
    };
    await eventually(ticks, ({ slots }) => slots >= 5, 20_000, 200);
    const { slots, rows } = await ticks();
    expect(rows).toBe(slots);
    const rollbacks = await sql<{ version: number }[]>`
      select j.version from sluice.journal j where j.verb = 'rollback' and j.actor = 'watchdog'`;
    expect(rollbacks).toHaveLength(1);
    const routed = async () => Promise.all(webs.map((web) => web.routes()));
    await eventually(routed, (versions) => versions.every((each) => each === rollbacks[0]?.version), 20_000, 50);
    expect(new Set(await generate(40, 4))).toEqual(new Set(['fal']));
  });
});
