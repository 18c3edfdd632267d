import { afterAll, beforeAll, expect } from 'vitest';
import { type TestDataPlane, testDataPlane } from '../support/data-plane';
import { eventually } from '../support/eventually';
import { backdate, type TestRollout, testRollout } from '../support/rollout';
import { fault } from './fault';

const callers = 600;
const connections = 30;
const latencyMs = 700;

let rollout: TestRollout;
let plane: TestDataPlane;
beforeAll(async () => {
  rollout = await testRollout({ fal: 0, runware: 1 });
  plane = await testDataPlane({
    env: {
      DATABASE_URL: rollout.database.url,
      SLUICE_PROVIDER_CONNECTIONS: String(connections),
      SLUICE_QUEUE_TIMEOUT_MS: '60000',
    },
  });
});
afterAll(async () => {
  await plane.close();
  await rollout.close();
});

/** What was measured, as if it had gone on for 20 minutes; `waiting` adds our own queue, as a clock in the wrong place would. */
async function goOn({ sql }: TestRollout, from: TestRollout, waiting: boolean): Promise<void> {
  const rows = await from.sql<{ latency: number }[]>`
    select (event_data ->> 'latency_ms')::float8
      + case when ${waiting} then coalesce((event_data ->> 'queued_ms')::float8, 0) else 0 end as latency
    from analytics_logs where event_type = 'gen_route' and event_data ? 'request_id'`;
  await backdate(sql, 1800);
  await sql`
    insert into analytics_logs (event_type, event_data, created_at, arrived_at)
    select 'gen_route', jsonb_build_object('attempt', 1, 'provider', 'runware', 'assigned', 'runware', 'images', 1,
      'latency_ms', (${`{${rows.map(({ latency }) => latency).join(',')}}`}::text::float8[])[1 + (i * 7) % ${rows.length}::int]),
      now() - make_interval(secs => i), now() - make_interval(secs => i)
    from generate_series(1, 1200) i`;
}

fault(
  'F32',
  {
    what: 'more callers than connections to a provider',
    injected: `${callers} callers at once, ${connections} connections, runware answers after ${latencyMs} ms, constantly`,
    expected: 'its latency is its own; our waiting is said, alerts, never rolls back',
  },
  async (saw) => {
    plane.sandbox.control('runware', { latencyMs });
    const asks = Array.from({ length: callers }, () => plane.post('/api/generate', { prompt: 'x' }));
    const statuses = (await Promise.all(asks)).map(({ status }) => status);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    const { sql } = rollout;
    const stored = async () =>
      (await sql<{ n: number }[]>`select count(*)::int as n from analytics_logs where event_type = 'gen_route'`)[0]?.n;
    await eventually(stored, (n) => n === callers, 20_000, 100);

    // The plan's own statement.
    const [p95] = await sql<{ provider: string; p95: number }[]>`
      select event_data->>'provider' as provider,
        percentile_cont(0.95) within group (order by (event_data->>'latency_ms')::numeric)::float8 as p95
      from analytics_logs where event_type = 'gen_route' and created_at >= now() - interval '5 minutes' group by 1`;
    const [queue] = await sql<{ n: number; longest: number }[]>`
      select count(*)::int as n, max((event_data ->> 'queued_ms')::float8) as longest
      from analytics_logs where event_type = 'gen_route' and event_data ? 'queued_ms'`;
    expect(p95?.p95).toBeGreaterThanOrEqual(latencyMs - 10);
    expect(p95?.p95).toBeLessThan(4000);
    expect(queue?.n).toBe(callers - connections);
    expect(queue?.longest).toBeGreaterThan(8000);
    saw(`${callers} answered; p95 of runware ${Math.round(p95?.p95 ?? 0)} ms`);
    saw(`${queue?.n} waited for a connection, up to ${Math.round(queue?.longest ?? 0)} ms`);

    const health = await (await fetch(`${plane.url}/api/health`)).json();
    const said = health.checks.find(({ name }: { name: string }) => name === 'calls');
    expect(said).toMatchObject({ ok: false, detail: expect.stringContaining(`all ${connections} connections`) });
    await expect
      .poll(async () => (await sql`select kind from sluice.alerts where resolved_at is null`).map(({ kind }) => kind))
      .toContain('connections_full');
    saw(`health and alert: ${said.detail}`);

    await goOn(rollout, rollout, false);
    const outcome = await rollout.tick();
    expect(outcome).toMatchObject({ result: 'decided' });
    expect((outcome as { action: string }).action).not.toBe('rollback');
    expect(await rollout.stage()).toBe('D3');
    // The same callers with our queue counted as the provider's time: what the rule would have done.
    const blamed = await testRollout({ fal: 0, runware: 1 });
    await goOn(blamed, rollout, true);
    expect(await blamed.tick()).toMatchObject({ result: 'decided', action: 'rollback' });
    await blamed.close();
    saw('20 minutes of it: no rollback; with our queue counted as its time it would have been one');
  },
);
