import { randomUUID } from 'node:crypto';
import { jsonText } from '@/lib/kernel/json-text';
import { StoreAway } from '@/lib/kernel/store-away';
import { metricsStore } from '@/lib/log/buckets/metrics-store';
import { SharedReads } from '@/lib/log/buckets/shared-reads';
import type { StoredEvent } from '@/lib/log/stored-event';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { limitWaits, queryWithin, writing } from '@/lib/postgres/transaction';
import type { Decision } from '@/lib/rule/verdict';
import { alertStore } from '../alerts/alert-store';
import { flagStore } from '../flags/flag-store';
import { LastGood } from '../flags/stored-flags';
import { instanceStore } from '../instances/instance-store';

/** Two tries with a blocked row in between must fit in a tick's deadline. */
const lockMs = 1000;

export type TickStore = ReturnType<typeof tickStore>;

/** Ticks of one split: the process with the slot's lock decides, in one transaction that ends with the heartbeat row. */
export function tickStore(sql: Sql, split: string, lastGood = new LastGood()) {
  const read = new SharedReads();
  return {
    /**
     * Claims the slot the database's now lies in and runs `work` in that transaction; null when another process has the
     * slot or is at it. What `work` returns becomes the heartbeat row. Nothing waits longer than `deadlineMs`.
     */
    inSlot: (
      slot: { readonly by: string; readonly intervalSeconds: number; readonly deadlineMs: number },
      work: (scope: TickScope) => Promise<Omit<TickRecord, 'slotMs' | 'durationMs'>>,
    ): Promise<TickRecord | null> => {
      const late = { is: false };
      const ticking = sql.begin(writing, async (tx) => {
        const claimed = await claim(tx, split, slot);
        if (claimed === null) return null;
        const record = await work(scopeOf(tx, split, claimed, lastGood, read));
        // The caller has given up: what was decided then must not land now.
        if (late.is) throw StoreAway.late('tick', slot.deadlineMs);
        return putTick(tx, split, { ...record, slotMs: claimed.slotMs });
      }) as Promise<TickRecord | null>;
      return queryWithin(slot.deadlineMs, ticking, 'tick').finally(() => {
        late.is = true;
      });
    },

    /** Makes a failed tick visible, in a transaction of its own; another process may still decide this slot. */
    async recordFailure(
      { by, intervalSeconds }: { readonly by: string; readonly intervalSeconds: number },
      error: string,
    ): Promise<void> {
      const failing = sql.begin(writing, async (tx) => {
        await limitWaits(tx, lockMs, lockMs * 3);
        const { nowMs, slotMs } = await slotOf(tx, intervalSeconds);
        const nothing = { decision: null, policyVersion: null, weightsVersion: null };
        await putTick(tx, split, { ...nothing, atMs: nowMs, slotMs, by, intervalSeconds, error });
      });
      await queryWithin(lockMs * 4, failing, 'record of a failed tick');
    },

    /** Ends sessions that sit idle in a transaction on the split's row; the number ended. A rollback must not wait. */
    async freeSplit(idleForMs: number): Promise<number> {
      const freeing = sql<{ ended: number }[]>`select sluice.free_flag(${split}, ${idleForMs}::float8) as ended`;
      const [row] = await queryWithin(3000, freeing, 'ending idle sessions');
      return row?.ended ?? 0;
    },

    /** The newest heartbeat, failed ones included, and the newest that decided. */
    async last(): Promise<{ readonly any: TickRecord | null; readonly decided: TickRecord | null }> {
      return { any: await lastTick(sql, split, false), decided: await lastTick(sql, split, true) };
    },
  };
}

interface Slot {
  /** The database's now when the transaction began. */
  readonly nowMs: number;
  readonly slotMs: number;
}

async function slotOf(tx: Tx, intervalSeconds: number): Promise<Slot> {
  const [row] = await tx<{ now: Date }[]>`select now() as now`;
  const nowMs = row?.now.getTime() ?? 0;
  const intervalMs = intervalSeconds * 1000;
  return { nowMs, slotMs: Math.floor(nowMs / intervalMs) * intervalMs };
}

interface Claimed extends Slot {
  /** The last tick before this one that reached a decision; null when there was none. */
  readonly previous: TickRecord | null;
}

/**
 * The lock ends with the transaction, so it works through a transaction pooler and dies with its process. All is sent
 * at once: statements run in their order, so whether the slot is done is asked after the lock was taken.
 */
async function claim(
  tx: Tx,
  split: string,
  { intervalSeconds, deadlineMs }: { intervalSeconds: number; deadlineMs: number },
): Promise<Claimed | null> {
  const [, [lock], slot, done, previous] = await Promise.all([
    limitWaits(tx, lockMs, deadlineMs),
    tx<{ mine: boolean }[]>`
      select pg_try_advisory_xact_lock(hashtextextended(${`sluice tick ${split}`}, 0)) as mine`,
    slotOf(tx, intervalSeconds),
    tx`
      select from sluice.ticks t
      where t.split = ${split} and t.error is null and t.slot =
        to_timestamp(floor(extract(epoch from now()) / ${intervalSeconds}::numeric) * ${intervalSeconds}::numeric)`,
    lastTick(tx, split, true),
  ]);
  return lock?.mine === true && done.length === 0 ? { ...slot, previous } : null;
}

/** What one tick reads and writes: one connection, one transaction, so that all of it lands or nothing. */
export type TickScope = Readonly<ReturnType<typeof scopeOf>>;

function scopeOf(tx: Tx, split: string, claimed: Claimed, lastGood: LastGood, read: SharedReads) {
  return {
    ...claimed,
    flags: flagStore(tx, split, lastGood),
    metrics: metricsStore(tx, split, read),
    alerts: alertStore(tx),
    instances: instanceStore(tx),
    /** One row of `analytics_logs`. */
    log: (event: StoredEvent): Promise<void> => logEvent(tx, event),
  };
}

/** By the function that stores batches, which runs as the owner: what others hung on the log keeps no rollback waiting. */
async function logEvent(tx: Tx, event: StoredEvent): Promise<void> {
  await tx`select sluice.write_plain_batch(${randomUUID()}, ${`[${jsonText(event)}]`}::text::jsonb)`;
}

export interface TickRecord {
  readonly atMs: number;
  readonly slotMs: number;
  readonly by: string;
  readonly intervalSeconds: number;
  readonly durationMs: number;
  readonly decision: Decision | null;
  readonly error: string | null;
  readonly policyVersion: number | null;
  readonly weightsVersion: number | null;
}

interface Row {
  readonly at: Date;
  readonly slot: Date;
  readonly by: string;
  readonly interval_seconds: number;
  readonly duration_ms: number;
  readonly decision: TickRecord['decision'];
  readonly error: string | null;
  readonly policy_version: number | null;
  readonly weights_version: number | null;
}

/** The newest tick; with `decided`, the newest that reached a decision. */
async function lastTick(db: Sql | Tx, split: string, decided: boolean): Promise<TickRecord | null> {
  const [row] = await db<Row[]>`
    select t.* from sluice.ticks t
    where t.split = ${split} and (${!decided}::boolean or t.error is null) order by t.slot desc limit 1`;
  return row === undefined ? null : tickOf(row);
}

/** Writes the heartbeat row; a failed tick of the same slot gives way to one that decided, never the other way. */
async function putTick(db: Sql | Tx, split: string, tick: Omit<TickRecord, 'durationMs'>): Promise<TickRecord> {
  const decision = tick.decision === null ? null : jsonText(tick.decision);
  const [row] = await db<Row[]>`
    insert into sluice.ticks as t (split, slot, at, by, interval_seconds, duration_ms, action, decision, error,
      policy_version, weights_version)
    values (${split}, to_timestamp(${tick.slotMs}::float8 / 1000), to_timestamp(${tick.atMs}::float8 / 1000),
      ${tick.by}, ${tick.intervalSeconds}, extract(epoch from clock_timestamp() - now())::float8 * 1000,
      ${tick.decision?.action.kind ?? null}, ${decision}::text::jsonb, ${tick.error}, ${tick.policyVersion}::bigint,
      ${tick.weightsVersion}::bigint)
    on conflict (split, slot) do update set at = excluded.at, by = excluded.by,
      interval_seconds = excluded.interval_seconds, duration_ms = excluded.duration_ms, action = excluded.action,
      decision = excluded.decision, error = excluded.error, policy_version = excluded.policy_version,
      weights_version = excluded.weights_version
    where t.error is not null
    returning t.*`;
  return row === undefined ? { ...tick, durationMs: 0 } : tickOf(row);
}

function tickOf(row: Row): TickRecord {
  return {
    atMs: row.at.getTime(),
    slotMs: row.slot.getTime(),
    by: row.by,
    intervalSeconds: row.interval_seconds,
    durationMs: row.duration_ms,
    decision: row.decision,
    error: row.error,
    policyVersion: row.policy_version,
    weightsVersion: row.weights_version,
  };
}
