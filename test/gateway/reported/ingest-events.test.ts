import { describe, expect, it } from 'vitest';
import { ingestEvents } from '@/lib/gateway/reported/ingest-events';
import type { Served } from '@/lib/gateway/reported/request-finder';
import { EventQueue } from '@/lib/log/event-queue';
import type { Spool } from '@/lib/log/spool/spool';
import type { StoredEvent } from '@/lib/log/stored-event';
import type { Caller } from '@/lib/registry/callers/caller';

class FakeStore {
  isAway = false;
  readonly batches = new Map<string, readonly StoredEvent[]>();
  /** Takes the batch and then breaks off: the sender cannot know. */
  loseAnswers = false;

  async writeBatch(id: string, events: readonly StoredEvent[]): Promise<void> {
    if (this.isAway) throw new Error('away');
    if (!this.batches.has(id)) this.batches.set(id, events);
    if (this.loseAnswers) throw new Error('connection lost');
  }

  rows(): StoredEvent[] {
    return [...this.batches.values()].flat();
  }
}

function fakeSpool(room = Number.POSITIVE_INFINITY): Spool {
  const kept: { name: string; batchId: string; events: readonly StoredEvent[] }[] = [];
  return {
    async append(batchId, events) {
      if (kept.length >= room) throw new Error('ENOSPC');
      kept.push({ name: batchId, batchId, events });
    },
    oldest: async () => kept[0] ?? null,
    async remove(name) {
      kept.splice(
        kept.findIndex((batch) => batch.name === name),
        1,
      );
    },
    dropOldest: async () => kept.shift()?.events.length ?? 0,
    depth: () => ({ events: kept.reduce((sum, { events }) => sum + events.length, 0), bytes: 0, oldestAgeMs: null }),
  };
}

function make(spool: Spool | null = fakeSpool(), warn: (fields: object, sentence: string) => void = () => undefined) {
  const store = new FakeStore();
  const clock = { ms: 0 };
  let ids = 0;
  const soon: (() => void)[] = [];
  const queue = new EventQueue({
    writer: store,
    spool,
    monotonic: () => clock.ms,
    newId: () => `batch-${++ids}`,
    within: (_ms, call) => call,
    soon: (flush) => soon.push(flush),
    warn,
  });
  const runSoon = () => {
    for (const flush of soon.splice(0)) flush();
  };
  return { store, clock, queue, runSoon, asked: () => soon.length };
}

const record = (queue: EventQueue, from: number, to: number) => {
  for (let n = from; n < to; n += 1) queue.record('gen_ok', { n });
};
const numbers = (events: readonly StoredEvent[]) => events.map(({ event_data }) => event_data.n);
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

describe('the event queue', () => {
  it('stores in batches of 500 at most, in order, with ages', async () => {
    const { store, clock, queue } = make();
    record(queue, 0, 1200);
    clock.ms = 40;
    await queue.flush();
    expect([...store.batches.values()].map((events) => events.length)).toEqual([500, 500, 200]);
    expect(numbers(store.rows())).toEqual(upTo(1200));
    expect(store.rows()[0]?.age_ms).toBe(40);
    expect(queue.stored).toBe(1200);
    expect(queue.depth()).toBe(0);
  });

  it('says once that the disk takes nothing, and once that it does again', async () => {
    const said: string[] = [];
    const spool = fakeSpool();
    const whole = spool.append.bind(spool);
    const { store, queue } = make(spool, (_, sentence) => said.push(sentence));
    store.isAway = true;
    spool.append = () => Promise.reject(new Error('EACCES'));
    for (let n = 0; n < 5; n += 1) {
      record(queue, n, n + 1);
      await queue.flush();
    }
    expect(said.filter((sentence) => sentence.startsWith('the spool'))).toHaveLength(1);
    spool.append = whole;
    record(queue, 5, 6);
    await queue.flush();
    expect(said.at(-1)).toBe('the spool takes events again');
  });

  it('asks for a flush when a batch is full, once', () => {
    const { queue, asked } = make();
    record(queue, 0, 499);
    expect(asked()).toBe(0);
    record(queue, 499, 1500);
    expect(asked()).toBe(1);
  });

  it('sends full batches only until somebody asks for the rest', async () => {
    const { store, queue, runSoon } = make();
    const sizes = () => [...store.batches.values()].map((events) => events.length);
    record(queue, 0, 1300);
    runSoon();
    await expect.poll(sizes).toEqual([500, 500]);
    await queue.flush();
    expect(sizes()).toEqual([500, 500, 300]);
  });

  it('sends what was there when it was asked, and keeps what comes meanwhile for a full batch', async () => {
    const { store, queue } = make();
    const writeBatch = store.writeBatch.bind(store);
    store.writeBatch = (id, events) => {
      if (id === 'batch-1') record(queue, 10, 30);
      return writeBatch(id, events);
    };
    record(queue, 0, 10);
    await queue.flush();
    expect(numbers(store.rows())).toEqual(upTo(10));
    expect(queue.depth()).toBe(20);
    await queue.close();
    expect(numbers(store.rows())).toEqual(upTo(30));
  });

  it('sends what was recorded while it looked at the disk, when it is asked for', async () => {
    const spool = fakeSpool();
    const { store, queue } = make({
      ...spool,
      oldest: async () => {
        if (store.rows().length === 10) {
          record(queue, 10, 20);
          void queue.flush();
        }
        return null;
      },
    });
    record(queue, 0, 10);
    await queue.flush();
    expect(numbers(store.rows())).toEqual(upTo(20));
  });

  it('spools while the store is away and stores everything once when it is back', async () => {
    const { store, clock, queue } = make();
    store.isAway = true;
    record(queue, 0, 700);
    await queue.flush();
    expect(queue.depth()).toBe(700);
    expect(queue.isAway).toBe(true);
    store.isAway = false;
    record(queue, 700, 800);
    await queue.flush();
    expect(store.rows()).toEqual([]);
    clock.ms = 1000;
    await queue.flush();
    expect(numbers(store.rows()).sort((a, b) => Number(a) - Number(b))).toEqual(upTo(800));
    expect(queue.depth()).toBe(0);
    expect(queue.isAway).toBe(false);
  });

  it('sends what is new before what waited on disk', async () => {
    const { store, clock, queue } = make();
    store.isAway = true;
    for (let batch = 0; batch < 3; batch += 1) {
      record(queue, batch, batch + 1);
      await queue.flush();
    }
    store.isAway = false;
    clock.ms = 1000;
    const writeBatch = store.writeBatch.bind(store);
    store.writeBatch = (id, events) => {
      if (id === 'batch-1') record(queue, 100, 600);
      return writeBatch(id, events);
    };
    await queue.flush();
    expect([...store.batches.values()].map((events) => events[0]?.event_data.n)).toEqual([0, 100, 1, 2]);
  });

  it('sends a batch whose answer was lost under the same id, so that it counts once', async () => {
    const { store, clock, queue } = make();
    store.loseAnswers = true;
    record(queue, 0, 10);
    await queue.flush();
    store.loseAnswers = false;
    clock.ms = 1000;
    await queue.flush();
    expect(numbers(store.rows())).toEqual(upTo(10));
  });

  it('drops and counts the oldest when the disk is full', async () => {
    const { store, clock, queue } = make(fakeSpool(2));
    store.isAway = true;
    for (let batch = 0; batch < 4; batch += 1) {
      record(queue, batch * 10, batch * 10 + 10);
      await queue.flush();
    }
    expect(queue.dropped).toBe(20);
    store.isAway = false;
    clock.ms = 1000;
    await queue.flush();
    expect(numbers(store.rows())).toEqual(upTo(40).slice(20));
  });

  it('keeps batches in memory without a disk', async () => {
    const { store, clock, queue } = make(null);
    store.isAway = true;
    record(queue, 0, 10);
    await queue.flush();
    expect(queue.depth()).toBe(10);
    store.isAway = false;
    clock.ms = 1000;
    await queue.flush();
    expect(numbers(store.rows())).toEqual(upTo(10));
  });

  it('leaves on disk what the store did not take at the end', async () => {
    const spool = fakeSpool();
    const { store, queue } = make(spool);
    store.isAway = true;
    record(queue, 0, 10);
    await queue.close();
    expect(spool.depth().events).toBe(10);
  });

  it('leaves what waits on disk to the next process when it ends', async () => {
    const spool = fakeSpool();
    const { store, clock, queue } = make(spool);
    store.isAway = true;
    record(queue, 0, 10);
    await queue.flush();
    store.isAway = false;
    clock.ms = 1000;
    record(queue, 10, 20);
    await queue.close();
    expect(numbers(store.rows())).toEqual(upTo(20).slice(10));
    expect(spool.depth().events).toBe(10);
  });

  it('gives a slow store 1.5 s in all at the end, and the rest to the disk', async () => {
    const spool = fakeSpool();
    const { store, clock, queue } = make(spool);
    const slow = store.writeBatch.bind(store);
    store.writeBatch = async (id, events) => {
      clock.ms += 600;
      await slow(id, events);
    };
    record(queue, 0, 3000);
    await queue.close();
    expect(store.rows()).toHaveLength(1500);
    expect(spool.depth().events).toBe(1500);
  });
});

const everybody: Caller = { name: 'anyone', scopes: new Set(['events', 'events:foreign', 'events:backfill']) };

describe('events of other services', () => {
  const nowMs = Date.parse('2026-06-01T12:00:00Z');
  const ingest = (item: unknown, caller = everybody, served: ReadonlyMap<string, Served> = new Map()) => {
    const { queue, store } = make();
    const faults = ingestEvents(queue, [item], {
      providers: ['fal', 'runware'],
      nowMs,
      caller,
      served,
    });
    return { faults, queue, store };
  };
  const good = { event_type: 'gen_route', event_data: { provider: 'fal', latency_ms: 120 } };

  it('are recorded at the time they say', async () => {
    const { faults, queue, store } = ingest({ ...good, created_at: '2026-06-01T11:59:00Z' });
    expect(faults).toEqual([]);
    await queue.flush();
    expect(store.rows()).toEqual([{ event_type: 'gen_route', event_data: good.event_data, age_ms: 60_000 }]);
  });

  it.each([
    ['latency_ms', Number.NaN],
    ['latency_ms', -1],
    ['latency_ms', 1e308],
    ['latency_ms', '12'],
    ['latency_ms', 3_600_001],
    ['cost_per_image', -0.01],
    ['cost_per_image', Number.POSITIVE_INFINITY],
    ['attempt', 0],
    ['images', 1e9],
    ['provider', 'runwear'],
    ['provider', "fal'; drop table feature_flags;--"],
    ['assigned', 7],
    ['note', 'a\0b'],
    ['note', '\udc00'],
  ])('are refused with %s = %j', async (name, value) => {
    const { faults, queue } = ingest({ ...good, event_data: { ...good.event_data, [name]: value } });
    expect(faults).not.toEqual([]);
    expect(faults[0]?.pointer).toMatch(/^\/0\/event_data/);
    expect(queue.depth()).toBe(0);
  });

  it.each([
    ['2026-06-01T12:00:59Z', 0],
    ['2026-06-01T12:01:01Z', 1],
    ['2026-05-31T12:00:00Z', 0],
    ['2026-05-31T11:59:59Z', 1],
    ['2025-06-01T12:00:00Z', 1],
    ['2026-06-01T12:00:00', 1],
    ['yesterday', 1],
    [1_780_000_000_000, 1],
  ])('dated %s have %i faults', (created_at, count) => {
    expect(ingest({ ...good, created_at }).faults).toHaveLength(count);
  });

  it.each([null, 7, [], {}, { event_type: 'Gen Route' }, { event_type: 'x', event_data: [] }, { ...good, extra: 1 }])(
    'are objects of the right shape, not row %#',
    (item) => {
      expect(ingest(item).faults.length).toBeGreaterThan(0);
    },
  );
});

describe('events of a caller', () => {
  const nowMs = Date.parse('2026-06-01T12:00:00Z');
  const mine: ReadonlyMap<string, Served> = new Map([
    ['mine-1', { provider: 'fal', caller: 'env-1', split: 'GEN_PROVIDER_WEIGHTS', arm: 'fal' }],
  ]);
  const generating: Caller = { name: 'env-1', scopes: new Set(['generate', 'events']) };
  const reporting: Caller = { name: 'env-2', scopes: new Set(['events', 'events:foreign']) };
  const backfilling: Caller = { name: 'env-3', scopes: new Set([...reporting.scopes, 'events:backfill' as const]) };
  const ingest = async (caller: Caller, item: unknown) => {
    const { queue, store } = make();
    const faults = ingestEvents(queue, [item], { providers: ['fal', 'runware'], nowMs, caller, served: mine });
    await queue.flush();
    return { faults: faults.map(({ pointer, detail }) => `${pointer} ${detail}`), rows: store.rows() };
  };
  const voucher = (event_data: object, more = {}) => ({ event_type: 'voucher_issued', event_data, ...more });

  it('that generates are about requests of its own, once, and say what is known of them', async () => {
    const said = { request_id: 'mine-1', reason: 'regenerate', provider: 'runware', caller: 'env-9', backfilled: true };
    const { faults, rows } = await ingest(generating, voucher(said));
    expect(faults).toEqual([]);
    const event_data = {
      ...{ request_id: 'mine-1', reason: 'regenerate', provider: 'fal' },
      ...{ caller: 'env-1', reported_by: 'env-1' },
    };
    expect(rows).toEqual([{ event_type: 'voucher_issued', event_data, age_ms: 0, once: 'mine-1' }]);
  });

  it.each([
    [
      voucher({ request_id: 'theirs-1' }),
      '/0/event_data/request_id is "theirs-1"; it must be a request that was served',
    ],
    [voucher({}), '/0/event_data/request_id is missing; it must be a request that was served to your key'],
    [{ event_type: 'image_shown' }, '/0/event_data/request_id is missing'],
    [
      { event_type: 'gen_route', event_data: { request_id: 'mine-1' } },
      '/0/event_type is "gen_route", which Sluice writes',
    ],
    [{ event_type: 'split_failed', event_data: { request_id: 'mine-1' } }, '/0/event_type is "split_failed", which'],
  ])('that generates are refused otherwise: %j', async (item, sentence) => {
    const { faults, rows } = await ingest(generating, item);
    expect(faults).toEqual([expect.stringContaining(sentence)]);
    expect(rows).toEqual([]);
  });

  it('that reports are about anybody, at most 60 s ago', async () => {
    const good = await ingest(reporting, voucher({ request_id: 'any' }, { created_at: '2026-06-01T11:59:00Z' }));
    expect(good.rows).toEqual([
      { event_type: 'voucher_issued', event_data: { request_id: 'any', reported_by: 'env-2' }, age_ms: 60_000 },
    ]);
    const old = await ingest(reporting, voucher({ request_id: 'any' }, { created_at: '2026-06-01T11:58:59Z' }));
    expect(old.faults).toEqual([expect.stringContaining('more than 60 s ago; only SLUICE_BACKFILL_KEYS')]);
  });

  it('that backfills are marked when they are older than that', async () => {
    const { rows } = await ingest(backfilling, voucher({ request_id: 'any' }, { created_at: '2026-06-01T11:58:59Z' }));
    expect(rows[0]?.event_data).toEqual({ request_id: 'any', backfilled: true, reported_by: 'env-3' });
  });

  it('of another split name it, and arms of it', async () => {
    const armsOf = (split: string) => (split === 'ART_WEIGHTS' ? ['old', 'new'] : null);
    const of = async (event_data: object) => {
      const { queue } = make();
      const rules = { providers: ['fal', 'runware'], armsOf, nowMs, caller: reporting, served: mine };
      const faults = ingestEvents(queue, [{ event_type: 'split_route', event_data }], rules);
      return faults.map(({ pointer, detail }) => `${pointer} ${detail}`);
    };
    const good = { request_id: 'r', split: 'ART_WEIGHTS', provider: 'fal', arm: 'new', assigned: 'old', latency_ms: 5 };
    expect(await of(good)).toEqual([]);
    const { split, ...nowhere } = good;
    const mustBe = 'it must be the key of a split, like "VIDEO_WEIGHTS"';
    expect(await of(nowhere)).toContain(`/0/event_data/split is missing; ${mustBe}`);
    for (const wrong of ['art', '__proto__', 7, null]) {
      expect(await of({ ...good, split: wrong })).toContain(
        `/0/event_data/split is ${JSON.stringify(wrong)}; ${mustBe}`,
      );
    }
    expect(await of({ ...good, arm: 'fal' })).toEqual([
      '/0/event_data/arm is "fal"; the arms of ART_WEIGHTS are old, new',
    ]);
    expect(await of({ ...good, assigned: 'fal' })).toHaveLength(1);
    expect(await of({ ...good, provider: 'old' })).toHaveLength(1);
  });
});
