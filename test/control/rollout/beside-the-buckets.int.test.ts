import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRolloutNow } from '@/lib/control/rollout/read-rollout-now';
import { LastAnswers } from '@/lib/log/buckets/metrics-store';
import { buildControls } from '@/lib/process/build-control';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { writeWeights } from '@/test/support/rollout';

let db: TestDatabase;
const facts = { build: 'test', mode: 'live', environmentCostUsd: null } as const;
beforeAll(async () => {
  db = await testDatabase();
  await writeWeights(db.sql, { fal: 1, runware: 0 });
  // A day of the baseline, with a voucher twenty minutes after every twentieth image.
  await db.sql`
    insert into analytics_logs (event_type, event_data, created_at)
    select t.type, jsonb_build_object('provider', 'fal', 'request_id', 'r' || i, 'latency_ms', 1000 + i % 400,
        'cost_per_image', 0.003, 'price_key', 'flux 512x512'),
      now() - interval '25 hours' + i * interval '20 seconds'
    from generate_series(1, 4490) i cross join (values ('gen_route'), ('gen_ok')) t (type)`;
  await db.sql`
    insert into analytics_logs (event_type, event_data, created_at)
    select 'voucher_issued', jsonb_build_object('reason', 'regenerate', 'request_id', 'r' || i),
      now() - interval '25 hours' + i * interval '20 seconds' + interval '20 minutes'
    from generate_series(20, 4300, 20) i`;
  await writeWeights(db.sql, { fal: 0.9, runware: 0.1 });
});
afterAll(() => db.close());

test('a rollout is judged by how long vouchers take, prices and latencies of before, and changes of the weights', async () => {
  const control = buildControls({ sql: db.sql, tickSql: db.sql, ...facts }).first;
  const { beside, row, decision } = await readRolloutNow(control);
  const startMs = row.rolloutStartedAtMs ?? 0;
  const runware = beside.arms.runware;
  expect(runware?.basis.floorMs).toBe(startMs);
  expect(beside.voucherDelays).toEqual([[1200, expect.any(Number)]]);
  expect(beside.reachMs).toBe(1_200_000);
  expect(runware?.pricesBefore).toEqual([
    expect.objectContaining({ key: 'flux 512x512', costNano: (runware?.pricesBefore?.[0]?.priced ?? 0) * 3_000_000 }),
  ]);
  expect(runware?.warning?.sinceMs).toBe(startMs);
  expect(runware?.warning?.quartilesMs).toEqual([expect.any(Number), expect.any(Number), expect.any(Number)]);
  expect(Math.abs((beside.weightsChangedAtMs.at(-1) ?? 0) - startMs)).toBeLessThan(1000);
  expect(decision.action).toEqual({ kind: 'none' });
});

test('what is settled is read once; a write of the weights is seen at once', async () => {
  const control = buildControls({ sql: db.sql, tickSql: db.sql, ...facts }).first;
  const asked: string[] = [];
  const names = ['voucherDelays', 'pricesOf', 'latencyQuartiles', 'voucherRate', 'weightsChanged', 'firstOfUsers'];
  const counted = new Proxy(control.metrics, {
    get(target, name) {
      if (names.includes(String(name))) asked.push(String(name));
      return Reflect.get(target, name);
    },
  });
  await db.sql`alter table feature_flags disable trigger all`;
  await db.sql`update feature_flags set rollout_started_at = rollout_started_at - interval '10 minutes'`;
  await db.sql`alter table feature_flags enable trigger all`;
  const before = await readRolloutNow({ ...control, metrics: counted });
  const first = asked.splice(0);
  expect(first.sort()).toEqual(['latencyQuartiles', 'pricesOf', 'voucherDelays', 'voucherRate', 'weightsChanged']);
  await readRolloutNow({ ...control, metrics: counted });
  expect(asked).toEqual([]);
  await writeWeights(db.sql, { fal: 0.5, runware: 0.5 });
  const { beside } = await readRolloutNow({ ...control, metrics: counted });
  expect(asked).toContain('weightsChanged');
  expect(beside.weightsChangedAtMs.slice(0, -1)).toEqual(before.beside.weightsChangedAtMs);
});

test('an answer is kept once its last rows have come, and only the newest are', async () => {
  const answers = new LastAnswers();
  let asked = 0;
  const ask = (question: number, toMs: number) => answers.to([question], toMs, 100_000, async () => ++asked);
  expect([await ask(1, 40_001), await ask(1, 40_001)]).toEqual([1, 2]);
  expect([await ask(1, 40_000), await ask(1, 40_000)]).toEqual([3, 3]);
  for (let question = 2; question <= 17; question += 1) await ask(question, 0);
  expect(await ask(17, 0)).toBe(19);
  expect(await ask(1, 40_000)).toBe(20);
});
