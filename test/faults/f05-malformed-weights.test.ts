import { afterAll, beforeAll, expect } from 'vitest';
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
  // Versions that leave room below them.
  for (const fal of [1, 0.8, 0.9, 1, 0.8, 0.9])
    await writeWeights(database.sql, { fal, runware: Number((1 - fal).toFixed(1)) });
});
afterAll(async () => {
  await world.close();
  await database.close();
});

const malformed = [
  '',
  'D2',
  '[1]',
  '{"fal":0.7,"runware":0.7}',
  '{"fal":0.5,"runwear":0.5}',
  '{"fal":"NaN","runware":1}',
];

interface Health {
  readonly status: string;
  readonly weights: { readonly version: number; readonly rejected: number };
  readonly providers: { readonly config: { readonly weights: Record<string, number> } };
}

fault(
  'F5',
  {
    what: 'Malformed weights get past the guard',
    injected: `triggers disabled as a restored dump does, then ${malformed.length} malformed texts, newer and older versions`,
    expected: 'rejected by readers, last good kept, counted, health degraded, alert; advance refused',
  },
  async (saw) => {
    const { sql } = database;
    const web = await world.web(database.url);
    await world.watchdog(database.url, { env: { SLUICE_TICK_SECONDS: '1' } });
    const health = async () => (await web.call('GET', '/api/health')).body as unknown as Health;
    const good = await health();
    const traffic = steadyTraffic(web.url, 30);

    await sql`alter table feature_flags disable trigger all`;
    for (const [index, text] of malformed.entries()) {
      // A restored dump may also bring an older version back, and a text under the version that is known.
      const step = [1, 0, -3][index % 3] ?? 0;
      await sql`update feature_flags set flag_value_text = ${text}, version = ${good.weights.version + step}
        where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
      await eventually(health, ({ weights }) => weights.rejected === good.weights.rejected + index + 1, 20_000);
      expect(await health()).toMatchObject({
        status: 'degraded',
        weights: { version: good.weights.version },
        providers: { config: { weights: { fal: 0.9, runware: 0.1 } } },
      });
    }
    saw(`${malformed.length} rejected and counted, routing stayed at version ${good.weights.version}, health degraded`);
    const alerts = () => sql<{ n: number }[]>`
      select count(*) as n from sluice.alerts where kind = 'weights_invalid' and resolved_at is null`;
    await eventually(alerts, ([row]) => row?.n === 1, 20_000);
    const { version, blockers } = (await web.call('GET', '/api/rollout')).body as {
      version: number;
      blockers: { code: string }[];
    };
    expect(blockers.map(({ code }) => code)).toContain('alert_unacknowledged');
    const advance = await web.call('POST', '/api/rollout/advance', { body: { to: 'D2', reason: 'x' }, version });
    expect(advance.body).toMatchObject({ status: 409, code: 'gate-closed' });
    saw('alert weights_invalid, advance 409');

    // A person mends it by hand, still without triggers and at an older version: the store is right.
    await sql`update feature_flags set flag_value_text = '{"fal":0.8,"runware":0.2}', version = ${good.weights.version - 2}
      where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    const mended = await eventually(health, ({ providers }) => providers.config.weights.runware === 0.2, 20_000);
    await traffic.stop();
    expect(traffic.failed).toEqual([]);
    saw(`mended by hand at an older version: followed after ${mended} ms; 0 failed of ${traffic.sent} generations`);
    await eventually(alerts, ([row]) => row?.n === 0, 20_000);
  },
);
