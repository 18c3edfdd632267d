import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordingStore } from '@/lib/control/rollout/recording-store';
import { BucketReader } from '@/lib/log/buckets/bucket-reader';
import { metricsStore } from '@/lib/log/buckets/metrics-store';
import { compact } from '@/lib/log/upkeep/maintenance';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { gen, insertRows, insertTraffic, registerSplits } from '@/test/support/several-splits';

const splits = 100;
const perSplit = 200;

let db: TestDatabase;
let keys: string[];
beforeAll(async () => {
  db = await testDatabase();
  keys = await registerSplits(db.sql, splits);
  await insertTraffic(db.sql, splits, perSplit, 2000);
  await compact(db.sql);
  await db.sql`analyze`;
});
afterAll(() => db.close());

const hourAgo = () => Date.now() - 3_600_000;
const soon = () => Date.now() + 60_000;
const one = 'TEST42_WEIGHTS';

/** Rows of tables like this that one transaction has read, by index or without. */
async function rowsRead(tables: string, work: (tx: Tx) => Promise<unknown>): Promise<number> {
  return db.sql.begin(async (tx) => {
    const sofar = async () => {
      const [row] = await tx<{ n: number }[]>`
        select coalesce(sum(t.seq_tup_read + coalesce(t.idx_tup_fetch, 0)), 0)::int as n from pg_stat_xact_all_tables t
        where t.relname like ${tables}`;
      return row?.n ?? -1;
    };
    const before = await sofar();
    await work(tx);
    return (await sofar()) - before;
  }) as Promise<number>;
}

function counted(sql: Sql): { readonly sql: Sql; readonly statements: () => number } {
  let n = 0;
  const apply = (target: Sql, self: unknown, args: unknown[]) => {
    n += 1;
    return Reflect.apply(target, self, args);
  };
  return { sql: new Proxy(db.sql, { apply }) as typeof sql, statements: () => n };
}

test('what changed of all that are asked for is one statement, and says what each says alone', async () => {
  const reader = new BucketReader();
  const asked = keys.map((split, n) => ({ split, sinceMs: hourAgo() + n * 1000 }));
  await reader.readMany(db.sql, asked, soon());
  await insertTraffic(db.sql, splits, 20, 30);
  const { sql, statements } = counted(db.sql);
  const untilMs = soon();
  const found = await reader.readMany(sql, asked, untilMs);
  expect(statements()).toBe(1);
  for (const { split, sinceMs } of asked.filter((_, n) => n % 9 === 0)) {
    const alone = await new BucketReader().read(db.sql, split, sinceMs, untilMs);
    expect(alone.length).toBeGreaterThan(10);
    expect(found.get(split)).toEqual(alone);
  }
});

test('what is asked for one by one, beside each other, is two statements', async () => {
  const reader = new BucketReader();
  const { sql, statements } = counted(db.sql);
  const untilMs = soon();
  const reads = keys.slice(0, 30).map((split, n) => reader.read(sql, split, hourAgo() + n * 1000, untilMs));
  const found = await Promise.all(reads);
  expect(statements()).toBe(2);
  const [first] = keys;
  expect(found[0]).toEqual(await new BucketReader().read(db.sql, first ?? '', hourAgo(), untilMs));
  expect(found.filter((buckets) => buckets.length > 0)).toHaveLength(30);
});

test('a read that fails on one connection fails on no other', async () => {
  const reader = new BucketReader();
  const gone = Object.assign(() => Promise.reject(new Error('cut off')), db.sql) as unknown as typeof db.sql;
  const warming = reader.read(db.sql, one, hourAgo(), soon());
  const [lost, kept] = await Promise.allSettled([
    reader.read(gone, one, hourAgo(), soon()),
    reader.read(db.sql, one, hourAgo(), soon()),
  ]);
  expect([lost.status, kept.status]).toEqual(['rejected', 'fulfilled']);
  await warming;
});

test('one that joins later is read with the others, and one that nobody asks for is forgotten', async () => {
  const reader = new BucketReader();
  const [first, second] = [
    { split: gen, sinceMs: hourAgo() },
    { split: one, sinceMs: hourAgo() },
  ];
  const untilMs = soon();
  expect((await reader.readMany(db.sql, [first], untilMs)).get(gen)).toEqual([]);
  const { sql, statements } = counted(db.sql);
  const joined = await reader.readMany(sql, [first, second], untilMs);
  expect(statements()).toBe(1);
  expect(joined.get(one)).toEqual(await new BucketReader().read(db.sql, one, second.sinceMs, untilMs));
  await reader.readMany(db.sql, [first], untilMs + 9 * 60_000);
  expect(reader.knows(one)).toBe(true);
  await reader.readMany(db.sql, [first], untilMs + 11 * 60_000);
  expect([reader.knows(gen), reader.knows(one)]).toEqual([true, false]);
});

test('reading what changed of a few touches nothing of the others', async () => {
  const reader = new BucketReader();
  const asked = keys.slice(0, 5).map((split) => ({ split, sinceMs: hourAgo() }));
  await reader.readMany(db.sql, asked, soon());
  await insertTraffic(db.sql, splits, 20, 30);
  const [{ n } = { n: 0 }] = await db.sql<{ n: number }[]>`select count(*)::int as n from sluice.bucket_deltas`;
  expect(n).toBeGreaterThan(1000);
  const read = await rowsRead('bucket%', (tx) => reader.readMany(tx, asked, soon()));
  expect(read).toBeGreaterThan(0);
  expect(read).toBeLessThan(n / 4);
});

test('the log of one among a hundred busy ones is read by index', async () => {
  const metrics = (tx: Tx) => metricsStore(tx, one);
  const span = [hourAgo(), soon()] as const;
  const repeated = { fromMs: span[0], toMs: span[1], limitMs: null, partSinceMs: span[0] };
  const reads: Record<string, (tx: Tx) => Promise<unknown>> = {
    neighbours: (tx) => metrics(tx).neighbours('old', ...span, 9100),
    repeats: (tx) => metrics(tx).repeats('old', repeated),
    users: (tx) => metrics(tx).firstOfUsers('new', 'old', ...span, null),
    errors: (tx) => metrics(tx).topErrors('old', ...span),
    examples: (tx) => tx`select * from sluice.failure_examples_of(${one}, now() - interval '1 hour', now(), 20)`,
  };
  for (const [name, read] of Object.entries(reads)) {
    const rows = await rowsRead('analytics\\_logs%', read);
    expect([name, rows > 0, rows <= 4 * perSplit]).toEqual([name, true, true]);
  }
  const buckets = await rowsRead('bucket%', (tx) => metrics(tx).requests('old', ...span));
  expect(buckets).toBeLessThan(4 * perSplit);
});

test('each figure is the split’s own', async () => {
  const span = [hourAgo(), soon()] as const;
  const [row] = await db.sql<{ n: number; failed: number; ok: number }[]>`
    select count(*) filter (where event_type = 'split_route' and event_data ->> 'arm' = 'new')::int as n,
      count(*) filter (where event_type = 'split_route' and event_data ->> 'error' is not null and event_data ->> 'arm' = 'old')::int as failed,
      count(*) filter (where event_type = 'split_ok')::int as ok
    from analytics_logs where event_data ->> 'split' = ${one}`;
  const metrics = metricsStore(db.sql, one);
  expect(await metrics.requests('new', ...span)).toBe(row?.n);
  expect(await metrics.voucherRate(...span)).toEqual({ vouchers: 0, generated: row?.ok });
  expect(await metrics.topErrors('old', ...span)).toEqual([{ kind: 'http_500', count: row?.failed, example: 'boom' }]);
  expect(await metricsStore(db.sql, gen).buckets(...span)).toEqual([]);
});

test('a recording holds the rows of its split, and the vouchers of its requests', async () => {
  const atMs = Date.UTC(2026, 2, 1, 10);
  await insertRows(db.sql, [
    ...[
      { type: 'split_route', data: { split: one, arm: 'new', provider: 'runware' }, atMs },
      { type: 'split_route', data: { split: keys[0], arm: 'new', provider: 'runware' }, atMs },
      { type: 'split_ok', data: { split: one, arm: 'new', provider: 'runware', request_id: 'mine' }, atMs },
      { type: 'gen_route', data: { provider: 'runware' }, atMs },
      { type: 'voucher_issued', data: { reason: 'regenerate', request_id: 'mine' }, atMs },
      { type: 'voucher_issued', data: { reason: 'regenerate', split: keys[0] }, atMs },
      { type: 'voucher_issued', data: { reason: 'regenerate', request_id: 'unknown' }, atMs },
    ],
  ]);
  const typesOf = async (split: string) => {
    const lines: string[] = [];
    const query = { fromMs: atMs - 1, toMs: atMs, withPolicies: true };
    await recordingStore(db.sql, split).lines(query, (line) => lines.push(line));
    return lines.map((line) => JSON.parse(line).event_type).sort();
  };
  expect(await typesOf(one)).toEqual(['split_ok', 'split_route', 'voucher_issued']);
  expect(await typesOf(gen)).toEqual(['gen_route', 'voucher_issued']);
});
