import { randomUUID } from 'node:crypto';
import { jsonText } from '@/lib/kernel/json-text';
import { StoreAway } from '@/lib/kernel/store-away';
import { metricsStore, SharedReads } from '@/lib/log/buckets/metrics-store';
import type { StoredEvent } from '@/lib/log/stored-event';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { limitWaits, queryWithin, writing } from '@/lib/postgres/transaction';
import { firstSplit } from '@/lib/split/split-key';
import { alertStore } from '../alerts/alert-store';
import { flagStore } from '../flags/flag-store';
import { LastGood } from '../flags/last-good';
import { instanceStore } from '../instances/instance-store';
import {
  type AskedSlot,
  type LastTicks,
  lastPassOf,
  lastTick,
  lockMs,
  newest,
  putTick,
  type Slot,
  startOf,
  type TickRecord,
} from './tick-record';

export type TickStore = ReturnType<typeof tickStore>;

/** What a process remembers of one split and of what it read of all. */
export interface Remembered {
  readonly lastGood: LastGood;
  readonly reads: SharedReads;
}

/** Ticks of one split: the process with the slot's lock decides, in one transaction that ends with the heartbeat row. */
export function tickStore(sql: Sql, split: string, remembered?: Remembered) {
  const known = remembered ?? { lastGood: new LastGood(split), reads: new SharedReads() };
  return {
    /**
     * Claims the slot the database's now lies in and runs `work` in that transaction; null when another process has the
     * slot or is at it. What `work` returns becomes the heartbeat row. Nothing waits longer than `deadlineMs`.
     */
    inSlot: (
      slot: Slot,
      work: (scope: TickScope) => Promise<Omit<TickRecord, 'slotMs' | 'durationMs'>>,
    ): Promise<TickRecord | null> => {
      const late = { is: false };
      const ticking = sql.begin(writing, async (tx) => {
        const claimed = await claim(tx, split, slot);
        if (claimed === null) return null;
        const record = await work(scopeOf(tx, split, claimed, known));
        // The caller has given up: what was decided then must not land now.
        if (late.is) throw StoreAway.late('tick', slot.deadlineMs);
        return putTick(tx, { ...record, split, slotMs: claimed.slotMs });
      }) as Promise<TickRecord | null>;
      return queryWithin(slot.deadlineMs, ticking, 'tick').finally(() => {
        late.is = true;
      });
    },

    /** Makes a failed tick visible, in a transaction of its own; another process may still decide this slot. */
    async recordFailure({ by, intervalSeconds }: Pick<Slot, 'by' | 'intervalSeconds'>, error: string): Promise<void> {
      const failing = sql.begin(writing, async (tx) => {
        await limitWaits(tx, lockMs, lockMs * 3);
        const { nowMs, slotMs } = await slotAt(tx, { intervalSeconds });
        const nothing = { decision: null, policyVersion: null, weightsVersion: null };
        await putTick(tx, { ...nothing, split, atMs: nowMs, slotMs, by, intervalSeconds, error });
      });
      await queryWithin(lockMs * 4, failing, 'record of a failed tick');
    },

    /** Ends sessions that sit idle in a transaction on the split's row; the number ended. A rollback must not wait. */
    async freeSplit(idleForMs: number): Promise<number> {
      const freeing = sql<{ ended: number }[]>`select sluice.free_flag(${split}, ${idleForMs}::float8) as ended`;
      const [row] = await queryWithin(3000, freeing, 'ending idle sessions');
      return row?.ended ?? 0;
    },

    /** The newest heartbeat, failed ones included, and the newest that decided: of its own, or a pass that found it at rest. */
    async last(): Promise<LastTicks> {
      const [any, decided, pass] = await Promise.all([
        lastTick(sql, split, false),
        lastTick(sql, split, true),
        split === firstSplit ? null : lastPassOf(sql, split),
      ]);
      return newest({ any, decided, pass });
    },
  };
}

interface SlotAt {
  /** The database's now when the transaction began. */
  readonly nowMs: number;
  readonly slotMs: number;
}

async function slotAt(tx: Tx, { slotMs, intervalSeconds }: AskedSlot): Promise<SlotAt> {
  const [row] = await tx<{ now: Date }[]>`select now() as now`;
  const nowMs = row?.now.getTime() ?? 0;
  const intervalMs = intervalSeconds * 1000;
  return { nowMs, slotMs: slotMs ?? Math.floor(nowMs / intervalMs) * intervalMs };
}

interface Claimed extends SlotAt {
  /** The last tick before this one that reached a decision; null when there was none. */
  readonly previous: TickRecord | null;
}

/**
 * The lock ends with the transaction, so it works through a transaction pooler and dies with its process. All is sent
 * at once: statements run in their order, so whether the slot is done is asked after the lock was taken.
 */
async function claim(tx: Tx, split: string, slot: Slot): Promise<Claimed | null> {
  const [, [lock], at, done, decided, pass] = await Promise.all([
    limitWaits(tx, lockMs, slot.deadlineMs),
    tx<{ mine: boolean }[]>`
      select pg_try_advisory_xact_lock(hashtextextended(${`sluice tick ${split}`}, 0)) as mine`,
    slotAt(tx, slot),
    tx`
      select from sluice.ticks t
      where t.split = ${split} and t.error is null and t.slot = ${startOf(tx, slot)}`,
    lastTick(tx, split, true),
    split === firstSplit ? null : lastPassOf(tx, split),
  ]);
  if (lock?.mine !== true || done.length > 0) return null;
  return { ...at, previous: newest({ any: null, decided, pass }).decided };
}

/** What one tick reads and writes: one connection, one transaction, so that all of it lands or nothing. */
export type TickScope = Readonly<ReturnType<typeof scopeOf>>;

function scopeOf(tx: Tx, split: string, claimed: Claimed, { lastGood, reads }: Remembered) {
  return {
    ...claimed,
    flags: flagStore(tx, split, lastGood),
    metrics: metricsStore(tx, split, reads),
    alerts: alertStore(tx, split),
    instances: instanceStore(tx),
    /** One row of `analytics_logs`. */
    log: (event: StoredEvent): Promise<void> => logEvent(tx, event),
  };
}

/** By the function that stores batches, which runs as the owner: what others hung on the log keeps no rollback waiting. */
async function logEvent(tx: Tx, event: StoredEvent): Promise<void> {
  await tx`select sluice.write_plain_batch(${randomUUID()}, ${`[${jsonText(event)}]`}::text::jsonb)`;
}
