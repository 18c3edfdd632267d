import type { StoredEvent, TickRecord, TickScope, TickStore } from '@/lib/operations/ports';
import { alertStore } from './alert-store';
import { limitWaits, writing } from './atomically';
import { BucketReader } from './bucket-reader';
import type { Sql, Tx } from './connection';
import { StoreTimeout, withDeadline } from './deadline';
import { flagStore } from './flag-store';
import { instanceStore } from './instance-store';
import { jsonText } from './json-text';
import { metricsStore } from './metrics-store';
import { LastGood } from './policy-reader';
import { lastTick, putTick } from './tick-row';

/** Two tries with a blocked row in between must fit in a tick's deadline. */
const lockMs = 1000;

/** Ticks of one split: whoever gets the slot's lock decides, in one transaction that ends with the heartbeat row. */
export function tickStore(sql: Sql, split: string, lastGood = new LastGood()): TickStore {
  const reader = new BucketReader();
  return {
    inSlot: (slot, work) => {
      const late = { is: false };
      const ticking = sql.begin(writing, async (tx) => {
        const claimed = await claim(tx, split, slot);
        if (claimed === null) return null;
        const record = await work(scopeOf(tx, split, claimed, lastGood, reader));
        // Nobody waits for this any more: what was decided then must not land now.
        if (late.is) throw new StoreTimeout('tick', slot.deadlineMs);
        return putTick(tx, split, { ...record, slotMs: claimed.slotMs });
      }) as Promise<TickRecord | null>;
      return withDeadline(ticking, slot.deadlineMs, 'tick').finally(() => {
        late.is = true;
      });
    },

    async recordFailure({ by, intervalSeconds }, error) {
      const failing = sql.begin(writing, async (tx) => {
        await limitWaits(tx, lockMs, lockMs * 3);
        const { nowMs, slotMs } = await slotOf(tx, intervalSeconds);
        const nothing = { decision: null, policyVersion: null, weightsVersion: null };
        await putTick(tx, split, { ...nothing, atMs: nowMs, slotMs, by, intervalSeconds, error });
      });
      await withDeadline(failing, lockMs * 4, 'record of a failed tick');
    },

    async freeSplit(idleForMs) {
      const freeing = sql<{ ended: number }[]>`select sluice.free_flag(${split}, ${idleForMs}::float8) as ended`;
      const [row] = await withDeadline(freeing, 3000, 'ending idle sessions');
      return row?.ended ?? 0;
    },

    async last() {
      return { any: await lastTick(sql, split, false), decided: await lastTick(sql, split, true) };
    },
  };
}

interface Slot {
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

function scopeOf(tx: Tx, split: string, claimed: Claimed, lastGood: LastGood, reader: BucketReader): TickScope {
  return {
    ...claimed,
    flags: flagStore(tx, split, lastGood),
    metrics: metricsStore(tx, reader),
    alerts: alertStore(tx),
    instances: instanceStore(tx),
    log: (event) => logEvent(tx, event),
  };
}

async function logEvent(tx: Tx, event: StoredEvent): Promise<void> {
  await tx`
    insert into public.analytics_logs (event_type, event_data, created_at)
    values (${event.event_type}, ${jsonText(event.event_data)}::text::jsonb,
      now() - make_interval(secs => ${event.age_ms}::float8 / 1000))`;
}
