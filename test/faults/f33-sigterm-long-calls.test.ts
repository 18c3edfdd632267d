import { afterAll, beforeAll, expect } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld, type WorldWeb } from '../support/fault-world';
import { writeWeights } from '../support/rollout';
import { fault } from './fault';

let world: FaultWorld;
let database: TestDatabase;
beforeAll(async () => {
  [world, database] = await Promise.all([faultWorld(), testDatabase()]);
  await writeWeights(database.sql, { fal: 1, runware: 0 });
});
afterAll(async () => {
  await world.close();
  await database.close();
});

const expected = 'answered, or an event with `outcome: unknown`; nothing reset without a row';

interface End {
  readonly id: string;
  readonly status: number | string;
  readonly code: unknown;
}

async function ask(web: WorldWeb, id: string, key: boolean): Promise<End> {
  const headers = { 'content-type': 'application/json', 'x-request-id': id, ...(key ? { 'idempotency-key': id } : {}) };
  try {
    const answer = await fetch(`${web.url}/api/generate`, { method: 'POST', headers, body: '{"prompt":"x"}' });
    return { id, status: answer.status, code: ((await answer.json()) as { code?: string }).code };
  } catch (error) {
    return { id, status: String((error as Error).cause ?? error), code: null };
  }
}

/** So many calls under way at the provider, and then the signal. */
async function endAmong(web: WorldWeb, name: string, n: number) {
  // A process that is still loading its pages hears nothing meanwhile.
  await web.said(/pages are ready/);
  const before = world.sandbox.counters('fal').inference ?? 0;
  const asked = Array.from({ length: n }, (_, i) => ask(web, `${name}-${i}`, i % 2 === 0));
  await eventually(
    () => world.sandbox.counters('fal').inference ?? 0,
    (calls) => calls === before + n,
    20_000,
    20,
  );
  const startedAt = performance.now();
  const gone = web.stop();
  await eventually(
    () =>
      fetch(`${web.url}/api/health/live`).then(
        () => 'open',
        () => 'closed',
      ),
    (door) => door === 'closed',
    20_000,
  );
  const ends = await Promise.all(asked);
  await gone;
  return { ends, ms: Math.round(performance.now() - startedAt), code: web.child.exitCode };
}

const rowsOf = (name: string) =>
  database.sql<{ type: string; id: string; kind: string | null; outcome: string | null; error: string | null }[]>`
    select event_type as type, event_data ->> 'request_id' as id, event_data ->> 'error_kind' as kind,
      event_data ->> 'outcome' as outcome, event_data ->> 'error' as error
    from analytics_logs where event_data ->> 'request_id' like ${`${name}-%`}`;

fault(
  'F33',
  { what: 'SIGTERM with long calls in flight', injected: '12 calls of 6 s, the default drain', expected },
  async (saw) => {
    world.sandbox.control('fal', { latencyMs: 6000 });
    const web = await world.web(database.url);
    const { ends, ms, code } = await endAmong(web, 'f33-long', 12);
    expect(ends.map(({ status }) => status)).toEqual(Array(12).fill(200));
    expect(code).toBe(0);
    const rows = await rowsOf('f33-long');
    expect(rows.filter(({ type }) => type === 'gen_ok')).toHaveLength(12);
    saw(`12 of 12 answered; ended ${ms} ms after the signal with code 0; 12 rows`);
  },
);

fault(
  'F33',
  { what: 'SIGTERM with long calls in flight', injected: '12 calls of 20 s, SLUICE_DRAIN_SECONDS=2', expected },
  async (saw) => {
    world.sandbox.control('fal', { latencyMs: 20_000 });
    const web = await world.web(database.url, { env: { SLUICE_DRAIN_SECONDS: '2' } });
    const { ends, ms, code } = await endAmong(web, 'f33-cut', 12);
    expect(ends.map(({ status, code }) => [status, code])).toEqual(Array(12).fill([502, 'provider-outcome-unknown']));
    expect([code, ms < 9000]).toEqual([0, true]);
    const rows = await rowsOf('f33-cut');
    const cut = rows.filter(({ type, kind }) => type === 'gen_local' && kind === 'cut');
    expect([cut.length, new Set(cut.map(({ outcome }) => outcome))]).toEqual([12, new Set(['unknown'])]);
    const failed = rows.filter(({ type, outcome }) => type === 'gen_failed' && outcome === 'unknown');
    expect(failed).toHaveLength(12);
    // Nothing that the plan's own SQL, or a red line, would take for a failure of the provider.
    expect(rows.filter(({ type }) => type === 'gen_route')).toEqual([]);
    const keys = await database.sql<{ state: string }[]>`
      select state from sluice.idempotency where request_id like 'f33-cut-%'`;
    expect(keys.map(({ state }) => state)).toEqual(Array(6).fill('unknown'));
    saw(`12 cut off, each with an answer and an event of unknown outcome; 6 keys unknown; ended after ${ms} ms`);
  },
);
