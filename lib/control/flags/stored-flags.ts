import type { Sql, Tx } from '@/lib/postgres/sql';
import type { Policy } from '@/lib/split/policy/policy';
import { firstSplit } from '@/lib/split/split-key';
import { latchedArms, stageOf } from '@/lib/split/stages';
import { type ArmState, type Arms, type RolloutState, untouchedArm } from '@/lib/split/state';
import { readWeights, type Weights, type WeightsReading } from '@/lib/split/weights';

export interface PolicyColumns {
  readonly version: number;
  readonly text: string | null;
}

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
  /** Whose provider each arm is. */
  readonly providers: Readonly<Record<string, string>>;
  /** Which model is pinned to each arm. */
  readonly models: Readonly<Record<string, string | null>>;
}

export interface Columns {
  readonly key: string;
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
  /** Each candidate's own part, where there are several. */
  readonly arms: Readonly<Record<string, ArmColumns>> | null;
  readonly policy: PolicyColumns | null;
  /** Whom weights and policy may name. */
  readonly registered: readonly string[];
  /** Whose provider each arm is. */
  readonly providers: Readonly<Record<string, string>>;
  /** Which model is pinned to each arm. */
  readonly models: Readonly<Record<string, string | null>>;
}

interface ArmColumns {
  readonly rollout_started_at: string | null;
  readonly latched_at: string | null;
  readonly latched_by: string | null;
  readonly reason: string | null;
}

/** The rows of these splits, or the last good ones of rows that are gone, their policies, and the database's now, in one statement. */
export async function selectSplits(db: Sql | Tx, splits: readonly string[]): Promise<readonly Columns[]> {
  return selectOf(db, db`select e as key from jsonb_array_elements_text(${JSON.stringify(splits)}::text::jsonb) e`);
}

/** The same of the first split, whatever became of its registration, and of every other that is not archived. */
export async function selectEverySplit(db: Sql | Tx): Promise<readonly Columns[]> {
  const others = db`select s.key from sluice.splits s where s.archived_at is null and s.key <> ${firstSplit}`;
  return selectOf(db, db`select ${firstSplit}::text as key union all ${others}`);
}

function selectOf(db: Sql | Tx, keys: ReturnType<Sql>) {
  return db<Columns[]>`
    select k.key, n.now, f.is_stored, g.row ->> 'flag_value_text' as good_text, f.version, f.flag_value_text, f.stage,
      f.stage_started_at, f.stage_by, f.rollout_started_at, f.paused_at, f.paused_by, f.pause_reason,
      extract(epoch from f.paused_for)::float8 as paused_seconds, f.latched_at, f.latched_by, f.latch_reason,
      f.baseline_cost_usd, f.updated_at,
      case when p.flag_key is not null then jsonb_build_object('version', p.version, 'text', p.flag_value_text) end as policy,
      ${namesOf(db, db`k.key`)} as registered,
      to_jsonb(f) -> 'rollout_arms' as arms,
      m.providers, m.models,
      (select j.id from sluice.journal j where j.flag_key = f.flag_key and j.at >= f.latched_at
        order by j.seq limit 1) as latch_journal_id
    from (${keys}) k
    cross join (select clock_timestamp() as now) n
    left join sluice.last_good g on g.flag_key = k.key
    left join public.feature_flags p on p.flag_key = sluice.policy_key(k.key)
    cross join lateral (
      select coalesce(jsonb_object_agg(a.name, a.provider), '{}') as providers,
        coalesce(jsonb_object_agg(a.name, a.model), '{}') as models
      from sluice.arms a where a.split = k.key) m
    left join lateral (
      select true as is_stored, w.* from public.feature_flags w where w.flag_key = k.key
      union all
      select false, w.* from sluice.last_good_row(k.key) w
      where not exists (select from public.feature_flags o where o.flag_key = k.key)) f on true`;
}

/** The row as it is in force, and when it was read. */
export function storedSplitOf(row: Columns, policy: Policy): StoredSplit {
  const read = { nowMs: row.now.getTime(), providers: row.providers, models: row.models };
  if (row.is_stored === null) return { row: null, lastGood: null, ...read };
  const [stored, good] = [row.flag_value_text, row.good_text].map((text) =>
    storedWeights(text, policy, row.registered),
  );
  const standIn = good?.ok ? good.weights : policy.rollback;
  if (!row.is_stored) return { row: null, lastGood: splitRowOf(row, standIn, null, policy), ...read };
  if (stored?.ok) return { row: splitRowOf(row, stored.weights, null, policy), lastGood: null, ...read };
  return { row: splitRowOf(row, standIn, stored?.sentence ?? null, policy), lastGood: null, ...read };
}

/** The weights of the row, when they may be used: a dropped guard or a restored dump may leave ones that may not. */
function storedWeights(text: string | null, policy: Policy, registered: readonly string[]): WeightsReading {
  const { baseline, candidates } = policy;
  return readWeights(text ?? 'null', { registered, baseline, candidates });
}

function splitRowOf(row: Columns, weights: Weights, weightsFault: string | null, policy: Policy): SplitRow {
  const arms = armsOf(row, policy);
  // By the policy in force, which may be newer than the row.
  const stage = weightsFault === null ? stageOf(weights, policy, latchedArms(arms)) : (row.stage ?? 'custom');
  return {
    version: row.version ?? 0,
    weights,
    isStored: row.is_stored === true,
    weightsFault,
    stage,
    stageStartedAtMs: row.stage_started_at?.getTime() ?? null,
    stageBy: row.stage_by,
    rolloutStartedAtMs: row.rollout_started_at?.getTime() ?? null,
    pausedAtMs: row.paused_at?.getTime() ?? null,
    pausedBy: row.paused_by,
    pauseReason: row.pause_reason,
    pausedSeconds: row.paused_seconds ?? 0,
    latched: row.latched_at !== null,
    latchedAtMs: row.latched_at?.getTime() ?? null,
    latchedBy: row.latched_by,
    latchReason: row.latch_reason,
    latchJournalId: row.latch_journal_id,
    baselineCostUsd: row.baseline_cost_usd,
    updatedAtMs: row.updated_at?.getTime() ?? 0,
    arms,
  };
}

/** An only candidate is where its row is, and while the whole split is latched every one is; as `sluice.arms_of`. */
function armsOf(row: Columns, { candidates }: Policy): Arms {
  const latch = {
    latchedAtMs: row.latched_at?.getTime() ?? null,
    latchedBy: row.latched_by,
    reason: row.latch_reason,
  };
  const ofRow: ArmState = { rolloutStartedAtMs: row.rollout_started_at?.getTime() ?? null, ...latch };
  if (candidates.length === 1) return Object.fromEntries(candidates.map((arm) => [arm, ofRow]));
  return Object.fromEntries(
    candidates.map((arm) => {
      const known = armOf(row.arms?.[arm]);
      return [arm, row.latched_at !== null && known.latchedAtMs === null ? { ...known, ...latch } : known];
    }),
  );
}

function armOf(known: ArmColumns | undefined): ArmState {
  if (known === undefined) return untouchedArm;
  const at = (text: string | null) => (text === null ? null : Date.parse(text));
  const { latched_by: latchedBy, reason } = known;
  return { rolloutStartedAtMs: at(known.rollout_started_at), latchedAtMs: at(known.latched_at), latchedBy, reason };
}

/** A split's arms. */
export function namesOf(db: Sql | Tx, split: PendingQuery) {
  return db`(
    select coalesce(jsonb_agg(a.name order by a.name), '[]') from sluice.arms a where a.split = ${split})`;
}

type PendingQuery = ReturnType<Sql>;

/** Whom weights and policy of a split may name. */
export async function namesOfSplit(db: Sql | Tx, split: string): Promise<readonly string[]> {
  const [row] = await db<{ names: string[] }[]>`select ${namesOf(db, db`${split}::text`)} as names`;
  return row?.names ?? [];
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
