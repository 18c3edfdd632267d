import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { channelStore } from '@/lib/notify/channel-store';
import { deliverOutbox } from '@/lib/notify/deliver-outbox';
import { outboxStore } from '@/lib/notify/outbox-store';
import { type TestDatabase, testDatabase } from '../support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const outbox = () => outboxStore(database.sql);

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
    const items = await outbox().claim(10, 60);
    expect(items.map(({ channel: { url } }) => url)).toEqual(['https://example.com/a', 'https://example.com/b']);
    expect(items[0]?.message).toMatchObject({
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
    const claims = await Promise.all(Array.from({ length: 8 }, () => outbox().claim(10, 60)));
    const ids = claims.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length + (await outbox().claim(100, 60)).length).toBe(30);
  });

  it('comes back after a failure, after a lost lease, and not after delivery', async () => {
    await channel();
    await raise('blind', 'k');
    const [first] = await outbox().claim(1, 0);
    await outbox().retryIn(first!.id, 0, 'answered 500');
    const [second] = await outbox().claim(1, 0);
    expect(second).toMatchObject({ id: first!.id, attempts: 2 });
    const [third] = await outbox().claim(1, 60);
    expect(third?.attempts).toBe(3);
    await outbox().delivered(first!.id);
    expect(await outbox().claim(1, 0)).toEqual([]);
    expect(await outbox().depth()).toEqual({ waiting: 0, dead: 0, oldestSeconds: null });
  });

  it('counts what was given up', async () => {
    await channel();
    await raise('blind', 'k');
    const [item] = await outbox().claim(1, 60);
    await outbox().giveUp(item!.id, 'answered 410');
    expect(await outbox().depth()).toMatchObject({ waiting: 0, dead: 1 });
  });

  it('leaves a disabled channel alone and forgets a removed one', async () => {
    const id = await channel();
    await raise('blind', 'k');
    await database.sql`update sluice.alert_channels set enabled = false`;
    expect(await outbox().claim(10, 60)).toEqual([]);
    expect(await channelStore(database.sql).remove(id, 'operator:ann')).toBe(true);
    expect(await channelStore(database.sql).remove(id, 'operator:ann')).toBe(false);
    expect(await outbox().depth()).toMatchObject({ waiting: 0, dead: 0 });
  });

  it('is emptied by the verb', async () => {
    await channel();
    await raise('blind', 'k');
    const notifier = { addressFault: async () => null, deliver: async () => ({ ok: true }) as const };
    const delivery = { outbox: outbox(), notifier, chance: () => 0 };
    expect(await deliverOutbox(delivery)).toEqual({ delivered: 1, retried: 0, dead: 0 });
    expect(await deliverOutbox(delivery)).toEqual({ delivered: 0, retried: 0, dead: 0 });
  });
});
