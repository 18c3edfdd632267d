import type { Sql, Tx } from '@/lib/postgres/sql';
import { defaultPolicy, type Policy } from '@/lib/split/policy/policy';
import { readPolicy } from '@/lib/split/policy/read-policy';
import type { ArmState, RolloutState } from '@/lib/split/state';
import { readWeights, type Weights, type WeightsReading } from '@/lib/split/weights';

export interface SplitRow extends RolloutState {
  readonly stageBy: string | null;
  readonly pausedBy: string | null;
  readonly pauseReason: string | null;
  readonly latchedAtMs: number | null;
  readonly latchedBy: string | null;
  readonly latchReason: string | null;
  readonly latchJournalId: number | null;
  readonly updatedAtMs: number;
  /** false where the row is gone or never was. A row of version 0 is there: it never passed the guard. */
  readonly isStored: boolean;
  /** Why the stored weights cannot be used (a dropped guard, a restored dump, a deleted row); others stand in. */
  readonly weightsFault: string | null;
}

export interface StoredSplit {
  /** null when the row does not exist. With a fault its weights are the last good ones. */
  readonly row: SplitRow | null;
  /** The row as the guard last let it pass, where the row itself is gone; null when it never did. */
  readonly lastGood: SplitRow | null;
  /** The database's now. */
  readonly nowMs: number;
}

interface Columns {
  readonly now: Date;
  /** null when there is no row and never was a good one; false for the last good one of a row that is gone. */
  readonly is_stored: boolean | null;
  /** What the guard last let pass. */
  readonly good_text: string | null;
  readonly version: number | null;
  readonly flag_value_text: string | null;
  readonly stage: string | null;
  readonly stage_started_at: Date | null;
  readonly stage_by: string | null;
  readonly rollout_started_at: Date | null;
  readonly paused_at: Date | null;
  readonly paused_by: string | null;
  readonly pause_reason: string | null;
  readonly paused_seconds: number | null;
  readonly latched_at: Date | null;
  readonly latched_by: string | null;
  readonly latch_reason: string | null;
  readonly latch_journal_id: number | null;
  readonly baseline_cost_usd: number | null;
  readonly updated_at: Date | null;
}

/** The row, or the last good one of a row that is gone, and the database's now in one statement; the stage by the policy in force, which may be newer than the row. */
export async function selectSplit(db: Sql | Tx, split: string): Promise<Columns> {
  const [row] = await db<Columns[]>`
    select n.now, f.is_stored, g.row ->> 'flag_value_text' as good_text, f.version, f.flag_value_text, f.stage_started_at, f.stage_by, f.rollout_started_at, f.paused_at,
      f.paused_by, f.pause_reason, extract(epoch from f.paused_for)::float8 as paused_seconds, f.latched_at,
      f.latched_by, f.latch_reason, f.baseline_cost_usd, f.updated_at,
      case when f.flag_value_text is not null and sluice.weights_fault(f.flag_value_text) is null
        then sluice.stage_of(f.flag_value_text::jsonb, sluice.policy(), f.latched_at is not null)
        else f.stage end as stage,
      (select j.id from sluice.journal j where j.flag_key = f.flag_key and j.at >= f.latched_at
        order by j.seq limit 1) as latch_journal_id
    from (select clock_timestamp() as now) n
    left join sluice.last_good g on g.flag_key = ${split}
    left join lateral (
      select true as is_stored, w.* from public.feature_flags w where w.flag_key = ${split}
      union all
      select false, w.* from sluice.last_good_row(${split}) w
      where not exists (select from public.feature_flags o where o.flag_key = ${split})) f on true`;
  if (row === undefined) throw new Error('the database gave no row for its own clock');
  return row;
}

/** The weights of the row, when they may be used: a guard that was dropped or a restored dump lets others in. */
export function storedWeights(text: string | null, policy: Policy, registered: readonly string[]): WeightsReading {
  const { baseline, candidates } = policy;
  return readWeights(text ?? 'null', { registered, baseline, candidates });
}

export function splitRowOf(row: Columns, weights: Weights, weightsFault: string | null, policy: Policy): SplitRow {
  const arm: ArmState = {
    rolloutStartedAtMs: row.rollout_started_at?.getTime() ?? null,
    latchedAtMs: row.latched_at?.getTime() ?? null,
    latchedBy: row.latched_by,
    reason: row.latch_reason,
  };
  return {
    version: row.version ?? 0,
    weights,
    isStored: row.is_stored === true,
    weightsFault,
    stage: row.stage ?? 'custom',
    stageStartedAtMs: row.stage_started_at?.getTime() ?? null,
    stageBy: row.stage_by,
    rolloutStartedAtMs: arm.rolloutStartedAtMs,
    pausedAtMs: row.paused_at?.getTime() ?? null,
    pausedBy: row.paused_by,
    pauseReason: row.pause_reason,
    pausedSeconds: row.paused_seconds ?? 0,
    latched: row.latched_at !== null,
    latchedAtMs: arm.latchedAtMs,
    latchedBy: row.latched_by,
    latchReason: row.latch_reason,
    latchJournalId: row.latch_journal_id,
    baselineCostUsd: row.baseline_cost_usd,
    updatedAtMs: row.updated_at?.getTime() ?? 0,
    arms: Object.fromEntries(policy.candidates.map((name) => [name, arm])),
  };
}

export interface PolicyRow {
  readonly policy: Policy;
  /** 0 for the default policy. */
  readonly version: number;
  readonly source: 'default' | 'row';
  /** Why the stored row was not used; the last good one is, then. */
  readonly fault: string | null;
}

/** The policy that was last good: kept for as long as the stored one cannot be used. */
export class LastGood {
  policy: PolicyRow = { policy: defaultPolicy, version: 0, source: 'default', fault: null };
}

/** The stored policy, the default without one, the last good one when the stored one is not valid. */
export async function readPolicyRow(db: Sql | Tx, policyKey: string, lastGood: LastGood): Promise<PolicyRow> {
  const [row] = await db<{ version: number; text: string | null; registered: string[] }[]>`
    select f.version, f.flag_value_text as text,
      (select jsonb_agg(p.name order by p.name) from sluice.providers p) as registered
    from public.feature_flags f where f.flag_key = ${policyKey}`;
  if (row === undefined) {
    lastGood.policy = { policy: defaultPolicy, version: 0, source: 'default', fault: null };
    return lastGood.policy;
  }
  const reading = readPolicy(row.text ?? 'null', row.registered);
  if (!reading.ok) return { ...lastGood.policy, fault: reading.faults.join(' ') };
  lastGood.policy = { policy: reading.policy, version: row.version, source: 'row', fault: null };
  return lastGood.policy;
}

interface RegisteredProvider {
  readonly name: string;
  readonly label: string;
  readonly deprecated: boolean;
}

/** Whom weights may name. */
export async function registeredProviders(db: Sql | Tx): Promise<readonly RegisteredProvider[]> {
  return db<RegisteredProvider[]>`select p.name, p.label, p.deprecated from sluice.providers p order by p.name`;
}
