import { afterAll, beforeAll, expect, it } from 'vitest';
import { readSegments } from '@/lib/charts/segments/read-segments';
import { segmentRows } from '@/lib/charts/segments/segment-rows';
import type { ChartedControl } from '@/lib/charts/series-store';
import { type TestRollout, testRollout } from '@/test/support/rollout';
import { sluiceLines } from '@/test/support/sluice-line';

const sluiceLine = sluiceLines();
let rollout: TestRollout;
let nowMs: number;

/** Two models at each arm; the candidate fails for one of them alone. A pinned and a second attempt count nowhere. */
beforeAll(async () => {
  rollout = await testRollout();
  await rollout.sql`
    insert into analytics_logs (event_type, event_data, created_at)
    select 'gen_route', jsonb_build_object('request_id', 'r' || n, 'attempt', 1, 'provider', arm, 'model', model,
        'latency_ms', 1000 + n, 'cost_per_image', 0.003, 'caller', case when n % 2 = 0 then 'shop' end)
      || case when model = 'slow' and arm = 'runware' and n % 2 = 0 then '{"error": "x", "error_kind": "server"}'
           else '{}' end::jsonb, now() - interval '30 minutes' + n * interval '10 seconds'
    from generate_series(1, 100) n, unnest('{fal,runware}'::text[]) arm, unnest('{quick,slow}'::text[]) model
    union all
    select 'gen_route', jsonb_build_object('provider', 'fal', 'model', 'slow') || more::jsonb, now() - interval '1 minute'
    from unnest(array['{"attempt": 2}', '{"attempt": 1, "pinned": true}', '{"attempt": 1, "backfilled": true}']) more`;
  ({ nowMs } = await rollout.control.flags.readSplit());
});
afterAll(() => rollout.close());

const control = () => rollout.control as ChartedControl;

it('compares the arms in each segment, and counts the chances to be misled', async () => {
  const asked = { by: 'model', fromMs: nowMs - 5 * 86_400_000, toMs: nowMs, value: 'slow' } as const;
  const view = await readSegments(control(), asked);
  expect(Date.parse(view.to) - Date.parse(view.from)).toBe(86_400_000);
  expect(view.segments.map(({ value, requests }) => [value, requests])).toEqual([
    ['quick', { fal: 100, runware: 100 }],
    ['slow', { fal: 100, runware: 100 }],
  ]);
  const verdicts = view.segments.map(({ comparison }) => comparison.find((row) => row.metric === 'failure_rate'));
  expect(verdicts.map((row) => [row?.candidate.value, row?.verdict])).toEqual([
    [0, 'same'],
    [0.5, 'worse'],
  ]);
  const p95 = view.segments[0]?.comparison.find((row) => row.metric === 'p95_latency_ms');
  expect(p95?.candidate.value).toBeGreaterThanOrEqual(1090);
  expect(p95?.candidate.value).toBeLessThanOrEqual(1100);
  expect(view.looks).toBe(6);
  expect(view.by_luck).toBeCloseTo(0.3);
  const points = view.chart?.providers.runware ?? [];
  expect(points.reduce((sum, point) => sum + point.requests, 0)).toBe(100);
  expect(points.some(({ failure_rate }) => (failure_rate ?? 0) > 0.4)).toBe(true);
});

it('says of what is not said, and since when it read', async () => {
  const span = { by: 'caller', fromMs: nowMs - 3_600_000, toMs: nowMs } as const;
  const { segments } = await readSegments(control(), { ...span, value: null });
  expect(segments.map(({ value }) => value)).toEqual(['shop', null]);
  const few = await segmentRows(rollout.sql, 'GEN_PROVIDER_WEIGHTS', span, 103);
  expect(nowMs - few.readFromMs).toBeLessThan(20 * 60_000);
  const cut = { ...control(), series: { ...control().series, segments: async () => few } };
  const { chart } = await readSegments(cut, { ...span, value: 'shop' });
  const charted = Object.values(chart?.providers ?? {}).flat();
  expect(Math.min(...charted.map(({ at }) => Date.parse(at)))).toBeGreaterThanOrEqual(few.readFromMs - 60_000);
  expect(few.rows.reduce((sum, { figures }) => sum + figures[2], 0)).toBe(100);
});

it('is told by the command line with the same warning, and as JSON', async () => {
  const sluice = (...args: string[]) => sluiceLine(['segments', ...args], { databaseUrl: rollout.database.url });
  const { code, stdout } = await sluice('model', '--window', '6h');
  expect(code).toBe(0);
  expect(stdout).toContain('You look at 6 comparisons at once: one of 20 differs by luck alone, of these about 0.3.');
  expect(stdout).toMatch(/^slow +\| fal 100, runware 100 \| .*$/m);
  expect(stdout).toMatch(/failure rate +\| 50 % +\| 0 % +\| runware worse$/m);
  const json = JSON.parse((await sluice('--json')).stdout);
  expect(json).toMatchObject({ by: 'model', looks: 6, segments: [{ value: 'quick' }, { value: 'slow' }] });
  for (const [args, why] of [
    [['colour'], '"colour" is no segment; it must be model, size, caller.'],
    [['--window', '2d'], '--window is "2d"; it must be a duration from 1m to 24h'],
  ] as const) {
    const said = await sluice(...args);
    expect([said.code, said.stderr]).toEqual([2, expect.stringContaining(why)]);
  }
});
