import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { compact, maintainEvents } from '@/lib/log/upkeep/maintenance';
import { partitionAdopted } from '@/lib/log/upkeep/partition-adopted';
import { makePartitions } from '@/lib/log/upkeep/partitions';
import { applyRetention } from '@/lib/log/upkeep/retention';
import { migrate } from '@/lib/postgres/migrate/migrate';
import { planStatements } from '@/test/postgres/plan-statements';
import { countedRequests } from '@/test/support/bucket-rows';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { runSluice } from '@/test/support/run-sluice';

const count = async (db: TestDatabase, from: string) =>
  (await db.sql.unsafe(`select count(*)::int as n from ${from}`))[0]?.n as number;
const requests = (db: TestDatabase) => countedRequests(db.sql);

describe('a fresh table', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await testDatabase();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await db.sql`truncate analytics_logs, sluice.bucket_deltas, sluice.buckets, sluice.minutes, sluice.quarters`;
  });

  test('has a partition for yesterday, today and 14 days ahead, and makes each once', async () => {
    expect(await count(db, 'sluice.partitions()')).toBe(16);
    // It was fresh when the run began, which may have been on the day before.
    const [{ late } = { late: -1 }] = await db.sql<{ late: number }[]>`
      select (now() at time zone 'UTC')::date - (min(p.low) at time zone 'UTC')::date - 1 as late from sluice.partitions() p`;
    expect((await Promise.all([makePartitions(db.sql), makePartitions(db.sql)])).sort()).toEqual([0, late]);
    expect(await makePartitions(db.sql, { daysAhead: 16 })).toBe(2);
  });

  test('moves rows that had to wait in the default partition, and counts none of them twice', async () => {
    const [today] =
      await db.sql`select p.relation::text as name from sluice.partitions() p where now() >= p.low and now() < p.high`;
    await db.sql.unsafe(`drop table ${today?.name}`);
    await db.sql`insert into analytics_logs (event_type, event_data) values ('gen_route', '{"provider":"fal"}'), ('gen_route', '{"provider":"fal"}')`;
    await db.sql`insert into analytics_logs (event_type, event_data, created_at) values ('gen_route', '{"provider":"fal"}', now() - interval '1 year')`;
    expect(await count(db, 'sluice.analytics_logs_default')).toBe(3);
    expect(await makePartitions(db.sql)).toBe(1);
    expect(await count(db, 'sluice.analytics_logs_default')).toBe(1);
    expect(await count(db, `${today?.name}`)).toBe(2);
    expect(await requests(db)).toBe(3);
    await db.sql.unsafe(
      `insert into ${today?.name} (event_type, event_data) values ('gen_route', '{"provider":"fal","latency_ms":"NaN"}')`,
    );
    expect(await requests(db)).toBe(4);
    expect(await count(db, `${today?.name} where event_data ? 'invalid'`)).toBe(1);
  });

  test('gives up a lock that does not come, and goes on when it does', async () => {
    const reader = await db.sql.reserve();
    await reader`begin`;
    await reader`select count(*) from analytics_logs`;
    expect(await makePartitions(db.sql, { daysAhead: 18, tries: 1 })).toBe(0);
    await reader`commit`;
    reader.release();
    expect(await makePartitions(db.sql, { daysAhead: 18, tries: 1 })).toBe(2);
  });

  test('keeps what it is told to keep, drops older days whole, and no bucket changes', async () => {
    await db.sql`select sluice.add_partition(current_date - n) from generate_series(2, 12) n`;
    await db.sql`
      insert into analytics_logs (event_type, event_data, created_at)
      select 'gen_route', '{"provider":"fal"}', now() - n * interval '1 day' from generate_series(0, 20) n`;
    const before = await requests(db);
    expect(await applyRetention(db.sql, { keepDays: 7, batchRows: 3 })).toMatchObject({
      droppedPartitions: 5,
      deletedRows: 8,
    });
    expect(await count(db, `analytics_logs where created_at < now() - interval '8 days'`)).toBe(0);
    expect(await count(db, 'analytics_logs')).toBe(8);
    expect(await requests(db)).toBe(before);
    await expect(applyRetention(db.sql, { keepDays: 0.5 })).rejects.toThrow('keep is 0.5 days');
  });

  test('buckets, batches and rejects go when their time is over, minutes and quarters later', async () => {
    await db.sql`
      insert into analytics_logs (event_type, event_data, created_at)
      select 'gen_route', '{"provider":"fal"}', now() - n * interval '1 day' from (values (1), (70), (500)) v (n)`;
    await compact(db.sql);
    await applyRetention(db.sql, { keepDays: 30 });
    for (const [table, rows] of [
      ['buckets', 1],
      ['minutes', 2],
      ['quarters', 2],
    ] as const) {
      expect(await count(db, `sluice.${table}`)).toBe(rows);
    }
  });
});

/** A table as people have it: identity, foreign columns, triggers, policies, grants, hostile rows. */
async function adoptable(rows: number): Promise<TestDatabase> {
  const db = await testDatabase({ migrated: false });
  await db.sql.unsafe(`
    create table analytics_logs (
      id bigint generated always as identity primary key,
      tenant text not null default 'main',
      event_type text not null,
      event_data jsonb,
      created_at timestamptz default now()
    );
    create index analytics_logs_tenant on analytics_logs (tenant);
    create table seen (n int);
    insert into seen values (0);
    create function note() returns trigger language plpgsql as 'begin update seen set n = n + 1; return new; end';
    create trigger foreign_note before insert on analytics_logs for each row when (new.tenant = 'noted') execute function note();
    create policy tenants on analytics_logs for select to public using (tenant = current_user);
    grant select on analytics_logs to public;
    insert into analytics_logs (event_type, event_data, created_at)
    select 'gen_route', jsonb_build_object('provider', 'fal', 'latency_ms', i % 1000, 'cost_per_image', 0.003),
      now() - interval '1 minute' - i * interval '${Math.min(1, 1_500_000 / rows)} seconds' from generate_series(1, ${rows}) i;
  `);
  return db;
}

const shape = (db: TestDatabase) => db.sql`
  select pg_relation_filenode('analytics_logs') as file, c.relrowsecurity as is_secured,
    (select count(*)::int from pg_policies where tablename = 'analytics_logs') as policies,
    has_table_privilege('public', c.oid, 'select') as is_open
  from pg_class c where c.oid = 'public.analytics_logs'::regclass`;

describe('an adopted table', () => {
  let db: TestDatabase;
  afterEach(() => db.close());

  test('is neither rewritten nor locked up: rows, triggers, policies, grants, row security stay', {
    timeout: 300_000,
  }, async () => {
    const rows = Number(process.env.SLUICE_ADOPT_ROWS ?? 300_000);
    db = await adoptable(rows);
    const before = await shape(db);
    await migrate(db.url);
    expect(await shape(db)).toEqual(before);
    expect(before[0]?.is_secured).toBe(false);
    expect(await count(db, 'analytics_logs where arrived_at is null')).toBe(rows);
    await db.sql`insert into analytics_logs (tenant, event_type, event_data) values ('noted', 'gen_route', '{"provider":"fal","latency_ms":"NaN"}')`;
    expect(await count(db, 'seen where n = 1')).toBe(1);
    expect(await count(db, `analytics_logs where arrived_at is not null and event_data ? 'invalid'`)).toBe(1);
    expect(await requests(db)).toBe(1);
    await db.sql`insert into analytics_logs (event_type, event_data) values ('gen_ok', '{"provider":"fal"}')`;
    for (const statement of Object.values(planStatements)) await db.sql.unsafe(statement);
  });

  test('gets its indexes concurrently and its history counted, each row once', async () => {
    db = await adoptable(20_000);
    await migrate(db.url);
    await db.sql`insert into analytics_logs (event_type, event_data, created_at)
      values ('gen_route', '{"provider":"fal","latency_ms":5}', now() - interval '1 hour')`;
    expect(await maintainEvents(db.sql, { backfillSteps: 3 })).toMatchObject({
      partitionsMade: 0,
      indexesBuilt: [
        'analytics_logs_created_at_event_type',
        'analytics_logs_failures',
        'analytics_logs_gen_ok_request',
      ],
      isBackfilled: false,
    });
    expect(await maintainEvents(db.sql)).toMatchObject({ indexesBuilt: [], isBackfilled: true });
    expect(await requests(db)).toBe(20_001);
    await db.sql`select sluice.backfill_step()`;
    expect(await requests(db)).toBe(20_001);
    const [row] = await db.sql`select sluice.baseline_mean('fal', now()) as mean`;
    expect(row?.mean).toBeCloseTo(0.003, 12);
  });

  test('is cleaned up in small deletes', async () => {
    db = await adoptable(100);
    await migrate(db.url);
    await db.sql`insert into analytics_logs (event_type, event_data, created_at)
      select 'gen_route', '{"provider":"fal"}', now() - interval '40 days' from generate_series(1, 250)`;
    expect(await applyRetention(db.sql, { keepDays: 30, batchRows: 100 })).toMatchObject({
      droppedPartitions: 0,
      deletedRows: 250,
    });
    expect(await count(db, 'analytics_logs')).toBe(100);
  });

  test('of another column type is refused with a sentence', async () => {
    db = await testDatabase({ migrated: false });
    await db.sql`create table analytics_logs (id bigint, event_type text, event_data json, created_at timestamp default now())`;
    await expect(migrate(db.url)).rejects.toThrow(
      /analytics_logs.event_data is json and must be jsonb: alter table .* using event_data::jsonb\n.*created_at is timestamp without time zone and must be timestamp with time zone/,
    );
  });
});

/** One row at a time until it is told to stop: how many were written, and the longest that one of them waited. */
function startWriter(db: TestDatabase) {
  let isOver = false;
  const seen = { written: 0, longestMs: 0 };
  const writing = (async () => {
    while (!isOver) {
      const from = performance.now();
      await db.sql`insert into analytics_logs (event_type, event_data) values ('gen_route', '{"provider":"fal"}')`;
      seen.longestMs = Math.max(seen.longestMs, performance.now() - from);
      seen.written += 1;
    }
    return seen;
  })();
  return {
    stop: () => {
      isOver = true;
      return writing;
    },
  };
}

describe('an adopted table moved to partitions', () => {
  let db: TestDatabase;
  afterEach(() => db.close());

  test('loses nothing while writers go on, and is as the fresh one afterwards', { timeout: 900_000 }, async () => {
    const rows = Number(process.env.SLUICE_PARTITION_ROWS ?? 50_000);
    db = await adoptable(rows);
    await migrate(db.url);
    const before = (await shape(db))[0];
    const writer = startWriter(db);
    const from = performance.now();
    for (let isBackfilled = false; !isBackfilled; ) ({ isBackfilled } = await maintainEvents(db.sql));
    await partitionAdopted(db.sql);
    const tookMs = performance.now() - from;
    const { written, longestMs } = await writer.stop();
    const round = (ms: number) => Math.round(ms).toLocaleString('en');
    console.info(
      `${rows.toLocaleString('en')} rows indexed, counted and partitioned in ${round(tookMs)} ms; ${written} rows written meanwhile, ` +
        `none waited longer than ${round(longestMs)} ms`,
    );
    await db.sql`insert into analytics_logs (tenant, event_type, event_data) values ('noted', 'gen_route', '{"provider":"fal","latency_ms":"NaN"}')`;
    expect(await count(db, 'analytics_logs')).toBe(rows + written + 1);
    expect(await requests(db)).toBe(rows + written + 1);
    expect(await count(db, 'seen where n = 1')).toBe(1);
    const { file: _, ...after } = (await shape(db))[0] ?? {};
    expect(before).toMatchObject(after);
    const [old] = await db.sql`select pg_relation_filenode('sluice.analytics_logs_before') as file`;
    expect(old?.file).toBe(before?.file);
    const [ids] = await db.sql`select count(*) = count(distinct id) as are_unique from analytics_logs`;
    expect(ids?.are_unique).toBe(true);
    expect(await db.sql`select * from sluice.missing_event_indexes()`).toEqual([]);
    await db.sql`insert into analytics_logs (event_type, event_data) values ('gen_ok', '{"provider":"fal"}')`;
    for (const statement of Object.values(planStatements)) await db.sql.unsafe(statement);
    expect(await count(db, 'sluice.partitions()')).toBeGreaterThanOrEqual(13);
    await expect(partitionAdopted(db.sql)).rejects.toThrow('is partitioned already');
  });

  test('waits for a lock without making others wait', async () => {
    db = await adoptable(10);
    await migrate(db.url);
    await maintainEvents(db.sql);
    const forgotten = await db.sql.reserve();
    await forgotten`begin`;
    await forgotten`insert into analytics_logs (event_type, event_data) values ('gen_route', '{"provider":"fal"}')`;
    await expect(partitionAdopted(db.sql, { tries: 2, pauseMs: 1 })).rejects.toThrow('lock timeout');
    await forgotten`commit`;
    forgotten.release();
    await partitionAdopted(db.sql);
    expect(await count(db, 'analytics_logs')).toBe(11);
  });

  test('by the command line, which names the bound', async () => {
    db = await adoptable(10);
    await migrate(db.url);
    const { code, stdout, stderr } = await runSluice(['partition', '--yes'], { databaseUrl: db.url });
    expect(stderr).toMatch(/^sluice partition: this writes to database /);
    expect(stdout).toMatch(/partition: done\. Rows before \d{4}-\d\d-\d\dT[\d:.]+Z stay together/);
    expect(code).toBe(0);
    expect(await count(db, 'analytics_logs')).toBe(10);
    expect(await count(db, "pg_class where oid = 'analytics_logs'::regclass and relkind = 'p'")).toBe(1);
    const again = await runSluice(['partition', '--yes'], { databaseUrl: db.url });
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('is partitioned already')]);
  });

  test('is refused while a foreign key or a view would be left behind', async () => {
    db = await adoptable(10);
    await migrate(db.url);
    await db.sql`create table notes (log_id bigint references analytics_logs (id))`;
    await db.sql`create view routes as select * from analytics_logs`;
    await expect(partitionAdopted(db.sql)).rejects.toThrow(
      /foreign key notes_log_id_fkey.*view public.routes reads it/,
    );
  });
});
