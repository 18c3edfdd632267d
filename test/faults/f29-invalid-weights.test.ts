import { afterAll, beforeAll, expect } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld, type WorldWeb } from '../support/fault-world';
import { backdate, logTraffic, writeWeights } from '../support/rollout';
import { runSluice } from '../support/run-sluice';
import { steadyTraffic } from '../support/steady-traffic';
import { fault } from './fault';

let world: FaultWorld;
let database: TestDatabase;
let web: WorldWeb;

beforeAll(async () => {
  [world, database] = await Promise.all([faultWorld(), testDatabase()]);
  web = await world.web(database.url);
});
afterAll(async () => {
  await world.close();
  await database.close();
});

const what = 'The stored weights are invalid and a process never saw good ones';

/** D3, which the web routes by, and then a row that nobody can use. */
async function spoil(): Promise<void> {
  const { sql } = database;
  await writeWeights(sql, { fal: 0, runware: 1 });
  const [row] = await sql<{ version: number }[]>`
    select version from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  await eventually(web.routes, (version) => version === row?.version, 30_000);
  await sql`alter table feature_flags disable trigger all`;
  await sql`update feature_flags set flag_value_text = '{"fal":2,"runware":1}' where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  const triggers = await sql<{ name: string }[]>`
    select tgname as name from pg_trigger where tgrelid = 'feature_flags'::regclass and not tgisinternal`;
  for (const { name } of triggers) await sql.unsafe(`alter table feature_flags enable always trigger ${name}`);
}

const routed = () => database.sql<{ share: number | null }[]>`
  select (weights ->> 'runware')::float8 as share from sluice.instances where kind = 'web' order by seen_at desc limit 1`;
const stored = async () => {
  const [row] = await database.sql<{ text: string; latched: boolean }[]>`
    select flag_value_text as text, latched_at is not null as latched from feature_flags
    where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  return row;
};

fault(
  'F29',
  {
    what,
    injected: '{"fal":2,"runware":1} past the guard at D3; then a new command line, a new web and its API roll back',
    expected: 'each writes the rollback weights and says so; the web that routed by the last good ones follows',
  },
  async (saw) => {
    await spoil();
    const said = await runSluice(['rollback', '--yes'], { databaseUrl: database.url });
    expect(said).toMatchObject({ code: 0, stdout: expect.stringContaining('rolled back to the baseline') });
    expect(await stored()).toEqual({ text: '{"fal":1,"runware":0}', latched: true });
    const share = async () => (await web.call('GET', '/api/health')).body.providers;
    await eventually(share, (providers) => JSON.stringify(providers).includes('"fal":1,"runware":0'), 20_000);
    saw('command line: exit 0, "rolled back", written, latched, followed');

    await spoil();
    const fresh = await world.web(database.url);
    const answer = await fresh.call('POST', '/api/rollout/rollback', { body: { reason: 'artefacts' } });
    expect(answer.body).toMatchObject({ already: false, mended: expect.stringContaining('0 to 1') });
    expect(await stored()).toMatchObject({ text: '{"fal":1,"runware":0}', latched: true });
    saw('API of a restarted web: already false, written');
    await fresh.stop();
  },
);

fault(
  'F29',
  {
    what,
    injected: 'the same; 100 % failures at the candidate for 12 min; a watchdog that starts only now',
    expected: 'alert; rolled back by what instances route',
  },
  async (saw) => {
    await writeWeights(database.sql, { fal: 0, runware: 1 });
    await eventually(routed, ([first]) => first?.share === 1, 30_000);
    await spoil();
    await backdate(database.sql, 4000);
    await logTraffic(database.sql, { fromSecondsAgo: 720, perMinute: 30, failEvery: 1 });
    world.sandbox.control('runware', { failureRate: 1, status: 503 });
    const traffic = steadyTraffic(web.url, 30);
    const alerts = () => database.sql<{ kind: string }[]>`select kind from sluice.alerts order by id`;
    const isTold = (kind: string) => (told: { kind: string }[]) => told.some((alert) => alert.kind === kind);
    // The web says by itself what it cannot use; a watchdog that rolls back first would leave nothing to say.
    await eventually(alerts, isTold('weights_invalid'), 30_000, 100);
    const watchdog = await world.watchdog(database.url, { env: { SLUICE_TICK_SECONDS: '1' } });
    const tookMs = await eventually(stored, (row) => row?.text === '{"fal":1,"runware":0}', 30_000, 100);
    await traffic.stop();
    world.sandbox.control('runware', { failureRate: 0 });
    expect(await alerts()).toSatisfy(isTold('rolled_back'));
    expect(traffic.failed).toEqual([]);
    saw(`alerted; rolled back ${(tookMs / 1000).toFixed(1)} s after the watchdog started`);
    await watchdog.kill();
  },
);
