import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { alertStore } from '@/lib/control/alerts/alert-store';
import { flagStore } from '@/lib/control/flags/flag-store';
import type { FlagWrite } from '@/lib/control/flags/flag-write';
import type { TickScope, TickStore } from '@/lib/control/ticks/tick-store';
import { tickStore } from '@/lib/control/ticks/tick-store';
import { connect } from '@/lib/postgres/connection';
import type { Sql } from '@/lib/postgres/sql';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { openBeforeReserve } from '@/test/support/open-before-reserve';

const split = 'GEN_PROVIDER_WEIGHTS';
/** However long a test takes, what it says is said of the hour in which it began. */
const slotMs = Math.floor(Date.now() / 3_600_000) * 3_600_000;
const slot = { by: 'watchdog:here:1', intervalSeconds: 3600, deadlineMs: 8000, slotMs };
const baseline = { fal: 1, runware: 0 };

let database: TestDatabase;
let others: Sql[];

beforeEach(async () => {
  database = await testDatabase();
  others = [];
  await database.sql`insert into feature_flags (flag_key, flag_value, flag_value_text)
    values (${split}, false, '{"fal":0.9,"runware":0.1}')`;
});
afterEach(async () => {
  await Promise.all(others.map((sql) => sql.end({ timeout: 1 })));
  await database.close();
});

function another(name: string): Sql {
  const sql = openBeforeReserve(connect(database.url, { name, max: 2 }));
  others.push(sql);
  return sql;
}

const rollback = (expectedVersion: number | null): FlagWrite => ({
  verb: 'rollback',
  actor: 'watchdog',
  reason: 'failures 5.1 % > 2 %',
  evidence: { n: 812 },
  policyVersion: 0,
  expectedVersion,
});

const nothing = async (scope: TickScope) => ({
  atMs: scope.nowMs,
  by: slot.by,
  intervalSeconds: slot.intervalSeconds,
  decision: null,
  error: null,
  policyVersion: 0,
  weightsVersion: 1,
});

async function rollBackIn(scope: TickScope) {
  const { row } = await scope.flags.readSplit();
  const outcome = await scope.flags.writeWeights(baseline, rollback(row?.version ?? null));
  if (outcome.kind !== 'written') throw new Error(`not written: ${outcome.kind}`);
  await scope.log({ event_type: 'rollout_rollback', event_data: { split }, age_ms: 0 });
  await scope.alerts.raise({ kind: 'rolled_back', key: split, detail: 'down', blocksAdvance: false });
  return nothing(scope);
}

const counts = async () => {
  const [row] = await database.sql<Record<'journal' | 'ticks' | 'alerts' | 'outbox' | 'events', number>[]>`
    select (select count(*) from sluice.journal where verb = 'rollback') as journal,
      (select count(*) from sluice.ticks where error is null) as ticks, (select count(*) from sluice.alerts) as alerts,
      (select count(*) from sluice.outbox) as outbox,
      (select count(*) from analytics_logs where event_type = 'rollout_rollback') as events`;
  return row;
};

describe('a slot', () => {
  test('is decided once of 40 ticks at once from several processes', async () => {
    const stores: TickStore[] = Array.from({ length: 4 }, (_, i) => tickStore(another(`watchdog ${i}`), split));
    const ticks = Array.from({ length: 40 }, (_, i) => stores[i % 4]?.inSlot(slot, rollBackIn));
    const results = await Promise.all(ticks);
    expect(results.filter((tick) => tick !== null)).toHaveLength(1);
    expect(await counts()).toMatchObject({ journal: 1, ticks: 1, events: 1, alerts: 1 });
  });

  test('leaves nothing of a tick that fails', async () => {
    const store = tickStore(database.sql, split);
    const failing = store.inSlot(slot, async (scope) => {
      await rollBackIn(scope);
      throw new Error('the power went');
    });
    await expect(failing).rejects.toThrow('the power went');
    expect(await counts()).toEqual({ journal: 0, ticks: 0, alerts: 0, outbox: 0, events: 0 });
  });

  test('shows a failed tick, and lets another process decide it still', async () => {
    const store = tickStore(database.sql, split);
    await store.recordFailure(slot, 'no answer');
    expect(await store.last()).toMatchObject({ any: { error: 'no answer' }, decided: null });
    expect(await store.inSlot(slot, nothing)).toMatchObject({ error: null, by: slot.by });
    await store.recordFailure(slot, 'too late');
    const last = await store.last();
    expect(last.any).toMatchObject({ error: null, durationMs: expect.any(Number) });
    expect(last.decided).toEqual(last.any);
  });

  test('gives the last decided tick to the next', async () => {
    const store = tickStore(database.sql, split);
    const first = await store.inSlot(slot, nothing);
    await database.sql`update sluice.ticks set slot = slot - interval '1 hour'`;
    let previous: unknown;
    await store.inSlot(slot, (scope) => {
      previous = scope.previous;
      return nothing(scope);
    });
    expect(previous).toMatchObject({ by: first?.by, atMs: first?.atMs });
  });

  test('undoes what a tick decided after its deadline', async () => {
    const store = tickStore(database.sql, split);
    let finish = () => {};
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const late = store.inSlot({ ...slot, deadlineMs: 1500 }, async (scope) => {
      const record = await rollBackIn(scope);
      await held;
      return record;
    });
    // Its session waits no longer than that in a transaction either: whichever is noticed first.
    await expect(late).rejects.toThrow(/the database did not answer within 1500 ms \(tick\)|CONNECTION_CLOSED/);
    finish();
    await expect.poll(() => counts().then((found) => found?.journal)).toBe(0);
  });
});

describe('a row that somebody left locked in psql', () => {
  test.each([
    `update feature_flags set description = 'mine' where flag_key = '${split}'`,
    `savepoint s; update feature_flags set description = 'mine' where flag_key = '${split}'`,
    `select from feature_flags where flag_key = '${split}' for update`,
    `lock table feature_flags in exclusive mode`,
  ])('%s: the rollback lands', async (statement) => {
    const psql = another('psql');
    const lunch = await psql.reserve();
    await lunch.unsafe(`begin; ${statement}`);
    const store = tickStore(database.sql, split);
    await expect(store.inSlot(slot, rollBackIn)).rejects.toMatchObject({ code: '55P03' });
    expect(await store.freeSplit(0)).toBe(1);
    expect(await store.inSlot(slot, rollBackIn)).not.toBeNull();
    const { row } = await flagStore(database.sql, split).readSplit();
    expect(row).toMatchObject({ weights: baseline, stage: 'rolled_back', latchedBy: 'watchdog' });
  });

  test('nobody is ended who works on another flag, or not for long enough', async () => {
    const psql = another('psql');
    await database.sql`insert into feature_flags (flag_key) values ('OTHER')`;
    const lunch = await psql.reserve();
    await lunch.unsafe(`begin; update feature_flags set description = 'mine' where flag_key = 'OTHER'`);
    const store = tickStore(database.sql, split);
    expect(await store.freeSplit(0)).toBe(0);
    await lunch.unsafe(`update feature_flags set description = 'mine' where flag_key = '${split}'`);
    expect(await store.freeSplit(60_000)).toBe(0);
    await lunch.unsafe('rollback');
    lunch.release();
  });
});

describe('an alert', () => {
  const raise = (kind: 'blind' | 'test' = 'blind') =>
    alertStore(database.sql).raise({ kind, key: 'events', detail: 'no events', params: { a: 1 }, blocksAdvance: true });

  test('is one while it goes on, and queues one notification for each enabled channel', async () => {
    await database.sql`insert into sluice.alert_channels (kind, url, enabled, created_by)
      values ('webhook', 'https://a.example', true, 'ann'), ('slack', 'https://b.example', true, 'ann'),
        ('slack', 'https://c.example', false, 'ann')`;
    const first = await raise();
    expect(first.isNew).toBe(true);
    expect(await raise()).toEqual({ id: first.id, isNew: false });
    expect(await counts()).toMatchObject({ alerts: 1, outbox: 2 });
    const [queued] = await database.sql<{ payload: unknown }[]>`select payload from sluice.outbox limit 1`;
    expect(queued?.payload).toMatchObject({
      kind: 'blind',
      split,
      alertId: first.id,
      journalId: null,
      detail: 'no events',
    });
    const [open] = await alertStore(database.sql).open();
    expect(open).toMatchObject({ kind: 'blind', params: { a: 1, key: 'events' }, blocks_advance: true });
  });

  test('begins anew once it was resolved, and waits to be acknowledged even then', async () => {
    const store = alertStore(database.sql);
    const first = await raise();
    await store.resolve('blind', 'events');
    expect((await store.open()).map((alert) => alert.id)).toEqual([first.id]);
    expect(await store.acknowledge(first.id, 'operator:ann', 'seen')).toBe(true);
    expect(await store.acknowledge(first.id, 'operator:bob', 'seen')).toBe(false);
    expect(await store.open()).toEqual([]);
    const again = await raise();
    expect(again).toMatchObject({ isNew: true });
    expect(again.id).not.toBe(first.id);
  });

  test('carries other people’s strange texts', async () => {
    const store = alertStore(database.sql);
    await store.raise({ kind: 'test', key: 'k', detail: 'd', params: { text: 'a\0b\ud800c' }, blocksAdvance: false });
    expect((await store.open())[0]?.params.text).toBe('a\ufffdb\ufffdc');
  });
});
