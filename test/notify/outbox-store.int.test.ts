import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { channelStore } from '@/lib/notify/channel-store';
import { alertPatience, Deliverer } from '@/lib/notify/deliver-outbox';
import { outboxStore } from '@/lib/notify/outbox-store';
import { type TestDatabase, testDatabase } from '../support/database';
import { jobRow } from '../support/polled-jobs';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const outbox = () => outboxStore(database.sql);
const claim = (most: number, leaseSeconds: number, each = most) =>
  outbox().claim({ of: 'alerts', most, leaseSeconds, each, less: {} });
const nothing = { waiting: 0, dead: 0, oldestSeconds: null };

beforeEach(async () => {
  await database.sql`delete from sluice.alert_channels`;
  await database.sql`delete from sluice.alerts`;
});

async function raise(kind: string, key: string) {
  await database.sql`select * from sluice.raise_alert(${kind}, ${key}, 'it is so', '{"metric":"failure_rate"}', false, 42)`;
}

const channel = (url = 'https://example.com/a') =>
  channelStore(database.sql).add({ kind: 'webhook', url, secret: 's3cret-of-ours', createdBy: 'operator:ann' });

describe('the outbox in the database', () => {
  it('holds one notification a channel, with what the alert said', async () => {
    await channel();
    await channel('https://example.com/b');
    await raise('rolled_back', 'k');
    const items = await claim(10, 60);
    expect(items.map((item) => item.kind === 'alert' && item.channel.url)).toEqual([
      'https://example.com/a',
      'https://example.com/b',
    ]);
    expect(items[0]?.kind === 'alert' && items[0].message).toMatchObject({
      id: `msg_${items[0]?.id}`,
      kind: 'rolled_back',
      detail: 'it is so',
      journalId: 42,
      params: { metric: 'failure_rate' },
    });
  });

  it('leases each notification to one of many deliverers', async () => {
    await channel();
    for (let n = 0; n < 30; n += 1) await raise('test', `k${n}`);
    const claims = await Promise.all(Array.from({ length: 8 }, () => claim(10, 60)));
    const ids = claims.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length + (await claim(100, 60)).length).toBe(30);
  });

  it('comes back after a failure, after a lost lease, and not after delivery', async () => {
    await channel();
    await raise('blind', 'k');
    const [first] = await claim(1, 0);
    await outbox().retryIn(first!.id, 0, 'answered 500');
    const [second] = await claim(1, 0);
    expect(second).toMatchObject({ id: first!.id, attempts: 2 });
    const [third] = await claim(1, 60);
    expect(third?.attempts).toBe(3);
    await outbox().delivered(first!.id);
    expect(await claim(1, 0)).toEqual([]);
    expect(await outbox().depth()).toEqual({ alerts: nothing, jobs: nothing });
  });

  it('counts what was given up', async () => {
    await channel();
    await raise('blind', 'k');
    const [item] = await claim(1, 60);
    await outbox().giveUp(item!.id, 'answered 410');
    expect(await outbox().depth()).toEqual({ alerts: { ...nothing, dead: 1 }, jobs: nothing });
  });

  it('leaves a disabled channel alone and forgets a removed one', async () => {
    const id = await channel();
    await raise('blind', 'k');
    await database.sql`update sluice.alert_channels set enabled = false`;
    expect(await claim(10, 60)).toEqual([]);
    expect(await channelStore(database.sql).remove(id, 'operator:ann')).toBe(true);
    expect(await channelStore(database.sql).remove(id, 'operator:ann')).toBe(false);
    expect(await outbox().depth()).toEqual({ alerts: nothing, jobs: nothing });
  });

  it('gives alerts however many ends of jobs are due, and of these those first that are due the longest', async () => {
    const { sql } = database;
    await channel();
    await raise('blind', 'k');
    const end = async (host: string, agoSeconds: number) => {
      const change = { webhook_url: `https://${host}/x`, dueInMs: 3_600_000 };
      const id = await jobRow(sql, 'http://127.0.0.1:1', change);
      await sql`update sluice.jobs set state = 'completed', ended_at = now(), due_at = null where id = ${id}`;
      await sql`update sluice.outbox o set next_attempt_at = now() - ${agoSeconds} * interval '1 second' where o.job_id = ${id}`;
    };
    const usual = Array.from({ length: 30 }, (_, at) => `a${at + 10}.example`);
    for (const host of usual) await end(host, 1);
    for (let n = 0; n < 5; n += 1) await end('z.example', 60);
    const { alerts, jobs } = await outbox().depth();
    expect([alerts, jobs]).toMatchObject([{ waiting: 1 }, { waiting: 35 }]);
    const claimJobs = (less = {}) => outbox().claim({ of: 'jobs', most: 5, leaseSeconds: 60, each: 4, less });
    const told = await claimJobs();
    expect(told.map(({ kind }) => kind)).toEqual(Array(5).fill('job'));
    expect(told.filter(({ receiver }) => receiver === 'z.example')).toHaveLength(4);
    const busy = Object.fromEntries([...usual, 'z.example'].map((host) => [host, 0]));
    expect(await claimJobs(busy)).toEqual([]);
    expect(await claim(20, 60)).toMatchObject([{ kind: 'alert' }]);
    await sql`delete from sluice.outbox o where o.job_id is not null`;
  });

  it('counts what is not delivered by an index of that', async () => {
    const plan = await database.sql.begin(async (tx) => {
      await tx`set local enable_seqscan = off`;
      return tx`explain select min(o.dead_at), count(o.channel_id) from sluice.outbox o where o.delivered_at is null`;
    });
    expect(JSON.stringify(plan)).toContain('outbox_undelivered');
  });

  it('is emptied by the verb', async () => {
    await channel();
    await raise('blind', 'k');
    const send = async () => ({ ok: true }) as const;
    const deliverer = new Deliverer({ outbox: outbox(), send, patienceOf: () => alertPatience, chance: () => 0 });
    expect(await deliverer.round()).toEqual({ delivered: 1, retried: 0, dead: 0 });
    expect(await deliverer.round()).toEqual({ delivered: 0, retried: 0, dead: 0 });
  });
});
