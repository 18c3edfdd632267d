import { jsonText } from '@/lib/postgres/json-text';
import type { Sql, Tx } from '@/lib/postgres/sql';
import type { Decision } from '@/lib/rule/verdict';

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
export async function lastTick(db: Sql | Tx, split: string, decided: boolean): Promise<TickRecord | null> {
  const [row] = await db<Row[]>`
    select t.* from sluice.ticks t
    where t.split = ${split} and (${!decided}::boolean or t.error is null) order by t.slot desc limit 1`;
  return row === undefined ? null : tickOf(row);
}

/** Writes the heartbeat row; a failed tick of the same slot gives way to one that decided, never the other way. */
export async function putTick(db: Sql | Tx, split: string, tick: Omit<TickRecord, 'durationMs'>): Promise<TickRecord> {
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
