import type { AlertView } from '@/lib/api/alerts';
import { StoreAway } from '@/lib/kernel/store-away';
import { metricsStore } from '@/lib/log/buckets/metrics-store';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { limitWaits, queryWithin, writing } from '@/lib/postgres/transaction';
import { firstSplit } from '@/lib/split/split-key';
import { openAlerts } from '../alerts/alert-store';
import { type Columns, selectEverySplit } from '../flags/stored-flags';
import { instanceStore } from '../instances/instance-store';
import { instanceSeconds, type SeenInstance } from '../rollout/as-instances-say';
import {
  type LastTicks,
  lockMs,
  type NewTick,
  newest,
  putTicks,
  type Slot,
  startOf,
  type TickRecord,
  type TickRow,
  tickOf,
} from './tick-record';
import type { Remembered } from './tick-store';

export interface ClaimedPass {
  /** The database's now when the pass began. */
  readonly nowMs: number;
  readonly slotMs: number;
  /** Splits that were decided in this slot before a pass of it was cut off, or failed others. */
  readonly decided: ReadonlySet<string>;
}

/** What a pass comes to; the ticks are of those that wrote none themselves. */
export interface PassDone {
  readonly ticks: readonly NewTick[];
  readonly splits: number;
  readonly acted: number;
  readonly failed: number;
}

export type PassStore = ReturnType<typeof passStore>;
export type PassReading = ReturnType<typeof readingOf>;

/**
 * Passes over all splits. The process with the lock decides a slot; what it reads and what it does about one split are
 * transactions of their own, on another connection, so that a split that cannot be judged takes no other with it.
 */
export function passStore(sql: Sql, remembered: (split: string) => Remembered) {
  return {
    /**
     * Claims the slot the database's now lies in; null when another process has it, or it is done. Nothing that `work`
     * says is stored after the deadline.
     */
    inSlot: (
      slot: Slot,
      work: (claimed: ClaimedPass) => Promise<PassDone>,
    ): Promise<ReadonlyMap<string, TickRecord> | null> => {
      const late = { is: false };
      const passing = sql.begin(writing, async (tx) => {
        const claimed = await claimPass(tx, slot);
        if (claimed === null) return null;
        const done = await work(claimed);
        if (late.is) throw StoreAway.late('tick', slot.deadlineMs);
        const [stored] = await Promise.all([putTicks(tx, done.ticks), putPass(tx, slot, claimed, done)]);
        return stored;
      }) as Promise<ReadonlyMap<string, TickRecord> | null>;
      return queryWithin(slot.deadlineMs, passing, 'tick').finally(() => {
        late.is = true;
      });
    },

    /** What there is to judge, and the ways to read on, in one transaction; each statement ends in time. */
    reading: <T>(withinMs: number, read: (scope: PassReading) => Promise<T>): Promise<T> =>
      sql.begin('isolation level read committed read only', async (tx) => {
        // A lock that does not come must be told from a statement that takes long: its holder can be ended.
        const limits = limitWaits(tx, Math.min(lockMs, withinMs / 2), withinMs);
        // Sent with what is read first, and run before it.
        const [, found] = await Promise.all([limits, read(readingOf(tx, remembered))]);
        return found;
      }) as Promise<T>,
  };
}

function readingOf(tx: Tx, remembered: (split: string) => Remembered) {
  return {
    standing: () => readStanding(tx),
    ticks: (splits: readonly string[]) => readTicks(tx, splits),
    lastGood: (split: string) => remembered(split).lastGood,
    metrics: (split: string) => metricsStore(tx, split, remembered(split).reads),
  };
}

interface Begun {
  readonly now: Date;
  readonly slot: Date;
  readonly is_done: boolean;
  readonly decided: readonly string[];
}

/** All is sent at once: statements run in their order, so whether the slot is done is asked after the lock was taken. */
async function claimPass(tx: Tx, slot: Slot): Promise<ClaimedPass | null> {
  const [, [lock], [begun]] = await Promise.all([
    limitWaits(tx, lockMs, slot.deadlineMs),
    tx<{ mine: boolean }[]>`select pg_try_advisory_xact_lock(hashtextextended('sluice pass', 0)) as mine`,
    tx<Begun[]>`
      select now() as now, s.slot, exists (select from sluice.passes p where p.slot = s.slot and p.failed = 0) as is_done,
        (select coalesce(jsonb_agg(t.split), '[]') from sluice.ticks t
          where t.slot = s.slot and t.error is null and t.split in (select r.key from sluice.splits r)) as decided
      from (select ${startOf(tx, slot)} as slot) s`,
  ]);
  if (lock?.mine !== true || begun === undefined) return null;
  const decided = new Set(begun.decided);
  if (begun.is_done && decided.has(firstSplit)) return null;
  return { nowMs: begun.now.getTime(), slotMs: begun.slot.getTime(), decided };
}

async function putPass(tx: Tx, slot: Slot, { slotMs, nowMs }: ClaimedPass, done: PassDone): Promise<void> {
  const { splits, acted, failed } = done;
  await tx`
    insert into sluice.passes as p (slot, at, by, interval_seconds, duration_ms, splits, judged, acted, failed)
    values (to_timestamp(${slotMs}::float8 / 1000), to_timestamp(${nowMs}::float8 / 1000), ${slot.by},
      ${slot.intervalSeconds}, extract(epoch from clock_timestamp() - now())::float8 * 1000, ${splits},
      ${splits - failed}, ${acted}, ${failed})
    on conflict (slot) do update set at = excluded.at, by = excluded.by, interval_seconds = excluded.interval_seconds,
      duration_ms = excluded.duration_ms, splits = excluded.splits, judged = excluded.judged,
      acted = p.acted + excluded.acted, failed = excluded.failed`;
}

/** What a pass reads of all splits at once. */
export interface Standing {
  readonly splits: readonly StandingSplit[];
  readonly instances: readonly SeenInstance[];
}

export interface StandingSplit {
  readonly key: string;
  readonly columns: Columns;
  readonly alerts: readonly AlertView[];
}

/** The first split, whatever became of its registration, and every other that is not archived. */
async function readStanding(tx: Tx): Promise<Standing> {
  const [rows, instances, alerts] = await Promise.all([
    selectEverySplit(tx),
    instanceStore(tx).list(instanceSeconds),
    openAlerts(tx),
  ]);
  const splits = rows.map((columns) => ({
    key: columns.key,
    columns,
    // Those of the installation end where the first split is judged.
    alerts: [...(alerts.get(columns.key) ?? []), ...((columns.key === firstSplit ? alerts.get(null) : null) ?? [])],
  }));
  return { splits, instances };
}

/** When each of these was last judged. */
async function readTicks(tx: Tx, splits: readonly string[]): Promise<ReadonlyMap<string, LastTicks>> {
  if (splits.length === 0) return new Map();
  const rows = await tx<{ split: string; decided: TickText | null; pass: TickText | null }[]>`
    select k.split, to_jsonb(t) - 'decision' as decided, to_jsonb(p) as pass
    from jsonb_array_elements_text(${JSON.stringify(splits)}::text::jsonb) k (split)
    left join lateral (
      select t.* from sluice.ticks t where t.split = k.split and t.error is null order by t.slot desc limit 1) t on true
    left join lateral (
      select p.* from sluice.passes p
      where k.split <> ${firstSplit} and not exists (
        select from sluice.ticks f where f.split = k.split and f.slot = p.slot and f.error is not null)
      order by p.slot desc limit 1) p on true`;
  return new Map(rows.map(({ split, decided, pass }) => [split, lastOf(decided, pass)]));
}

/** A row of ticks or passes as JSON has it. */
type TickText = Pick<TickRow, 'by' | 'interval_seconds' | 'duration_ms'> & Readonly<Record<'at' | 'slot', string>>;

function lastOf(decided: TickText | null, pass: TickText | null): LastTicks {
  const known = (row: TickText | null) => {
    if (row === null) return null;
    const [at, slot] = [new Date(row.at), new Date(row.slot)];
    const none = { error: null, policy_version: null, weights_version: null, decision: null };
    return tickOf({ ...row, ...none, at, slot });
  };
  return newest({ any: known(decided), decided: known(decided), pass: known(pass) });
}
