import { afterAll, beforeAll, expect } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld } from '../support/fault-world';
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

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();

for (const minutes of [10, -10]) {
  fault(
    'F34',
    {
      what: "web's clock ± 10 min",
      injected: `${minutes} min; events dated 0, 30 and 55 s ago, undated, and 70 s ago`,
      expected: 'ingested events keep their true time',
    },
    async (saw) => {
      const env = {
        ...{ SLUICE_API_KEYS: 'key-that-generates', SLUICE_EVENT_KEYS: 'key-that-reports' },
        SLUICE_TEST_SHIFT_MS: String(minutes * 60_000),
      };
      const web = await world.web(database.url, { env, preload: 'shift-clock.mjs' });
      const report = (events: object[]) =>
        web.call('POST', '/api/events', { body: { events }, headers: { authorization: 'Bearer key-that-reports' } });
      const event_type = `shop_${minutes > 0 ? 'fast' : 'slow'}`;
      const dated = [0, 30, 55].map((seconds) => ({ event_type, event_data: { seconds }, created_at: ago(seconds) }));
      const sentMs = Date.now();
      const taken = await report([...dated, { event_type, event_data: { seconds: 0 } }]);
      expect([taken.status, taken.body.accepted]).toEqual([202, 4]);
      const tookMs = Date.now() - sentMs;
      const old = await report([{ event_type, created_at: ago(70) }]);
      expect([old.status, JSON.stringify(old.body)]).toEqual([422, expect.stringContaining('more than 60 s ago')]);

      const stored = () => database.sql<{ off: number; backfilled: boolean }[]>`
        select abs(extract(epoch from to_timestamp(${sentMs}::float8 / 1000) - created_at)::float8
          - (event_data ->> 'seconds')::float8) * 1000 as off, event_data ? 'backfilled' as backfilled
        from analytics_logs where event_type = ${event_type}`;
      await eventually(stored, ({ length }) => length === 4, 20_000);
      const rows = await stored();
      const worst = Math.max(...rows.map(({ off }) => off));
      expect(worst).toBeLessThan(tookMs + 1000);
      expect(rows.some(({ backfilled }) => backfilled)).toBe(false);
      saw(`4 of 4 stored, at most ${worst.toFixed(0)} ms from their true time; 70 s ago refused`);
    },
  );
}
