import { afterAll, beforeAll, expect } from 'vitest';
import { type TestDataPlane, testDataPlane } from '../support/data-plane';
import { type TestDatabase, testDatabase } from '../support/database';
import { writeWeights } from '../support/rollout';
import { steadyTraffic } from '../support/steady-traffic';
import { fault } from './fault';

let database: TestDatabase;
let plane: TestDataPlane;
beforeAll(async () => {
  database = await testDatabase();
  await writeWeights(database.sql, { fal: 0.5, runware: 0.5 });
  plane = await testDataPlane({ env: { DATABASE_URL: database.url } });
});
afterAll(async () => {
  await plane.close();
  await database.close();
});

const seconds = 15;
const perSecond = 40;

fault(
  'F19',
  {
    what: '100 % 503 at the candidate',
    injected: `${seconds} s instead of 60 s, ${perSecond} requests a second at 50 / 50`,
    expected: '≥ 99.9 % success; breaker opens after 5 in a row; upstream load ≤ 1.1 ×; its failure rate reads 100 %',
  },
  async (saw) => {
    plane.sandbox.control('runware', { failureRate: 1, status: 503 });
    const traffic = steadyTraffic(plane.url, perSecond);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    await traffic.stop();
    await plane.runtime.dataPlane.events.flush();
    const { sql } = database;

    const success = 1 - traffic.failed.length / traffic.sent;
    expect(success).toBeGreaterThanOrEqual(0.999);
    const calls = ['fal', 'runware'] as const;
    const upstream = calls.reduce((sum, name) => sum + (plane.sandbox.counters(name).inference ?? 0), 0);
    expect(upstream / traffic.sent).toBeLessThanOrEqual(1.1);

    const kinds = await sql<{ kind: string }[]>`
      select event_data ->> 'error_kind' as kind from analytics_logs
      where event_type = 'gen_route' and event_data ->> 'provider' = 'runware' order by id`;
    expect(kinds.slice(0, 6).map(({ kind }) => kind)).toEqual([...Array(5).fill('provider_5xx'), 'circuit_open']);

    // The plan's own statement, on first attempts.
    const rates = await sql<{ provider: string; rate: number }[]>`
      select event_data->>'provider' as provider,
             count(*) filter (where event_data->>'error' is not null) * 100.0 / count(*) as rate
      from analytics_logs where event_type = 'gen_route' and created_at >= now() - interval '5 minutes'
        and coalesce((event_data->>'attempt')::int, 1) = 1
      group by 1 order by 1`;
    expect(rates).toEqual([
      { provider: 'fal', rate: 0 },
      { provider: 'runware', rate: 100 },
    ]);
    const probes = kinds.filter(({ kind }) => kind === 'provider_5xx').length - 5;
    expect(probes).toBeLessThanOrEqual(Math.ceil(seconds / 5));
    saw(`${(success * 100).toFixed(2)} % of ${traffic.sent} requests answered`);
    saw(`breaker open after 5, then ${probes} probes; upstream load ${(upstream / traffic.sent).toFixed(3)} ×`);
    saw(`failure rate runware 100 %, fal 0 %`);

    plane.sandbox.control('runware', { failureRate: 0 });
    const healed = performance.now();
    await expect
      .poll(async () => (await (await plane.post('/api/generate', { prompt: 'x' })).json()).provider)
      .toBe('runware');
    saw(`candidate used again ${((performance.now() - healed) / 1000).toFixed(1)} s after it was well`);
  },
);
