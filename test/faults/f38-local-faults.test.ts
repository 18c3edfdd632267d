import { execFileSync, spawnSync } from 'node:child_process';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDataPlane } from '../support/data-plane';
import { type TestDatabase, testDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld, type WorldWeb } from '../support/fault-world';
import { writeWeights } from '../support/rollout';
import { fault } from './fault';

let world: FaultWorld;
let database: TestDatabase;
beforeAll(async () => {
  [world, database] = await Promise.all([faultWorld(), testDatabase()]);
  await writeWeights(database.sql, { fal: 0.5, runware: 0.5 });
});
afterAll(async () => {
  await world.close();
  await database.close();
});

const expected = "own kind, not the provider's failure; an event for each, an alert; no breaker opens";
const providers = ['fal', 'runware'] as const;

/** The plan's own statement, for every provider together. */
async function failureRate(): Promise<number> {
  const [row] = await database.sql<{ rate: number | null }[]>`
    select (count(*) filter (where event_data->>'error' is not null) * 100.0 / nullif(count(*), 0))::float8 as rate
    from analytics_logs where event_type = 'gen_route' and created_at >= now() - interval '5 minutes'`;
  return row?.rate ?? 0;
}

const localRows = (name: string) =>
  database.sql<{ id: string; kind: string; error: string }[]>`
    select event_data ->> 'request_id' as id, event_data ->> 'error_kind' as kind, event_data ->> 'error' as error
    from analytics_logs where event_type = 'gen_local' and event_data ->> 'request_id' like ${`${name}-%`}`;

const openAlerts = async () =>
  (await database.sql`select kind from sluice.alerts where resolved_at is null`).map((row) => row.kind);

/** Every number below is taken, so that nothing more can be opened; what is open stays open. */
function limitFiles(web: WorldWeb, soft: number | 'hard'): void {
  const [hard = ''] = execFileSync('prlimit', ['--nofile', '--pid', String(web.pid), '-o', 'HARD', '--noheadings'])
    .toString()
    .trim()
    .split(/\s/);
  execFileSync('prlimit', [`--nofile=${soft === 'hard' ? hard : soft}:${hard}`, '--pid', String(web.pid)]);
}

const canLimit = spawnSync('prlimit', ['--version']).status === 0;
if (!canLimit) it.skip('F38 own EMFILE (skipped: there is no prlimit here)', () => undefined);
else {
  fault(
    'F38',
    {
      what: 'own EMFILE',
      injected: 'no file descriptor left in the web process, 20 callers on open connections',
      expected,
    },
    async (saw) => {
      const web = await world.web(database.url);
      const dispatcher = new Agent({ connections: 20, pipelining: 1, keepAliveTimeout: 60_000 });
      const ask = async (id: string) => {
        const headers = { 'content-type': 'application/json', 'x-request-id': id };
        const answer = await request(`${web.url}/api/generate`, {
          method: 'POST',
          headers,
          body: '{"prompt":"x"}',
          dispatcher,
        });
        return {
          status: answer.statusCode,
          headers: answer.headers,
          body: (await answer.body.json()) as { code?: string },
        };
      };
      const all = (name: string) => Promise.all(Array.from({ length: 20 }, (_, i) => ask(`${name}-${i}`)));
      for (const name of providers) world.sandbox.control(name, { latencyMs: 300 });
      expect((await all('f38-warm')).map(({ status }) => status)).toEqual(Array(20).fill(200));
      // The connections to the providers are kept for four seconds; the callers' own stay.
      await new Promise((resolve) => setTimeout(resolve, 6000));
      limitFiles(web, 10);
      const answers = await all('f38-emfile');
      limitFiles(web, 'hard');
      const refused = answers.filter(({ status }) => status !== 200);
      expect(refused.length).toBeGreaterThan(10);
      for (const { status, body, headers } of refused) {
        expect([status, body.code, headers['retry-after']]).toEqual([503, 'local-fault', '2']);
      }
      expect((await all('f38-after')).map(({ status }) => status)).toEqual(Array(20).fill(200));
      const rows = await eventually(
        () => localRows('f38-emfile'),
        (found) => new Set(found.map(({ id }) => id)).size >= refused.length,
        20_000,
        50,
      ).then(() => localRows('f38-emfile'));
      expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set(['local']));
      expect(rows[0]?.error).toBe('this machine could not reach the provider (EMFILE)');
      expect(await failureRate()).toBe(0);
      await eventually(openAlerts, (kinds) => kinds.includes('local_faults'), 20_000, 100);
      saw(
        `${refused.length} of 20 got 503 local-fault, ${rows.length} gen_local rows; failure rate of the providers 0 %`,
      );
      saw('alert local_faults; the next 20 answered at once');
      await dispatcher.destroy();
      await web.stop();
    },
  );
}

fault(
  'F38',
  { what: 'no name resolves', injected: 'both base URLs under .invalid, 12 requests', expected },
  async (saw) => {
    const plane = await testDataPlane({
      env: {
        DATABASE_URL: database.url,
        FAL_BASE_URL: 'http://fal.invalid',
        RUNWARE_BASE_URL: 'http://runware.invalid',
      },
    });
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        plane.post('/api/generate', { prompt: 'x' }, { 'x-request-id': `f38-dns-${i}` }),
      ),
    );
    const codes = await Promise.all(answers.map(async (answer) => [answer.status, (await answer.json()).code]));
    expect(codes).toEqual(Array(12).fill([503, 'local-fault']));
    await plane.runtime.dataPlane.events.flush();
    const rows = await localRows('f38-dns');
    expect(new Set(rows.map(({ id }) => id)).size).toBe(12);
    expect(rows[0]?.error).toMatch(/^no name of a provider resolves here \(E\w+\)$/);
    expect(await failureRate()).toBe(0);
    const states = [...plane.runtime.dataPlane.lanes.values()].map(({ breaker }) => breaker.state(performance.now()));
    expect(states).toEqual(['closed', 'closed']);
    await plane.close();
    saw(`12 got 503 local-fault, ${rows.length} gen_local rows, breakers closed, failure rate 0 %`);
  },
);
