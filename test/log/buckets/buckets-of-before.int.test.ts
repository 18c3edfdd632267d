import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { metricsStore } from '@/lib/log/buckets/metrics-store';
import { compact, maintainEvents } from '@/lib/log/upkeep/maintenance';
import { migrate } from '@/lib/postgres/migrate/migrate';
import { bucketRows } from '@/test/support/bucket-rows';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { gen, insertRows, registerSplits } from '@/test/support/several-splits';

/** The files from before buckets knew of splits. */
let before: string;
let db: TestDatabase;
beforeAll(() => {
  before = mkdtempSync(join(tmpdir(), 'sluice-before-'));
  cpSync('supabase/migrations', before, { recursive: true });
  for (const file of readdirSync(before)) if (file >= '20261129001900') rmSync(join(before, file));
});
afterEach(() => db.close());
afterAll(() => rmSync(before, { recursive: true, force: true }));

async function filled(): Promise<void> {
  db = await testDatabase({ migrated: false });
  await migrate(db.url, { folder: before });
  const traffic = (from: number) => db.sql`
    insert into analytics_logs (event_type, event_data, created_at)
    select case i % 2 when 0 then 'gen_route' else 'gen_ok' end,
      jsonb_build_object('request_id', 'g' || i, 'provider', case when i % 7 = 0 then 'runware' else 'fal' end, 'attempt', 1,
        'latency_ms', 200 + i, 'cost_per_image', 0.003) || case when i % 11 = 0 then '{"error":"x"}' else '{}'::jsonb end,
      -- Long enough ago that no bucket ends while the test runs.
      now() - interval '5 minutes' - i * interval '7 seconds'
    from generate_series(${from}::int, ${from + 999}::int) i`;
  await traffic(1);
  await compact(db.sql);
  await traffic(500);
}

/** Bins of one line come in any order. */
const figuresOf = async (rows: PromiseLike<readonly Record<string, unknown>[]>) =>
  (await rows).map(({ figures, bins }) => ({
    figures,
    bins: String(bins)
      .split('\n')
      .map((line) => line.split(',').filter(Boolean).sort().join()),
  }));

const readingsBefore = async () => ({
  buckets: [...(await db.sql`select * from sluice.read_buckets('-infinity', 'infinity')`)],
  changed: await figuresOf(db.sql`select figures, bins from sluice.changed_buckets('-infinity', null)`),
  spans: await figuresOf(db.sql`select * from sluice.chart_spans('15 minutes', '-infinity', 'infinity')`),
  sums: [...(await db.sql`select * from sluice.sums('fal', now() - interval '1 day', now())`)],
  errors: [...(await db.sql`select * from sluice.top_errors('fal', now() - interval '1 day', now())`)],
  kinds: [...(await db.sql`select * from sluice.failure_kinds(now() - interval '1 day', now())`)],
});
const readings = async () => ({
  buckets: [...(await bucketRows(db.sql))],
  changed: await figuresOf(
    db.sql`select figures, bins from sluice.changed_buckets_of(array[${gen}], array[timestamptz '-infinity'], array[null::pg_snapshot])`,
  ),
  spans: await figuresOf(db.sql`select * from sluice.chart_spans_of(${gen}, '15 minutes', '-infinity', 'infinity')`),
  sums: [...(await db.sql`select * from sluice.sums_of(${gen}, 'fal', now() - interval '1 day', now())`)],
  errors: [...(await db.sql`select * from sluice.top_errors_of(${gen}, 'fal', now() - interval '1 day', now())`)],
  kinds: [...(await db.sql`select * from sluice.failure_kinds_of(${gen}, now() - interval '1 day', now())`)],
});
const files = () => db.sql`
  select r, pg_relation_filenode(r::regclass) as file
  from unnest('{sluice.bucket_deltas,sluice.buckets,sluice.minutes,sluice.quarters}'::text[]) r`;

test('are the first split’s, without a row rewritten, and read as they were', async () => {
  await filled();
  const [was, lay] = [await readingsBefore(), [...(await files())]];
  await migrate(db.url);
  expect(await readings()).toEqual(was);
  expect([...(await files())]).toEqual(lay);
  const [{ n } = { n: -1 }] = await db.sql`
    select count(*)::int as n from (select split from sluice.buckets union all select split from sluice.bucket_deltas) b
    where split <> ${gen}`;
  expect(n).toBe(0);
  await compact(db.sql);
  const [{ sum } = { sum: 0 }] = await db.sql`select sum(requests)::int from sluice.quarters`;
  expect(sum).toBe(
    await metricsStore(db.sql, gen)
      .requests('fal', 0, Date.now())
      .then(async (fal) => fal + (await metricsStore(db.sql, gen).requests('runware', 0, Date.now()))),
  );
});

test('a log with rows gets the indexes of other splits when there is one, partition by partition', async () => {
  await filled();
  await migrate(db.url);
  const missing = () => db.sql`select name from sluice.missing_event_indexes()`;
  expect([...(await missing())]).toEqual([]);
  const [split] = await registerSplits(db.sql, 1);
  expect((await missing()).length).toBeGreaterThan(3);
  const { indexesBuilt } = await maintainEvents(db.sql);
  expect(indexesBuilt).toEqual(
    expect.arrayContaining(['analytics_logs_split_rows', 'analytics_logs_split_ok_request']),
  );
  expect([...(await missing())]).toEqual([]);
  expect((await maintainEvents(db.sql)).indexesBuilt).toEqual([]);
  await db.sql`select sluice.make_partitions(20)`;
  expect([...(await missing())]).toEqual([]);
  await insertRows(db.sql, [
    { type: 'split_ok', data: { split, arm: 'new', provider: 'runware', request_id: 'r' }, atMs: Date.now() },
    { type: 'voucher_issued', data: { reason: 'regenerate', request_id: 'r' }, atMs: Date.now() },
  ]);
  const [row] = await db.sql`select split, provider from sluice.bucket_deltas where vouchers > 0`;
  expect(row).toEqual({ split, provider: 'new' });
});
