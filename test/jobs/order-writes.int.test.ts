import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type JobStore, jobStore } from '@/lib/jobs/job-store';
import { KeptBindings } from '@/lib/jobs/kept-bindings';
import type { CreateEnd, NewRow } from '@/lib/jobs/order-writes';
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
  const name = randomUUID().slice(0, 8);
  [caller, split] = [`shop-${name}`, `F${name.toUpperCase()}_WEIGHTS`];
  await database.sql`insert into sluice.callers (name, quota) values (${caller}, '{"jobs": {"in_flight": 7}}')`;
  await database.sql`
    insert into sluice.splits (key, slug, kind, label, quota)
    values (${split}, ${`f${name}`}, 'job', 'Film', '{"jobs": {"creates_per_day": 9}}')`;
});

const newRow = (change: Partial<NewRow> = {}): NewRow => ({
  ...({ id: randomUUID(), split, door: 'sluice', caller, user_hash: null, request_id: 'r', arm: 'kling' } as const),
  ...{ assigned: 'kling', pinned: false, stage: null, weights_version: null, provider: 'fal', adapter: 'fal' },
  ...{ key_version: 0, base_url: 'http://x', model: 'film', provider_model: 'film', hold_usd: 0.5, request: {} },
  ...{ remix_of: null, webhook_url: null, due_ms: 60_000, ...change },
});
const free = { caller: 'anyone', split: 'OTHER_WEIGHTS' };
const accepted = (id: string, upstream_id = id): CreateEnd => ({
  ...({ id, state: 'accepted', upstream_id, upstream: {}, attempts: [], error_kind: null, error: null } as const),
  ...({ charged: 'unknown', first_ms: 60_000, ago_ms: 0 } as const),
});
/** What became of each of those that came together. */
const all = async (work: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(work)).map((done) => {
    if (done.status === 'rejected')
      return String(done.reason.name === 'OverQuota' ? 'over' : (done.reason.code ?? done.reason));
    return done.value instanceof Date ? 'made' : done.value;
  });
const begun = (rows: readonly NewRow[]) => Promise.all(rows.map((row) => store.insert(row)));

describe('orders that share a commit', () => {
  it('keep each cap exactly, in two processes, beside others that have none and the ends of others', async () => {
    const other = connect(database.url, { name: 'another process', max: 4 });
    const stores = [store, jobStore(other)];
    const before = Array.from({ length: 10 }, () => newRow(free));
    await begun(before);
    const capped = Array.from({ length: 30 }, (_, n) => newRow(n % 3 === 0 ? { caller: 'anyone' } : {}));
    const [made, others, ends] = await Promise.all([
      all(capped.map((row, n) => (stores[n % 2] as JobStore).insert(row))),
      all(capped.map((_, n) => (stores[n % 2] as JobStore).insert(newRow(free)))),
      all(before.map(({ id }, n) => (stores[n % 2] as JobStore).settle(accepted(id)))),
    ]);
    await other.end();
    expect(made.filter((said) => said === 'made')).toHaveLength(9);
    expect(made.filter((said) => said === 'over')).toHaveLength(21);
    expect(made.filter((said, n) => said === 'made' && n % 3 !== 0).length).toBeLessThanOrEqual(7);
    expect(others).toEqual(capped.map(() => 'made'));
    expect(ends).toEqual(before.map(() => true));
  });

  it('take no other along where one is refused for what is in it, and are written once', async () => {
    const before = Array.from({ length: 6 }, () => newRow({ ...free, caller }));
    await database.sql`update sluice.callers c set quota = '{}' where c.name = ${caller}`;
    await begun(before);
    const rows = Array.from({ length: 12 }, (_, n) =>
      newRow({ ...free, caller, ...(n === 5 ? { hold_usd: -1 } : {}) }),
    );
    const [made, bound] = await Promise.all([
      all(rows.map((row) => store.insert(row))),
      all(before.map(({ id }, n) => store.settle(accepted(id, n === 2 ? 'x'.repeat(600) : id)))),
    ]);
    expect(made).toEqual(rows.map((_, n) => (n === 5 ? '23514' : 'made')));
    expect(bound).toEqual(before.map((_, n) => (n === 2 ? '23514' : true)));
    const [written] = await database.sql`
      select count(*)::int as jobs, count(*) filter (where j.state = 'accepted')::int as bound,
        (select count(*)::int from sluice.ledger l where l.caller = ${caller} and l.kind = 'hold') as holds
      from sluice.jobs j where j.caller = ${caller}`;
    expect(written).toEqual({ jobs: 17, bound: 5, holds: 17 });
  });

  it('do not wait for a job that another session holds, whose end is kept and written when it is free', async () => {
    const before = Array.from({ length: 6 }, () => newRow(free));
    await begun(before);
    const rows = Array.from({ length: 6 }, () => newRow(free));
    const heldEnd = accepted(before[2]?.id ?? '');
    const parts = { path: null, now: Date.now, settle: store.settleKept, warn: () => undefined };
    const kept = new KeptBindings(parts);
    const holder = connect(database.url, { name: 'holder', max: 1 });
    try {
      await holder.begin(async (tx) => {
        await tx`select from sluice.jobs j where j.id = ${heldEnd.id} for update`;
        const work = rows.map((row, n) => [store.insert(row), store.settle(accepted(before[n]?.id ?? ''))] as const);
        const [made, bound] = await Promise.all([all(work.map(([row]) => row)), all(work.map(([, end]) => end))]);
        expect(made).toEqual(rows.map(() => 'made'));
        expect(bound).toEqual(before.map((_, n) => (n === 2 ? expect.stringMatching(/^StoreAway/) : true)));
        await kept.keep(heldEnd);
        await kept.replay();
        expect(kept.size).toBe(1);
      });
    } finally {
      kept.stop();
      await holder.end({ timeout: 1 });
    }
    await kept.replay();
    expect(kept.size).toBe(0);
    expect((await store.read(heldEnd.id))?.state).toBe('accepted');
  });

  it('share it with the ends of others, and not with what was kept', async () => {
    const three = () => Array.from({ length: 3 }, () => newRow(free));
    const [rows, live, old] = [three(), three(), three()];
    await begun([...live, ...old]);
    await Promise.all(
      rows.flatMap((row, n) => [
        ...[store.insert(row), store.settleKept(accepted(old[n]?.id ?? ''))],
        store.settle(accepted(live[n]?.id ?? '')),
      ]),
    );
    // What one transaction writes has one time.
    const written = await database.sql<{ id: string; at: string }[]>`
      select j.id, coalesce(j.accepted_at, j.created_at)::text as at from sluice.jobs j`;
    const times = (of: readonly NewRow[]) =>
      written.flatMap(({ id, at }) => (of.some((row) => row.id === id) ? at : []));
    expect(times(rows).some((at) => times(live).includes(at))).toBe(true);
    expect(times(old).filter((at) => [...times(rows), ...times(live)].includes(at))).toEqual([]);
  });
});
