import { afterEach, beforeEach, expect, test } from 'vitest';
import { idempotencyStore } from '@/lib/gateway/request/idempotency-store';
import { type TestDatabase, testDatabase } from '@/test/support/database';

let database: TestDatabase;

beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.close());

const key = { keyHash: 'k', bodyHash: 'b', requestId: 'r1' };
const store = () => idempotencyStore(database.sql);

test('a key is claimed once of many at once', async () => {
  const claims = await Promise.all(Array.from({ length: 20 }, (_, i) => store().claim({ ...key, requestId: `r${i}` })));
  const kinds = claims.map((claim) => claim.kind).sort();
  expect(kinds.filter((kind) => kind === 'claimed')).toHaveLength(1);
  expect(kinds.filter((kind) => kind === 'running')).toHaveLength(19);
});

test('many keys asked for at once are each claimed once, in any order and by any process', async () => {
  const stores = [store(), store(), store()];
  const asked = Array.from({ length: 200 }, (_, i) => ({ ...key, keyHash: `k${(i * 37) % 50}`, requestId: `r${i}` }));
  const claims = await Promise.all(asked.map((each, i) => stores[i % stores.length]?.claim(each)));
  const claimed = asked.filter((_, i) => claims[i]?.kind === 'claimed');
  expect(new Set(claimed.map(({ keyHash }) => keyHash)).size).toBe(50);
  expect(claimed).toHaveLength(50);
  await Promise.all(
    claimed.map((each, i) =>
      stores[i % stores.length]?.finish(each, { state: 'done', status: 200, response: { by: each.requestId } }),
    ),
  );
  for (const { keyHash, requestId } of claimed)
    expect(await store().claim({ ...key, keyHash })).toMatchObject({ kind: 'done', response: { by: requestId } });
});

test('the answer is given again, and only for the same body', async () => {
  await store().claim(key);
  await store().finish(key, { state: 'done', status: 200, response: { images: ['a\0'] } });
  expect(await store().claim({ ...key, requestId: 'r2' })).toEqual({
    kind: 'done',
    status: 200,
    response: { images: ['a\ufffd'] },
  });
  expect(await store().claim({ ...key, bodyHash: 'other' })).toEqual({ kind: 'mismatch' });
});

test('an unknown outcome stays unknown', async () => {
  await store().claim(key);
  await store().finish(key, { state: 'unknown', status: 504, response: null });
  expect(await store().claim(key)).toEqual({ kind: 'unknown' });
});

test('a claim whose process is gone becomes unknown, never a second call', async () => {
  await store().claim(key);
  await database.sql`update sluice.idempotency set created_at = now() - interval '3 minutes'`;
  expect(await store().claim({ ...key, requestId: 'r2' })).toEqual({ kind: 'unknown' });
  const [row] = await database.sql<{ state: string }[]>`select state from sluice.idempotency`;
  expect(row?.state).toBe('unknown');
});

test('a released key, and one that is too old, may be used again', async () => {
  await store().claim(key);
  await store().release({ ...key, requestId: 'stranger' });
  expect((await store().claim(key)).kind).toBe('running');
  await store().release(key);
  expect((await store().claim(key)).kind).toBe('claimed');
  await store().finish(key, { state: 'done', status: 200, response: {} });
  await store().release(key);
  await database.sql`update sluice.idempotency set expires_at = now()`;
  expect((await store().claim({ ...key, bodyHash: 'new' })).kind).toBe('claimed');
});

test('an answer whose claim never arrived is kept too', async () => {
  await store().finish(key, { state: 'done', status: 200, response: { a: 1 } });
  expect(await store().claim(key)).toMatchObject({ kind: 'done', response: { a: 1 } });
});

test('a claim does not wait for somebody who is writing the end of its key', async () => {
  await store().claim(key);
  const end = JSON.stringify([{ ...key, state: 'done', status: 200, response: {} }]);
  await database.sql.begin(async (sql) => {
    await sql`select sluice.settle_keys(${end}::text::jsonb, '[]')`;
    expect(await store().claim({ ...key, requestId: 'r2' })).toMatchObject({ kind: 'running' });
  });
  expect(await store().claim({ ...key, requestId: 'r2' })).toMatchObject({ kind: 'done' });
});

test('an answer of megabytes is kept too, and no claim waits for it', async () => {
  const response = { body: 'x'.repeat(5_000_000) };
  const one = store();
  await one.claim(key);
  const finished = one.finish(key, { state: 'done', status: 200, response });
  expect(await one.claim({ ...key, keyHash: 'k2' })).toEqual({ kind: 'claimed' });
  await finished;
  expect(await one.claim(key)).toEqual({ kind: 'done', status: 200, response });
});

test('tidying deletes what nobody will ask for', async () => {
  await store().claim(key);
  await database.sql`update sluice.idempotency set expires_at = now() - interval '1 minute'`;
  const [row] = await database.sql<{ deleted: number }[]>`select sluice.tidy() as deleted`;
  expect(row?.deleted).toBe(1);
});
