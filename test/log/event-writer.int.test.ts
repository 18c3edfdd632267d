import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { writeBatch } from '@/lib/log/event-writer';
import type { StoredEvent } from '@/lib/log/stored-event';
import { type TestDatabase, testDatabase } from '@/test/support/database';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.sql`truncate analytics_logs, sluice.rejected_events, sluice.batches`;
});

const event = (data: StoredEvent['event_data'] = { provider: 'fal' }, age_ms = 0): StoredEvent => ({
  event_type: 'gen_route',
  event_data: data,
  age_ms,
});
const count = async () => (await db.sql`select count(*)::int as n from analytics_logs`)[0]?.n;

test('a batch is stored, each event at the database’s now less its age', async () => {
  expect(await writeBatch(db.sql, randomUUID(), [event({}, 0), event({}, 90_000), event({}, -5000)])).toEqual({
    stored: 3,
    isRepeat: false,
    rejected: 0,
  });
  const rows = await db.sql`
    select round(extract(epoch from max(created_at) over () - created_at))::int as age, created_at <= clock_timestamp() as is_past
    from analytics_logs order by created_at`;
  expect(rows).toEqual([
    { age: 90, is_past: true },
    { age: 0, is_past: true },
    { age: 0, is_past: true },
  ]);
});

test('a batch sent twice, or twice at once, is stored once', async () => {
  const id = randomUUID();
  const all = await Promise.all([1, 2, 3].map(() => writeBatch(db.sql, id, [event(), event()])));
  expect(all.map((each) => each.stored).sort()).toEqual([0, 0, 2]);
  expect(await writeBatch(db.sql, id, [event(), event()])).toEqual({ stored: 0, isRepeat: true, rejected: 0 });
  expect(await count()).toBe(2);
});

test('NUL and half surrogate pairs, in values and in keys, cost no event', async () => {
  const odd = { provider: 'fal', error: 'a\u0000b\ud800c', '\u0000key\udc00': ['\ud83d\ude00', { deep: '\u0000' }] };
  expect(await writeBatch(db.sql, randomUUID(), [event(odd), event()])).toMatchObject({ stored: 2, rejected: 0 });
  const [row] = await db.sql`select event_data from analytics_logs order by id limit 1`;
  expect(row?.event_data).toEqual({
    provider: 'fal',
    error: 'a\ufffdb\ufffdc',
    '\ufffdkey\ufffd': ['😀', { deep: '\ufffd' }],
  });
});

test('a line break, in a value, a key or a type, parts no event', async () => {
  const odd = { 'a\nb': 'c\n\r\u2028d', e: '\\n' };
  const typed = (event_type: string) => ({ ...event({ of: event_type }), event_type });
  expect(await writeBatch(db.sql, randomUUID(), [event(odd), event({}), typed('plain')])).toMatchObject({ stored: 3 });
  expect(await writeBatch(db.sql, randomUUID(), [typed('two\nlines'), typed(''), typed('plain')])).toMatchObject({
    stored: 3,
  });
  const rows = await db.sql`select event_type, event_data from analytics_logs order by id`;
  const types = ['plain', 'two\nlines', '', 'plain'];
  expect(rows).toEqual([
    { event_type: 'gen_route', event_data: odd },
    { event_type: 'gen_route', event_data: {} },
    ...types.map((event_type) => ({ event_type, event_data: { of: event_type } })),
  ]);
});

test('a text that only looks like an escape is left alone', async () => {
  await writeBatch(db.sql, randomUUID(), [event({ error: String.raw`\u0000 \ud800` })]);
  const [row] = await db.sql`select event_data from analytics_logs`;
  expect(row?.event_data).toEqual({ error: String.raw`\u0000 \ud800` });
});

test('a poisonous event is put aside with its fault, the others are stored, and once', async () => {
  const id = randomUUID();
  const wrongAge = { ...event(), age_ms: 'old' } as unknown as StoredEvent;
  const noType = { event_data: {}, age_ms: 0 } as unknown as StoredEvent;
  const batch = [event(), wrongAge, event(), noType];
  expect(await writeBatch(db.sql, id, batch)).toEqual({ stored: 2, isRepeat: false, rejected: 2 });
  expect(await writeBatch(db.sql, id, batch)).toMatchObject({ stored: 0, isRepeat: true });
  const rejected = await db.sql`select event, fault from sluice.rejected_events order by id`;
  expect(rejected).toHaveLength(2);
  expect(JSON.parse(rejected[0]?.event)).toEqual(wrongAge);
  expect(rejected[0]?.fault).toMatch(/^22P02 invalid input syntax/);
  expect(rejected[1]?.fault).toMatch(/^23502 .*event_type/);
  expect(await count()).toBe(2);
});

test('a fault that is not an event’s own fails the batch, to be sent again', async () => {
  const id = randomUUID();
  await db.sql`alter table analytics_logs rename to analytics_logs_away`;
  await expect(writeBatch(db.sql, id, [event()])).rejects.toThrow(/analytics_logs/);
  await db.sql`alter table analytics_logs_away rename to analytics_logs`;
  expect(await writeBatch(db.sql, id, [event()])).toMatchObject({ stored: 1 });
});

test('more than 500 events are not one batch', async () => {
  await expect(
    writeBatch(
      db.sql,
      randomUUID(),
      Array.from({ length: 501 }, () => event()),
    ),
  ).rejects.toThrow('a batch has 501 events; at most 500 are written at once');
});
