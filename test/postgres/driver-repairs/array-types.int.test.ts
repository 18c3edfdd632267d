import { afterAll, beforeAll, expect, it } from 'vitest';
import { arrayText, parseArray } from '@/lib/postgres/driver-repairs/array-types';
import { type TestDatabase, testDatabase } from '@/test/support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const odd = ['', 'plain', 'a "b" \\ c', '{x,y}', 'NULL', 'zwei\nZeilen', '图', ' edge '];

it('reads what Postgres writes and writes what it reads', async () => {
  const [row] = await database.sql`
    select ${odd}::text[] as texts, ${[]}::text[] as none, ${[1, 2]}::int4[] as integers, ${[[1], [2]]}::int8[] as nested,
      array[1.5, null]::float8[] as doubles, array[true, false] as booleans, array['{"a":1}']::jsonb[] as objects,
      array['2026-01-05T00:00:00Z']::timestamptz[] as instants, null::text[] as absent`;
  expect(row).toMatchObject({ texts: odd, none: [], integers: [1, 2], nested: [[1], [2]], doubles: [1.5, null] });
  expect(row).toMatchObject({ booleans: [true, false], objects: [{ a: 1 }], absent: null });
  expect(row?.instants).toEqual([new Date('2026-01-05T00:00:00Z')]);
});

it('is its own inverse', () => {
  expect(parseArray(arrayText([odd, [null]]), (text) => text)).toEqual([odd, [null]]);
  expect(() => arrayText([undefined])).toThrow('undefined');
});
