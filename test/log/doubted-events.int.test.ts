import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { costBases, failureExamples, failureKinds } from '@/lib/charts/metrics-details';
import { requestFinder } from '@/lib/gateway/reported/request-finder';
import { metricsStore } from '@/lib/log/buckets/metrics-store';
import { maintainEvents } from '@/lib/log/upkeep/maintenance';
import { bucketRows } from '@/test/support/bucket-rows';
import { type TestDatabase, testDatabase } from '@/test/support/database';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
  await db.sql`grant usage on schema public to anon, authenticated, service_role`;
  await db.sql`grant insert, select, update on analytics_logs to anon, authenticated, service_role`;
  await db.sql`grant usage on sequence analytics_logs_id_seq to anon, authenticated, service_role`;
  await db.sql`create policy app on analytics_logs to anon, authenticated using (true) with check (true)`;
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.sql`truncate analytics_logs, sluice.bucket_deltas, sluice.buckets, sluice.minutes, sluice.quarters`;
  await db.sql`delete from sluice.believed_roles`;
  await db.sql`truncate sluice.alerts cascade`;
});

type Role = 'anon' | 'authenticated' | 'service_role';

/** As PostgREST does it: the role of the request, for one transaction. */
async function insertAs(role: Role, type: string, data: object, created_at = 'now()'): Promise<void> {
  await db.sql.begin(async (tx) => {
    await tx.unsafe(`set local role ${role}`);
    await tx.unsafe(
      `insert into analytics_logs (event_type, event_data, created_at)
       values ('${type}', '${JSON.stringify(data)}', ${created_at})`,
    );
  });
}

const judged = async () => {
  const buckets = await metricsStore(db.sql, 'GEN_PROVIDER_WEIGHTS').buckets(Date.now() - 600_000, Date.now() + 60_000);
  return buckets.reduce((sum, { requests, generated, vouchers }) => sum + requests + generated + vouchers, 0);
};
const charted = async () =>
  (await bucketRows(db.sql)).reduce(
    (sum, { requests, generated, vouchers }) => sum + requests + generated + vouchers,
    0,
  );
const dataOf = async () => {
  const rows = await db.sql<{ data: Record<string, unknown> }[]>`select event_data as data from analytics_logs`;
  return rows.map(({ data }) => data);
};
const failure = { provider: 'runware', error: 'forged', latency_ms: 1 };

describe('rows inserted as a role of browsers', () => {
  it.each(['anon', 'authenticated'] as const)('are kept, marked and charted as %s, and not judged by', async (role) => {
    await insertAs(role, 'gen_route', { ...failure, inserted_as: 'service_role' });
    expect(await dataOf()).toEqual([{ ...failure, inserted_as: role }]);
    expect([await judged(), await charted()]).toEqual([0, 1]);
    await db.sql`update sluice.bucket_deltas set at = at - interval '1 minute'`;
    await maintainEvents(db.sql);
    expect([await judged(), await charted()]).toEqual([0, 1]);
    const span = [Date.now() - 600_000, Date.now() + 60_000] as const;
    expect(await metricsStore(db.sql, 'GEN_PROVIDER_WEIGHTS').requests('runware', ...span)).toBe(0);
  });

  it('are marked whatever else is wrong with them', async () => {
    await insertAs('anon', 'gen_route', [1, 2]);
    await insertAs('anon', 'gen_route', failure, "now() + interval '2 days'");
    const data = await dataOf();
    expect(data).toHaveLength(2);
    expect(data.every(({ inserted_as }) => inserted_as === 'anon')).toBe(true);
    expect(await judged()).toBe(0);
  });

  it('count when the role is believed', async () => {
    await db.sql`insert into sluice.believed_roles (role, reason) values ('authenticated', 'our server signs in')`;
    await insertAs('authenticated', 'gen_route', failure);
    await insertAs('anon', 'gen_route', failure);
    expect([await judged(), await charted()]).toEqual([1, 2]);
  });

  it('raise an alert that says how to believe them, and it ends when no more come', async () => {
    const alerts = () => db.sql`select key, detail, resolved_at from sluice.alerts where kind = 'events_doubted'`;
    await insertAs('anon', 'gen_route', failure);
    await maintainEvents(db.sql);
    expect(await alerts()).toEqual([
      { key: 'anon', detail: expect.stringContaining('believed_roles'), resolved_at: null },
    ]);
    await db.sql`update sluice.bucket_deltas set at = at - interval '1 hour'`;
    await maintainEvents(db.sql);
    expect(await alerts()).toEqual([expect.objectContaining({ resolved_at: expect.any(Date) })]);
  });

  it('do not say who made an image', async () => {
    await db.sql`insert into analytics_logs (event_type, event_data) values
      ('gen_ok', '{"request_id":"r-1","provider":"fal"}')`;
    await insertAs('anon', 'gen_ok', { request_id: 'r-1', provider: 'runware' });
    await insertAs('service_role', 'voucher_issued', { request_id: 'r-1', reason: 'regenerate' });
    const [row] = await db.sql`select provider from sluice.bucket_deltas where vouchers > 0`;
    expect(row?.provider).toBe('fal');
    expect((await requestFinder(db.sql).find(['r-1'], null)).get('r-1')?.provider).toBe('fal');
  });
});

describe('what is said beside a verdict', () => {
  const from = Date.now() - 86_400_000;
  const details = async () => {
    const span = [from, Date.now() + 60_000] as const;
    const examples = await failureExamples(db.sql, 'GEN_PROVIDER_WEIGHTS', ...span);
    return {
      kinds: await failureKinds(db.sql, 'GEN_PROVIDER_WEIGHTS', ...span),
      bases: await costBases(db.sql, 'GEN_PROVIDER_WEIGHTS', ...span),
      examples: examples.map(({ error }) => error),
      top: await metricsStore(db.sql, 'GEN_PROVIDER_WEIGHTS').topErrors('runware', ...span),
    };
  };

  it('counts and names no row that is doubted, folded or not', async () => {
    const priced = { ...failure, error_kind: 'timeout', assigned: 'fal', cost_per_image: 0.01, cost_basis: 'billed' };
    await insertAs('service_role', 'gen_route', { ...priced, error: 'ours' }, "now() - interval '1 hour'");
    const ours = {
      kinds: { runware: { timeout: 1 } },
      bases: { runware: { billed: 1 } },
      examples: ['ours'],
      top: [{ kind: 'timeout', count: 1, example: 'ours' }],
    };
    expect(await details()).toEqual(ours);
    for (const role of ['anon', 'authenticated'] as const) await insertAs(role, 'gen_route', priced);
    await insertAs('service_role', 'gen_route', { ...priced, error: 'long past', backfilled: true });
    await insertAs('anon', 'gen_route', { ...priced, provider: 'fal' }, "now() - interval '1 hour'");
    expect(await details()).toEqual(ours);
    await db.sql`update sluice.bucket_deltas set at = at - interval '1 minute'`;
    await maintainEvents(db.sql);
    expect(await db.sql`select from sluice.quarters where doubt <> ''`).not.toHaveLength(0);
    expect(await details()).toEqual(ours);
  });
});

describe('rows of everybody else', () => {
  it('are judged by: the owner, service_role, another login', async () => {
    await db.sql`insert into analytics_logs (event_type, event_data) values ('gen_route', ${db.sql.json(failure)})`;
    await insertAs('service_role', 'voucher_issued', { reason: 'regenerate', provider: 'fal' });
    await insertAs('service_role', 'gen_ok', { provider: 'fal' });
    expect(await judged()).toBe(3);
    expect((await dataOf()).some((data) => 'inserted_as' in data)).toBe(false);
  });

  it('are charted and not judged by when they are marked as backfilled', async () => {
    await insertAs('service_role', 'gen_route', { ...failure, backfilled: true });
    expect([await judged(), await charted()]).toEqual([0, 1]);
    await maintainEvents(db.sql);
    expect(await db.sql`select from sluice.alerts where kind = 'events_doubted' and resolved_at is null`).toHaveLength(
      0,
    );
  });
});
