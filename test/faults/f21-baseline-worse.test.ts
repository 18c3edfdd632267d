import { expect } from 'vitest';
import { backdate, logTraffic, type Traffic, testRollout } from '../support/rollout';
import { fault } from './fault';

type Shape = Omit<Traffic, 'provider' | 'fromSecondsAgo'>;

const lines: readonly (readonly [string, Shape, Shape])[] = [
  ['failure_rate', { failEvery: 4 }, { failEvery: 2 }],
  ['p95_latency_ms', { latencyMs: 9000 }, { latencyMs: 12_000 }],
];

for (const [metric, candidate, baseline] of lines) {
  fault(
    'F21',
    {
      what: 'the baseline is worse on the same line',
      injected: `20 min of ${metric}: runware ${JSON.stringify(candidate)}, fal ${JSON.stringify(baseline)}; 6 ticks`,
      expected: 'no rollback, alert',
    },
    async (saw) => {
      const rollout = await testRollout({ fal: 0.5, runware: 0.5 });
      const { sql } = rollout;
      await backdate(sql, 1800);
      await logTraffic(sql, { fromSecondsAgo: 1200, ...candidate });
      await logTraffic(sql, { provider: 'fal', fromSecondsAgo: 1200, ...baseline });
      const before = await rollout.version();
      for (let n = 0; n < 6; n += 1) {
        const outcome = await rollout.tick();
        expect(outcome).toMatchObject({ result: 'decided', action: 'alert' });
        await rollout.age(1000 * 2 ** n);
      }
      expect(await rollout.version()).toBe(before);
      const alerts = await sql<{ kind: string; detail: string }[]>`
        select kind, detail from sluice.alerts where resolved_at is null and params ->> 'key' = ${metric} order by 1`;
      expect(alerts.map(({ kind }) => kind)).toEqual(['breach_begun', 'held_not_acted']);
      saw(`held in 6 ticks, no rollback; alert: ${alerts[1]?.detail.slice(0, 120)}`);

      // The same candidate beside a healthy baseline is rolled back: nothing else held the rule up.
      const other = await testRollout({ fal: 0.5, runware: 0.5 });
      await backdate(other.sql, 1800);
      await logTraffic(other.sql, { fromSecondsAgo: 1200, ...candidate });
      await logTraffic(other.sql, { provider: 'fal', fromSecondsAgo: 1200 });
      expect(await other.tick()).toMatchObject({ result: 'decided', action: 'rollback' });
      saw('beside a healthy baseline the same candidate is rolled back at once');
      await other.close();
      await rollout.close();
    },
  );
}
