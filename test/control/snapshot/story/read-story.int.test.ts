import { afterAll, beforeAll, expect, it } from 'vitest';
import { readSnapshot } from '@/lib/control/snapshot/read-snapshot';
import { pause } from '@/lib/control/verbs/pause';
import { resume } from '@/lib/control/verbs/resume';
import { backdate, logTraffic, type TestRollout, testRollout, writeWeights } from '@/test/support/rollout';

let rollout: TestRollout;

/** An hour of D1 in which a third of the candidate's requests begin to fail. */
beforeAll(async () => {
  rollout = await testRollout();
  const { sql } = rollout;
  await backdate(sql, 3600);
  await logTraffic(sql, { provider: 'fal', fromSecondsAgo: 900, perMinute: 60, costUsd: 0.02 });
  await logTraffic(sql, { fromSecondsAgo: 900, toSecondsAgo: 200, perMinute: 30, costUsd: 0.01 });
});
afterAll(() => rollout.close());

const read = () => readSnapshot(rollout.control);
const failures = async () => (await read()).red_lines.find(({ metric }) => metric === 'failure_rate');

it('tells of traffic: what failed, who was rescued, how many users, and what the candidate saved', async () => {
  const { sql } = rollout;
  await sql`
    insert into analytics_logs (event_type, event_data, created_at)
    select 'gen_route', jsonb_build_object('request_id', i, 'attempt', a, 'provider', case a when 1 then 'runware' else 'fal' end,
      'user_hash', 'u' || i % 3, 'latency_ms', 900) || case a when 1 then '{"error": "500", "error_kind": "server"}' else '{}' end::jsonb,
      now() - interval '30 seconds'
    from generate_series(1, 4) i, generate_series(1, 2) a where a = 1 or i > 2`;
  const { traffic } = await read();
  expect(traffic).toMatchObject({ window_seconds: 300, failed: 4, rescued: 2, users: 3 });
  expect(traffic.requests).toBeGreaterThan(250);
  // Of the last whole minute, not of the five: the candidate has been still for longer.
  expect(traffic.per_minute).toBeGreaterThan(50);
  expect(traffic.per_minute).toBeLessThan(70);
  // 350 images at half of the baseline's two cents.
  expect(traffic.extra_usd).toBeCloseTo(-3.5, 1);
});

it('counts what was observed since the weights were written: a pause moves nobody', async () => {
  const { control } = rollout;
  const by = async () => ({ actor: 'operator:ann', reason: 'lunch', expectedVersion: await rollout.version() });
  await pause(control, await by());
  expect((await read()).observed).toMatchObject({ since_seconds: 600, total: expect.any(Number) });
  await resume(control, await by());
  expect((await read()).observed.total).toBeGreaterThan(600);
});

it('says until when a breach may stay, and shows in the line what each tick said', async () => {
  await logTraffic(rollout.sql, { fromSecondsAgo: 150, perMinute: 60, failEvery: 3 });
  await rollout.tick();
  await rollout.age(120);
  await rollout.tick();
  const line = await failures();
  expect(line?.verdict).toBe('breach');
  const left = (Date.parse(line?.acts_at ?? '') - Date.now()) / 1000;
  expect(left).toBeGreaterThan(300 - (line?.breached_for_seconds ?? 0) - 20);
  expect(left).toBeLessThan(301);
  expect(line?.trend?.over).toHaveLength(1);
  expect(line?.trend?.values.filter((value) => value !== null).length).toBeGreaterThanOrEqual(2);
  const { story } = await read();
  expect(story.attempts).toMatchObject([{ ended: null, steps: [{ weights: { runware: 0.1 }, stage: 'D1' }] }]);
  expect(story.breaches).toMatchObject([{ arm: 'runware', metric: 'failure_rate', to: null }]);
});

it('keeps the attempt with how it ended, and the breach that a rollback answered is over', async () => {
  await writeWeights(rollout.sql, { fal: 1, runware: 0 });
  await rollout.age(20);
  await rollout.tick();
  const { story, red_lines, plan } = await read();
  expect(story.attempts).toMatchObject([{ ended: { verb: 'sql', stage: 'D1', share: 0.1 } }]);
  expect(story.breaches).toMatchObject([{ metric: 'failure_rate', to: expect.any(String) }]);
  expect(red_lines.every(({ acts_at }) => acts_at === null)).toBe(true);
  expect(plan[0]).toMatchObject({ state: 'future', entered_at: null });
  expect(JSON.stringify({ story, red_lines }).length).toBeLessThan(20_000);
});
