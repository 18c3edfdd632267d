import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeBatch } from '@/lib/log/event-writer';
import { testDataPlane } from '@/test/support/data-plane';
import { type TestDatabase, testDatabase } from '@/test/support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const vouchersOf = async (requestId: string) => {
  const [row] = await database.sql<{ n: number }[]>`
    select count(*) as n from analytics_logs
    where event_type = 'voucher_issued' and event_data ->> 'request_id' = ${requestId}`;
  return row?.n;
};
const voucher = (once: string) => ({
  event_type: 'voucher_issued',
  event_data: { reason: 'regenerate', request_id: once },
  age_ms: 0,
  once,
});

it('issues one voucher for a request, whichever of two processes is asked, both at once', async () => {
  const planes = await Promise.all([1, 2].map(() => testDataPlane({ env: { DATABASE_URL: database.url } })));
  const served = await planes[0]?.post('/api/generate', { prompt: 'x' }, { 'x-request-id': 'served-by-one' });
  expect(served?.status).toBe(200);
  await planes[0]?.runtime.dataPlane.events.flush();
  const asked = Array.from({ length: 10 }, (_, n) =>
    planes[n % 2]?.post('/api/vouchers', { request_id: 'served-by-one' }),
  );
  const statuses = (await Promise.all(asked)).map((answer) => answer?.status);
  expect(statuses.filter((status) => status === 201)).toHaveLength(1);
  expect(statuses.filter((status) => status === 200)).toHaveLength(9);
  for (const plane of planes) await plane.close();
  expect(await vouchersOf('served-by-one')).toBe(1);
});

it('counts once what was issued by two processes while the store was away', async () => {
  const row = { event_type: 'gen_ok', event_data: {}, age_ms: 0 };
  expect(await writeBatch(database.sql, randomUUID(), [row, voucher('a'), voucher('a'), voucher('b')])).toMatchObject({
    stored: 3,
  });
  expect(await writeBatch(database.sql, randomUUID(), [voucher('b'), voucher('a')])).toMatchObject({ stored: 0 });
  const id = randomUUID();
  const sent = await Promise.all([1, 2, 3].map(() => writeBatch(database.sql, id, [row, voucher('d')])));
  expect(sent.map(({ stored }) => stored).sort()).toEqual([0, 0, 2]);
  expect(await writeBatch(database.sql, id, [row, voucher('d')])).toMatchObject({ stored: 0, isRepeat: true });
  expect(await vouchersOf('d')).toBe(1);
  expect([await vouchersOf('a'), await vouchersOf('b')]).toEqual([1, 1]);
});

it('loses no voucher beside a poisonous event', async () => {
  const poisonous = { event_type: 'gen_ok', event_data: {}, age_ms: 'old' as unknown as number };
  expect(await writeBatch(database.sql, randomUUID(), [poisonous, voucher('c'), voucher('b')])).toMatchObject({
    rejected: 1,
  });
  expect([await vouchersOf('c'), await vouchersOf('b')]).toEqual([1, 1]);
});
