import { afterAll, beforeAll, expect, it } from 'vitest';
import { callerStore } from '@/lib/registry/callers/caller-store';
import { addCaller, revokeCaller } from '@/lib/registry/callers/callers';
import { type TestDatabase, testDatabase } from '@/test/support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

it('revokes no key of another caller, by its number or with all', async () => {
  const store = callerStore(database.sql);
  const added = (name: string) =>
    addCaller(store, { name, scopes: ['generate'], prefixes: [], ratePerMinute: null, validSeconds: null }, 'ada');
  const [shop, other] = [await added('shop'), await added('other')];
  await expect(revokeCaller(store, 'shop', other.id, 'ada')).rejects.toMatchObject({
    code: 'no-such-caller',
    message: `Nothing was revoked: shop has no key ${other.id} that works.`,
  });
  expect(await revokeCaller(store, 'shop', null, 'ada')).toEqual([shop.id]);
  const rows = await database.sql`select k.caller, k.revoked_at is null as works from sluice.caller_keys k order by 1`;
  expect(rows).toEqual([
    { caller: 'other', works: true },
    { caller: 'shop', works: false },
  ]);
});
