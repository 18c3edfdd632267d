import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { metricsStore } from '@/lib/log/buckets/metrics-store';
import { compact } from '@/lib/log/upkeep/maintenance';
import { binOf } from '@/lib/rule/buckets/bucket';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { type JobStory, jobBag, jobRows } from '@/test/support/job-stories';
import { insertRows, type LoggedRow } from '@/test/support/several-splits';
import { bucketEndMs } from '../../support/histories';

const split = 'VIDEO_WEIGHTS';
let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
  await db.sql`insert into sluice.splits (key, slug, kind, label) values (${split}, 'video', 'job', 'Video')`;
  await db.sql`insert into sluice.arms (split, name, provider)
    values (${split}, 'old', 'fal'), (${split}, 'new', 'runware')`;
});
afterAll(() => db.close());
const empty = () =>
  db.sql`truncate analytics_logs, sluice.bucket_deltas, sluice.buckets, sluice.minutes, sluice.quarters`;
beforeEach(empty);

const start = Date.UTC(2026, 2, 1, 10);
const read = () => metricsStore(db.sql, split).buckets(start - 3_600_000, start + 7_200_000);
const insert = (rows: readonly LoggedRow[]) => insertRows(db.sql, rows);
const jobs = async () => (await read()).map(({ atMs, provider, jobs: bag }) => ({ atMs, provider, bag }));

const end = (data: object, atMs: number, type = 'split_ok'): LoggedRow => ({
  type,
  data: { split, arm: 'new', assigned: 'new', provider: 'runware', phase: 'end', job_id: 'j', ...data },
  atMs,
});
const created = new Date(start + 1000).toISOString();

describe('the end of a job', () => {
  test('belongs to the ten seconds in which the job began, and its create to those in which it was answered', async () => {
    await insert([
      {
        type: 'split_route',
        data: {
          split,
          arm: 'new',
          assigned: 'new',
          provider: 'runware',
          phase: 'create',
          attempt: 1,
          latency_ms: 9500,
        },
        atMs: start + 10_600,
      },
      end({ created_at: created, duration_ms: 123_400, cost_per_unit: 0.1, price_key: 'p', units: 5 }, start + 124_400),
    ]);
    const [began, answered] = await read();
    expect(began).toMatchObject({
      ...{ atMs: start + 10_000, requests: 0, generated: 1, priced: 1, costNano: 1e8 },
      prices: [{ key: 'p', priced: 1, costNano: 1e8, costNanoSquared: 1e16 }],
      jobs: { begun: 1, done: 1, failed: 0, cancelled: 0, took: [[123_000, 1]] },
    });
    expect(answered).toMatchObject({ atMs: start + 20_000, requests: 1, failures: 0, bins: [[9500, 1]] });
    expect(answered?.jobs).toBeUndefined();
  });

  test('that was cancelled or refused is neither good nor bad, and one that was given up took no time', async () => {
    await insert([
      end({ created_at: created, duration_ms: 5000, outcome: 'refused', refused: true }, start + 6000, 'split_failed'),
      end({ created_at: created, duration_ms: 5000, outcome: 'cancelled' }, start + 6000, 'split_failed'),
      end({ created_at: created, duration_ms: 5000, error: 'x', error_kind: 'timeout' }, start + 6000, 'split_failed'),
      end({ created_at: created, duration_ms: 5000, error: 'x', error_kind: 'http_500' }, start + 6000, 'split_failed'),
    ]);
    const [bucket] = await read();
    expect(bucket?.jobs).toEqual({ begun: 0, done: 0, failed: 2, cancelled: 2, took: [[5000, 1]] });
    expect(bucket).toMatchObject({ requests: 0, failures: 0, generated: 0 });
  });

  test('is of no job where the create failed, of no draw where it was pinned or taken over', async () => {
    await insert([
      { ...end({ phase: 'create', error: 'x' }, start + 1000), type: 'split_failed' },
      end({ created_at: created, duration_ms: 10, pinned: true }, start + 2000),
      end({ created_at: created, duration_ms: 10, assigned: 'old' }, start + 2000),
    ]);
    expect(await read()).toEqual([]);
  });

  test('whose begin cannot be read began as long ago as it took', async () => {
    for (const said of [undefined, 'yesterday', 7, '2026-13-45T99:00:00Z', null]) {
      await empty();
      await insert([end({ created_at: said, duration_ms: 61_000 }, start + 62_000)]);
      expect(await jobs()).toMatchObject([{ atMs: start + 10_000, bag: { done: 1 } }]);
    }
    await empty();
    await insert([end({ created_at: '2100-01-01T00:00:00Z', duration_ms: 5 }, start + 62_000)]);
    expect(await jobs()).toMatchObject([{ atMs: start + 70_000 }]);
  });

  test('is read again by one who had read the bucket, and folds like any', async () => {
    const metrics = metricsStore(db.sql, split);
    await insert([
      { type: 'split_route', data: { split, arm: 'new', phase: 'create', latency_ms: 5 }, atMs: start + 1005 },
    ]);
    expect((await metrics.buckets(start, start + 60_000))[0]?.jobs).toMatchObject({ begun: 1, done: 0 });
    await compact(db.sql);
    await insert([end({ created_at: created, duration_ms: 50_000 }, start + 51_000)]);
    expect((await metrics.buckets(start, start + 60_000))[0]?.jobs).toMatchObject({ begun: 1, done: 1 });
    await compact(db.sql);
    for (const table of ['buckets', 'minutes', 'quarters']) {
      const rows = await db.sql`select jobs from ${db.sql(`sluice.${table}`)} where jobs is not null`;
      expect(rows).toEqual([{ jobs: { begun: 1, done: 1, '50000': 1 } }]);
    }
  });
});

const story: fc.Arbitrary<JobStory> = fc.record({
  arm: fc.constantFrom('old', 'new'),
  beganMs: fc.integer({ min: 0, max: 600_000 }).map((ms) => start + ms),
  answeredAfterMs: fc.integer({ min: 0, max: 20_000 }),
  fate: fc.constantFrom('runs', 'done', 'failed', 'given up', 'cancelled', 'refused', 'not accepted'),
  tookMs: fc.integer({ min: 20_000, max: 2_000_000 }),
  costPerUnit: fc.constantFrom(null, 0.05, 0.1),
  pinned: fc.constantFrom(false, false, false, true),
  rescued: fc.constantFrom(false, false, false, true),
});

test('buckets of jobs agree with a recount of their stories, in any order, folded or not', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(story, { maxLength: 40 }),
      fc.boolean(),
      fc.boolean(),
      async (stories, folds, reversed) => {
        await empty();
        const rows = stories.flatMap((each, n) => jobRows(each, { split, id: `j${n}` }));
        for (const row of reversed ? [...rows].reverse() : rows) await insert([row]);
        if (folds) await compact(db.sql, 7);
        const found = (await jobs()).filter(({ bag }) => bag !== undefined);
        const wanted = new Map<string, JobStory[]>();
        for (const each of stories) {
          const key = `${bucketEndMs(each.beganMs)} ${each.arm}`;
          wanted.set(key, [...(wanted.get(key) ?? []), each]);
        }
        const counted = [...wanted].map(([key, of]) => [key, jobBag(of)] as const).filter(([, bag]) => bag !== null);
        expect(new Map(found.map(({ atMs, provider, bag }) => [`${atMs} ${provider}`, bag]))).toEqual(new Map(counted));
      },
    ),
    { numRuns: 20 },
  );
  expect(binOf(1234)).toBe(1230);
});
