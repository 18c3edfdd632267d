import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { jobStore } from '@/lib/jobs/job-store';
import type { CreateEnd, NewRow } from '@/lib/jobs/order-writes';
import { leaseJobs } from '@/lib/jobs/poll/lease';
import { heldBy, settleJobs } from '@/lib/jobs/poll/settle';
import { connect } from '@/lib/postgres/connection';
import { relayedStore } from '@/lib/relay/jobs/relayed-store';
import { testDatabase } from '../support/database';

const many = 3000;

const newRow = (): NewRow => ({
  ...({ door: 'relay', user_hash: null, request_id: 'r', assigned: 'old', pinned: false, stage: null } as const),
  ...{ weights_version: null, model: 'film', request: {}, remix_of: null, webhook_url: null, due_ms: 60_000 },
  ...{ arm: 'old', provider: 'video', adapter: 'relay', key_version: 0, base_url: 'http://x', provider_model: 'film' },
  ...{ id: randomUUID(), caller: 'ann', split: 'FILM_WEIGHTS', hold_usd: null },
});

const accepted = ({ id }: NewRow): CreateEnd => ({
  ...({ id, state: 'accepted', upstream_id: `task-${id}`, upstream: { prefix: '/film' }, attempts: [] } as const),
  ...({ error_kind: null, error: null, charged: 'unknown', first_ms: 0, ago_ms: 0 } as const),
});

it('reads no other jobs than those asked for, by plans that were made when there were few', async () => {
  const database = await testDatabase();
  const sql = connect(database.url, { name: 'one', max: 1 });
  try {
    const [store, relayed] = [jobStore(sql), relayedStore(sql)];
    const rowsRead = async () => {
      await sql`select pg_stat_force_next_flush()`;
      const [counted] = await sql<{ read: number }[]>`
        select (t.seq_tup_read + t.idx_tup_fetch)::float8 as read from pg_stat_user_tables t where t.relid = 'sluice.jobs'::regclass`;
      return counted?.read ?? Number.NaN;
    };
    /** One job from its row to its first look: how many rows each step read. */
    const follow = async () => {
      const read: Record<string, number> = {};
      const step = async <T>(name: string, work: Promise<T>): Promise<T> => {
        const done = await work;
        const now = await rowsRead();
        read[name] = now - before;
        before = now;
        return done;
      };
      let before = await rowsRead();
      const row = newRow();
      await step('begin', store.insert(row));
      expect(await step('bind', store.settle(accepted(row)))).toBe(true);
      const ids = [`task-${row.id}`, 'task-none'];
      expect(
        await step(
          'find',
          relayed.find({ caller: 'ann', prefix: '/film', prefixes: ['/film'], split: 'FILM_WEIGHTS' }, ids),
        ),
      ).toMatchObject([{ id: row.id }]);
      expect(await step('read', store.read(row.id))).toMatchObject({ id: row.id });
      const ask = { lease: row.id, most: 5, forMs: 30_000, not: [], withinMs: 1500 };
      const { jobs } = await step('lease', leaseJobs(sql, ask));
      expect(jobs).toMatchObject([{ id: row.id, state: 'accepted', wasHeld: false }]);
      const looks = jobs.map((job) => ({ ...heldBy(job), due_ms: 3_600_000, looked: true, blocked: null }));
      expect(await step('settle', settleJobs(sql, looks, 1500))).toEqual([row.id]);
      return Object.entries(read).filter(([, rows]) => rows > 10);
    };
    for (let n = 0; n < 10; n++) await follow();
    const rows = Array.from({ length: many }, newRow);
    await sql`select count(*) from sluice.begin_jobs(${JSON.stringify(rows)}::text::jsonb) b`;
    await sql`select count(*) from sluice.bind_jobs(${JSON.stringify(rows.map(accepted))}::text::jsonb) b`;
    await sql`update sluice.jobs j set due_at = now() + interval '1 hour'`;
    expect(await follow()).toEqual([]);
  } finally {
    await sql.end();
    await database.close();
  }
});
