import { expect } from 'vitest';
import { testDataPlane } from '../support/data-plane';
import { eventually } from '../support/eventually';
import { backdate, logTraffic, testRollout } from '../support/rollout';
import { fault } from './fault';

const openAlerts = (sql: import('@/lib/postgres/sql').Sql) => sql<{ kind: string }[]>`
  select kind from sluice.alerts where resolved_at is null order by 1`;

fault(
  'F20',
  {
    what: 'both providers down',
    injected: '503 from both under requests, 20 min of failures in the log, 12 ticks',
    expected: 'fast 503 all-providers-unavailable with Retry-After; weights do not ping-pong; alert',
  },
  async (saw) => {
    const rollout = await testRollout({ fal: 0.5, runware: 0.5 });
    const { sql } = rollout;
    await backdate(sql, 1800);
    for (const provider of ['fal', 'runware']) await logTraffic(sql, { provider, fromSecondsAgo: 1200, failEvery: 1 });
    const plane = await testDataPlane({ env: { DATABASE_URL: rollout.database.url } });
    for (const name of ['fal', 'runware'] as const) plane.sandbox.control(name, { failureRate: 1, status: 503 });
    const before = await rollout.version();
    const times: number[] = [];
    const codes = new Map<string, number>();
    for (let n = 0; n < 60; n += 1) {
      const startedAt = performance.now();
      const answer = await plane.post('/api/generate', { prompt: 'x' });
      const body = await answer.json();
      times.push(performance.now() - startedAt);
      expect(answer.status, JSON.stringify(body)).toBe(503);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      codes.set(body.code, (codes.get(body.code) ?? 0) + 1);
    }
    expect([...codes.keys()]).toEqual(['all-providers-unavailable']);
    const median = times.sort((a, b) => a - b)[30] ?? 0;
    expect(median).toBeLessThan(250);
    const called = (['fal', 'runware'] as const).map((name) => plane.sandbox.counters(name).inference ?? 0);

    for (let n = 0; n < 12; n += 1) {
      expect(await rollout.tick()).toMatchObject({ result: 'decided', action: 'alert' });
      await rollout.age(1000 * 2 ** n);
    }
    expect([await rollout.version(), await rollout.stage()]).toEqual([before, 'D2']);
    const kinds = async () => (await openAlerts(sql)).map(({ kind }) => kind);
    const toldMs = await eventually(kinds, (open) => open.includes('all_providers_down'), 20_000, 100);
    expect(await kinds()).toContain('held_not_acted');
    saw(`60 × 503 with Retry-After, median ${median.toFixed(1)} ms, ${called[0]} + ${called[1]} calls upstream`);
    saw(
      `12 ticks: version unchanged, no rollback; alerts all_providers_down (${(toldMs / 1000).toFixed(1)} s), held_not_acted`,
    );
    await plane.close();
    await rollout.close();
  },
);
