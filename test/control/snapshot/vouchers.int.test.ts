import { afterEach, beforeEach, expect, it } from 'vitest';
import { readSnapshot } from '@/lib/control/snapshot/read-snapshot';
import { backdate, logTraffic, type TestRollout, testRollout } from '@/test/support/rollout';

let rollout: TestRollout;

beforeEach(async () => {
  rollout = await testRollout();
  await backdate(rollout.sql, 1800);
  await logTraffic(rollout.sql, { fromSecondsAgo: 1500, perMinute: 10 });
  await logTraffic(rollout.sql, { provider: 'fal', fromSecondsAgo: 1500, perMinute: 30 });
});
afterEach(() => rollout.close());

/** Of what FAL made the day before, so many came back forty minutes later. */
const vouchers = (count: number) => rollout.sql`
  with made as (
    insert into analytics_logs (event_type, event_data, created_at, arrived_at)
    select 'gen_ok', jsonb_build_object('request_id', 'old ' || i, 'provider', 'fal'), at, at
    from generate_series(1, ${count}::int) i, lateral (select now() - interval '1 day' + i * interval '1 second' as at) t
    returning event_data ->> 'request_id' as id, created_at)
  insert into analytics_logs (event_type, event_data, created_at, arrived_at)
  select 'voucher_issued', jsonb_build_object('request_id', id, 'reason', 'regenerate'),
    created_at + interval '40 minutes', created_at + interval '40 minutes' from made`;

const voucherLine = async () =>
  (await readSnapshot(rollout.control)).red_lines.find(({ metric }) => metric === 'regenerate_voucher_rate');

it('counts what can have come back once it is known how long vouchers take, and says how long that is', async () => {
  await vouchers(25);
  const line = await voucherLine();
  expect(line).toMatchObject({ n: 0, exposure: { known_vouchers: 25 } });
  expect(line?.exposure?.median_delay_seconds).toBeGreaterThanOrEqual(2400);
  expect(line?.exposure?.median_delay_seconds).toBeLessThan(2430);
});

it('counts all there is where too few vouchers tell how long they take', async () => {
  await vouchers(19);
  const line = await voucherLine();
  expect(line?.exposure).toBeNull();
  expect(line?.n).toBeGreaterThan(240);
});
