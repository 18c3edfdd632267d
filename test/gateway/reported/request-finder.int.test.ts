import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { requestFinder } from '@/lib/gateway/reported/request-finder';
import { writeBatch } from '@/lib/log/event-writer';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { addSplit } from '@/test/support/splits';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await addSplit(database.sql, { key: 'ART_WEIGHTS', slug: 'art', arms: { old: 'runware', new: 'fal' } });
});
afterAll(() => database.close());

it('takes a gen_ok row for one of the first split, whatever it says of a split', async () => {
  const event = (event_type: string, request_id: string) => ({
    ...{ event_type, age_ms: 0 },
    event_data: { request_id, provider: 'fal', arm: 'new', caller: 'shop', split: 'ART_WEIGHTS' },
  });
  const rows = [event('gen_ok', 'of-the-first'), event('split_ok', 'of-another')];
  expect(await writeBatch(database.sql, randomUUID(), rows)).toMatchObject({ stored: 2 });
  const found = await requestFinder(database.sql).find(['of-the-first', 'of-another', 'of-nobody'], 'shop');
  expect([...found.keys()].sort()).toEqual(['of-another', 'of-the-first']);
  expect(found.get('of-the-first')?.split).toBe('GEN_PROVIDER_WEIGHTS');
  expect(found.get('of-another')).toMatchObject({ split: 'ART_WEIGHTS', arm: 'new', provider: 'fal' });
});
