import { afterAll, beforeAll, expect } from 'vitest';
import { type TestDataPlane, testDataPlane } from '../support/data-plane';
import { type TestDatabase, testDatabase } from '../support/database';
import { writeWeights } from '../support/rollout';
import { fault } from './fault';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await writeWeights(database.sql, { fal: 0, runware: 1 });
});
afterAll(() => database.close());

interface Counted {
  readonly kind: string | null;
  readonly called: boolean;
  readonly n: number;
}

async function driveFor(plane: TestDataPlane, id: string, ms: number): Promise<number> {
  const until = performance.now() + ms;
  let sent = 0;
  while (performance.now() < until) {
    const answer = await plane.post('/api/generate', { prompt: 'x' }, { 'x-request-id': `${id}-${sent}` });
    expect(answer.status).toBe(200);
    expect((await answer.json()).provider).toBe('fal');
    sent += 1;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return sent;
}

// A pause of 2 s asked for is three calls in 5 s; without one it is a second, six calls.
for (const [retryAfter, pauseMs, runMs] of [
  [2, 2000, 5000],
  [null, 1000, 3000],
] as const) {
  fault(
    'F18',
    {
      what: '429',
      injected: retryAfter === null ? 'without Retry-After' : `with Retry-After: ${retryAfter}`,
      expected: 'respected, counted apart; nobody waits, the breaker stays closed',
    },
    async (saw) => {
      const plane = await testDataPlane({ env: { DATABASE_URL: database.url } });
      plane.sandbox.control('runware', { rateLimit: { retryAfter } });
      const id = `request-f18-${retryAfter}`;
      const sent = await driveFor(plane, id, runMs);
      const calls = plane.sandbox.counters('runware').inference ?? 0;
      expect(calls).toBeGreaterThanOrEqual(2);
      expect(calls).toBeLessThanOrEqual(Math.floor(runMs / pauseMs) + 1);
      expect(plane.runtime.dataPlane.lanes.get('runware')?.breaker.state(performance.now())).toBe('closed');
      await plane.runtime.dataPlane.events.flush();
      expect(plane.runtime.dataPlane.events.depth()).toBe(0);
      await plane.close();
      const rows = await database.sql<Counted[]>`
        select event_data ->> 'error_kind' as kind, event_data -> 'latency_ms' <> 'null' as called, count(*) as n
        from analytics_logs
        where event_type = 'gen_route' and event_data ->> 'request_id' like ${`${id}-%`}
          and event_data ->> 'provider' = 'runware' and event_data ->> 'error' is not null
        group by 1, 2 order by 2`;
      expect(rows).toEqual([
        { kind: 'rate_limited', called: false, n: sent - calls },
        { kind: 'rate_limited', called: true, n: calls },
      ]);
      saw(`${calls} calls in ${runMs / 1000} s for ${sent} requests, all answered by fal; ${sent} rows rate_limited`);
    },
  );
}
