import { jsonText } from '@/lib/kernel/json-text';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { gridSeconds } from '@/lib/rule/buckets/bucket';
import type { Decision } from '@/lib/rule/verdict';

/** Two tries with a blocked row in between must fit in a tick's deadline. */
export const lockMs = 1000;

/** Which slot, and for whom. */
export interface Slot {
  /** Which process ticks: `watchdog:host:pid`, `cron`. */
  readonly by: string;
  /** How often this caller ticks: silence is measured by it. Slots are ten seconds, or as short as the interval. */
  readonly intervalSeconds: number;
  /** Shorter than the interval: a tick that cannot end in time must not meet the next one. */
  readonly deadlineMs: number;
  /** The slot that is decided although another may have begun; left out, the one the database's now lies in. */
  readonly slotMs?: number;
}

/** A caller once a minute and one every ten seconds share the same slots, so that they never decide twice. */
export function slotOf({ by, intervalSeconds, deadlineMs, slotMs }: Slot): Slot {
  const slot = { by, deadlineMs, intervalSeconds: Math.min(gridSeconds, intervalSeconds) };
  return slotMs === undefined ? slot : { ...slot, slotMs };
}

export type AskedSlot = Pick<Slot, 'slotMs' | 'intervalSeconds'>;

/** When the slot began. */
export function startOf(tx: Tx, { slotMs, intervalSeconds }: AskedSlot) {
  if (slotMs !== undefined) return tx`to_timestamp(${slotMs}::float8 / 1000)`;
  return tx`to_timestamp(floor(extract(epoch from now()) / ${intervalSeconds}::numeric) * ${intervalSeconds}::numeric)`;
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

/** What is stored of a tick; how long it took is measured as it is stored. */
export type NewTick = Omit<TickRecord, 'durationMs'> & { readonly split: string };

export interface TickRow {
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

export function tickOf(row: TickRow): TickRecord {
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

/** The newest tick; with `decided`, the newest that reached a decision. */
export async function lastTick(db: Sql | Tx, split: string, decided: boolean): Promise<TickRecord | null> {
  const [row] = await db<TickRow[]>`
    select t.* from sluice.ticks t
    where t.split = ${split} and (${!decided}::boolean or t.error is null) order by t.slot desc limit 1`;
  return row === undefined ? null : tickOf(row);
}

/**
 * The newest pass that did not fail this split, as a tick of it. A split at rest has no row of its own, and
 * no decision.
 */
export async function lastPassOf(db: Sql | Tx, split: string): Promise<TickRecord | null> {
  const [row] = await db<TickRow[]>`
    select p.slot, p.at, p.by, p.interval_seconds, p.duration_ms, null::jsonb as decision, null as error,
      null::bigint as policy_version, null::bigint as weights_version
    from sluice.passes p
    where not exists (
      select from sluice.ticks t where t.split = ${split} and t.slot = p.slot and t.error is not null)
    order by p.slot desc limit 1`;
  return row === undefined ? null : tickOf(row);
}

/** Writes heartbeat rows; a failed tick of the same slot gives way to one that decided, never the other way. */
export async function putTicks(db: Sql | Tx, ticks: readonly NewTick[]): Promise<ReadonlyMap<string, TickRecord>> {
  if (ticks.length === 0) return new Map();
  const rows = await db<(TickRow & { readonly split: string })[]>`
    insert into sluice.ticks as t (split, slot, at, by, interval_seconds, duration_ms, action, decision, error,
      policy_version, weights_version)
    select n.split, to_timestamp(n."slotMs" / 1000), to_timestamp(n."atMs" / 1000), n.by, n."intervalSeconds",
      extract(epoch from clock_timestamp() - now())::float8 * 1000, n.decision #>> '{action,kind}',
      nullif(n.decision, 'null'), n.error, n."policyVersion", n."weightsVersion"
    from jsonb_to_recordset(${jsonText(ticks)}::text::jsonb) n (split text, "slotMs" float8, "atMs" float8, by text,
      "intervalSeconds" integer, decision jsonb, error text, "policyVersion" bigint, "weightsVersion" bigint)
    on conflict (split, slot) do update set at = excluded.at, by = excluded.by,
      interval_seconds = excluded.interval_seconds, duration_ms = excluded.duration_ms, action = excluded.action,
      decision = excluded.decision, error = excluded.error, policy_version = excluded.policy_version,
      weights_version = excluded.weights_version
    where t.error is not null
    returning t.*`;
  return new Map(rows.map((row) => [row.split, tickOf(row)]));
}

/** The same for one; of a slot that is decided already, what was asked for. */
export async function putTick(db: Sql | Tx, tick: NewTick): Promise<TickRecord> {
  const { split, ...record } = tick;
  return (await putTicks(db, [tick])).get(split) ?? { ...record, durationMs: 0 };
}

export interface LastTicks {
  readonly any: TickRecord | null;
  readonly decided: TickRecord | null;
}

export function newest({ any, decided, pass }: LastTicks & { readonly pass: TickRecord | null }): LastTicks {
  if (pass === null || (decided !== null && decided.atMs >= pass.atMs)) return { any, decided };
  return { any: any !== null && any.atMs > pass.atMs ? any : pass, decided: pass };
}
