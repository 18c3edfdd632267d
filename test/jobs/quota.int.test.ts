import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type JobStore, jobStore } from '@/lib/jobs/job-store';
import type { NewRow } from '@/lib/jobs/order-writes';
import { OverQuota } from '@/lib/jobs/over-quota';
import { isStoreAway } from '@/lib/kernel/store-away';
import { connect } from '@/lib/postgres/connection';
import { type TestDatabase, testDatabase } from '../support/database';

let database: TestDatabase;
let store: JobStore;
beforeAll(async () => {
  database = await testDatabase();
  store = jobStore(database.sql);
});
afterAll(() => database.close());

let caller = '';
let split = '';
beforeEach(async () => {
  // A day that turns during a test forgives what was spent.
  const toMidnightMs = 86_400_000 - (Date.now() % 86_400_000);
  if (toMidnightMs < 20_000) await wait(toMidnightMs + 1000);
  const name = randomUUID().slice(0, 8);
  [caller, split] = [`shop-${name}`, `F${name.toUpperCase()}_WEIGHTS`];
  await database.sql`insert into sluice.callers (name) values (${caller})`;
  await database.sql`insert into sluice.splits (key, slug, kind, label) values (${split}, ${`f${name}`}, 'job', 'Film')`;
});

const limit = (jobs: object) =>
  database.sql`update sluice.callers c set quota = ${database.sql.json({ jobs } as never)} where c.name = ${caller}`;
const limitSplit = (jobs: object) =>
  database.sql`update sluice.splits s set quota = ${database.sql.json({ jobs } as never)} where s.key = ${split}`;
const newRow = (change: Partial<NewRow> = {}): NewRow => ({
  ...{
    id: randomUUID(),
    split,
    door: 'sluice',
    caller,
    user_hash: null,
    request_id: 'r',
    arm: 'kling',
    due_ms: 60_000,
  },
  ...{ assigned: 'kling', pinned: false, stage: null, weights_version: null, provider: 'fal', adapter: 'fal' },
  ...{ key_version: 0, base_url: 'http://x', model: 'film', provider_model: 'film', hold_usd: 0.5, request: {} },
  ...{ remix_of: null, webhook_url: null, ...change },
});
/** What forbids it; null: it is begun. */
const begin = (change: Partial<NewRow> = {}, by = store) =>
  by.insert(newRow(change)).then(
    () => null,
    (error: unknown) => {
      if (error instanceof OverQuota) return error.breach;
      throw error;
    },
  );
const end = (id: string, state: 'failed' | 'completed', charged: 'yes' | 'no', cost_usd: number | null = null) =>
  database.sql`update sluice.jobs set state = ${state}, upstream_id = 'u', ended_at = now(), due_at = null,
    charged = ${charged}, cost_usd = ${cost_usd} where id = ${id}`;
const accept = (id: string) =>
  database.sql`update sluice.jobs set state = 'accepted', upstream_id = 'u' where id = ${id}`;

describe('a cap of a caller', () => {
  it('is kept to the cent, and what was not charged is there to spend again', async () => {
    await limit({ spend_per_day_usd: 1.2 });
    const id = randomUUID();
    expect(await begin({ id })).toBeNull();
    expect(await begin()).toBeNull();
    const breach = { of: 'caller', name: caller, cap: 'spend_per_day_usd', used: 1, needs: 0.5, limit: 1.2 };
    expect(await begin()).toMatchObject(breach);
    expect(await begin({ hold_usd: 0.2 })).toBeNull();
    expect(await begin({ hold_usd: null })).toMatchObject({ used: 1.2, needs: 0 });
    await accept(id);
    await end(id, 'failed', 'no');
    expect(await begin()).toBeNull();
    // The provider says that it cost more than the list did.
    const [row] = await database.sql<{ id: string }[]>`select j.id from sluice.jobs j where j.caller = ${caller}
      and j.ended_at is null limit 1`;
    await accept(row?.id ?? '');
    await end(row?.id ?? '', 'completed', 'yes', 7);
    expect((await begin({ hold_usd: 0 }))?.used).toBeGreaterThan(7);
  });

  it('says when it may be asked again: at midnight, or when one has ended', async () => {
    await limit({ creates_per_day: 2, in_flight: 1 });
    const id = randomUUID();
    expect(await begin({ id })).toBeNull();
    expect(await begin()).toMatchObject({ cap: 'in_flight', used: 1, limit: 1, retry_after_s: 5 });
    await accept(id);
    await end(id, 'completed', 'yes');
    expect(await begin()).toBeNull();
    await limit({ creates_per_day: 2 });
    const over = await begin();
    expect(over).toMatchObject({ cap: 'creates_per_day', used: 2, limit: 2 });
    const [left] = await database.sql<{ s: number }[]>`
      select extract(epoch from (sluice.today() + 1)::timestamp at time zone 'UTC' - now())::float8 as s`;
    expect(Math.abs((over?.retry_after_s ?? 0) - (left?.s ?? 0))).toBeLessThan(120);
  });

  it('counts what was begun, and not what was surely refused', async () => {
    await limit({ creates_per_day: 1 });
    const id = randomUUID();
    expect(await begin({ id })).toBeNull();
    const rest = { upstream_id: null, upstream: {}, attempts: [], error_kind: null, error: null };
    await store.settle({ id, state: 'refused', charged: 'no', first_ms: 0, ago_ms: 0, ...rest });
    expect(await begin()).toBeNull();
    expect(await begin()).toMatchObject({ cap: 'creates_per_day', used: 1 });
  });

  it('is none of another caller’s, and 0 is none at all', async () => {
    await limit({ in_flight: 0 });
    expect(await begin()).toMatchObject({ used: 0, limit: 0 });
    expect(await begin({ caller: 'anyone' })).toBeNull();
    await limit({});
    expect(await begin()).toBeNull();
  });

  it('is not passed by going on to an arm that costs more', async () => {
    await limit({ spend_per_day_usd: 1.2, creates_per_day: 1, in_flight: 1 });
    const row = newRow();
    await store.insert(row);
    const aim = (hold_usd: number) => store.aim(row.id, { ...row, arm: 'seedance', provider: 'runware', hold_usd });
    expect(await aim(1.2)).toBe(true);
    const breach = { of: 'caller', cap: 'spend_per_day_usd', used: 1.2, needs: expect.closeTo(0.1, 6), limit: 1.2 };
    await expect(aim(1.3)).rejects.toMatchObject({ name: 'OverQuota', breach });
    expect(await aim(0.1)).toBe(true);
    await limitSplit({ spend_per_day_usd: 0.2 });
    await expect(aim(0.3)).rejects.toMatchObject({ breach: { of: 'split', used: 0.1 } });
    const [sum] = await database.sql`select s.held_usd::float8 as held, s.in_flight::int as jobs, s.begun::int as begun
      from sluice.spending_of('caller', ${caller}, sluice.today()) s`;
    expect(sum).toEqual({ held: 0.1, jobs: 1, begun: 1 });
  });

  it('is not overshot by any number of processes, nor left unused', async () => {
    await limit({ spend_per_day_usd: 10, in_flight: 1000 });
    await limitSplit({ in_flight: 25 });
    const others = Array.from({ length: 3 }, (_, at) => connect(database.url, { name: `web ${at}`, max: 3 }));
    try {
      const stores = others.map((sql) => jobStore(sql));
      const answers = await Promise.all(Array.from({ length: 90 }, (_, at) => begin({}, stores[at % 3])));
      expect(answers.filter((breach) => breach === null)).toHaveLength(20);
      const [sum] = await database.sql`
        select s.held_usd::float8 as held, s.in_flight::int as jobs, s.begun::int as begun
        from sluice.spending_of('caller', ${caller}, sluice.today()) s`;
      expect(sum).toEqual({ held: 10, jobs: 20, begun: 20 });
      await limit({});
      await Promise.all(Array.from({ length: 30 }, (_, at) => begin({}, stores[at % 3])));
      expect(await begin()).toMatchObject({ of: 'split', cap: 'in_flight', used: 25, limit: 25 });
    } finally {
      await Promise.all(others.map((sql) => sql.end({ timeout: 1 })));
    }
  });
});

it('waits a second for a cap that another holds, and says then that the store does not answer', async () => {
  await limit({ in_flight: 5 });
  const holder = connect(database.url, { name: 'holder', max: 1 });
  try {
    await holder.begin(async (tx) => {
      await tx`select * from sluice.begin_jobs(${JSON.stringify([newRow()])}::text::jsonb)`;
      const error = await begin().catch((thrown: unknown) => thrown);
      expect(isStoreAway(error)).toBe(true);
      expect((error as Error).cause).toMatchObject({ code: '55P03' });
    });
  } finally {
    await holder.end({ timeout: 1 });
  }
  expect(await begin()).toBeNull();
});

it('keeps nobody waiting who is under no cap, whoever comes with him', async () => {
  await limit({ in_flight: 5 });
  const holder = connect(database.url, { name: 'holder', max: 1 });
  let capped: Promise<unknown> = Promise.resolve();
  try {
    await holder.begin(async (tx) => {
      await tx`select * from sluice.begin_jobs(${JSON.stringify([newRow()])}::text::jsonb)`;
      // The first is under way when the others come, which go together.
      const free = () => begin({ caller: 'anyone' });
      const all = [free(), begin(), free(), free()];
      capped = all[1] ?? capped;
      expect(await Promise.all([all[0], all[2], all[3]])).toEqual([null, null, null]);
    });
  } finally {
    await holder.end({ timeout: 1 });
  }
  expect(await capped).toBeNull();
});

it('adds up the same whether it is read anew or from the sums of before', async () => {
  const { sql } = database;
  // Uncommitted while the sums are taken: counted when it is committed, and not before.
  const late = connect(database.url, { name: 'late', max: 1 });
  let [isWritten, commit] = [() => {}, () => {}];
  const written = new Promise<void>((resolve) => {
    isWritten = resolve;
  });
  const mayCommit = new Promise<void>((resolve) => {
    commit = resolve;
  });
  const open = late.begin(async (tx) => {
    await tx`select * from sluice.begin_jobs(${JSON.stringify([newRow()])}::text::jsonb)`;
    isWritten();
    await mayCommit;
  });
  await written;
  const read = async () => {
    const [row] = await sql`select s.*, s.held_usd::float8 as held, s.spent_usd::float8 as spent, s.begun::int as jobs
      from sluice.spending_of('caller', ${caller}, sluice.today()) s`;
    return [row?.jobs, row?.held, row?.spent];
  };
  for (let round = 1; round <= 3; round += 1) {
    const rows = Array.from({ length: 300 }, () => newRow());
    await sql`select from sluice.begin_jobs(${JSON.stringify(rows)}::text::jsonb)`;
    expect(await read()).toEqual([round * 300, round * 150, 0]);
  }
  commit();
  await open;
  await late.end({ timeout: 1 });
  expect(await read()).toEqual([901, 450.5, 0]);
  expect(await read()).toEqual([901, 450.5, 0]);
  // When the day has turned, what runs still does so, and nothing is spent yet.
  const [next] = await sql`select s.begun::int as jobs, s.held_usd::float8 as held, s.in_flight::int as open
    from sluice.spending_of('caller', ${caller}, sluice.today() + 1) s`;
  expect(next).toEqual({ jobs: 0, held: 0, open: 901 });
  await sql`update sluice.jobs set state = 'accepted', upstream_id = 'u' where caller = ${caller}`;
  await sql`update sluice.jobs set state = 'completed', ended_at = now(), due_at = null, charged = 'yes' where caller = ${caller}`;
  expect(await read()).toEqual([901, 0, 450.5]);
  expect(await read()).toEqual([901, 0, 450.5]);
  // They follow when no transaction older than the last entry runs on the server.
  const sums = async () => {
    await read();
    return sql`select s.begun::int as begun, s.in_flight::int as open from sluice.ledger_sums s where s.name = ${caller}`;
  };
  await expect.poll(sums).toEqual([{ begun: 901, open: 0 }]);
});

it('reads entries of a restored dump once, whatever numbers their transactions had, and trusts no sums of it', async () => {
  const { sql } = database;
  await sql`insert into sluice.ledger (job, kind, day, caller, split, arm, provider, held_usd, begun, xid)
    select gen_random_uuid(), 'hold', sluice.today(), 'restored', 'A_WEIGHTS', 'old', 'fal', 0.5, 1,
      (case when n % 2 = 0 then '3' else '4611686018427387904' end)::xid8 from generate_series(1, 600) n`;
  await sql`insert into sluice.ledger_sums (kind, name, below, server, restored_to, in_flight, day, begun, spent_usd, unknown_usd,
    held_usd) values ('caller', 'restored', '5', 1, 0, 7, sluice.today(), 7, 7, 7, 7)`;
  const read = async () => {
    const [row] = await sql`select s.begun::int as jobs, s.held_usd::float8 as held, s.in_flight::int as open
      from sluice.spending_of('caller', 'restored', sluice.today()) s`;
    return [row?.jobs, row?.held, row?.open];
  };
  expect(await read()).toEqual([600, 300, 600]);
  await sql`insert into sluice.ledger (job, kind, day, caller, split, arm, provider, held_usd, begun)
    values (gen_random_uuid(), 'hold', sluice.today(), 'restored', 'A_WEIGHTS', 'old', 'fal', 0.5, 1)`;
  expect(await read()).toEqual([601, 300.5, 601]);
  const [left] = await sql`select count(*)::int as entries from sluice.ledger l, sluice.ledger_sums s
    where l.caller = 'restored' and s.name = 'restored' and l.xid >= s.below and l.id > s.restored_to`;
  expect(left?.entries).toBe(1);
});
