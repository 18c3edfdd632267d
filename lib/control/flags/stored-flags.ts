import { Refusal } from '@/lib/kernel/refusal';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { defaultPolicy, type Policy } from '@/lib/split/policy/policy';
import { type PolicyReading, readPolicy } from '@/lib/split/policy/read-policy';
import { firstSplit, policyKeyOf } from '@/lib/split/split-key';
import { stageOf } from '@/lib/split/stages';
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
  /** Whose provider each arm is. */
  readonly providers: Readonly<Record<string, string>>;
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
  readonly policy: PolicyColumns | null;
  /** Whom weights and policy may name. */
  readonly registered: readonly string[];
  /** Whose provider each arm is. */
  readonly providers: Readonly<Record<string, string>>;
}

interface PolicyColumns {
  readonly version: number;
  readonly text: string | null;
}

/** The rows of these splits, or the last good ones of rows that are gone, their policies, and the database's now, in one statement. */
export async function selectSplits(db: Sql | Tx, splits: readonly string[]): Promise<readonly Columns[]> {
  return db<Columns[]>`
    select k.key, n.now, f.is_stored, g.row ->> 'flag_value_text' as good_text, f.version, f.flag_value_text, f.stage,
      f.stage_started_at, f.stage_by, f.rollout_started_at, f.paused_at, f.paused_by, f.pause_reason,
      extract(epoch from f.paused_for)::float8 as paused_seconds, f.latched_at, f.latched_by, f.latch_reason,
      f.baseline_cost_usd, f.updated_at,
      case when p.flag_key is not null then jsonb_build_object('version', p.version, 'text', p.flag_value_text) end as policy,
      ${namesOf(db)} as registered,
      (select coalesce(jsonb_object_agg(a.name, a.provider), '{}') from sluice.arms a where a.split = k.key) as providers,
      (select j.id from sluice.journal j where j.flag_key = f.flag_key and j.at >= f.latched_at
        order by j.seq limit 1) as latch_journal_id
    from jsonb_array_elements_text(${JSON.stringify(splits)}::text::jsonb) k (key)
    cross join (select clock_timestamp() as now) n
    left join sluice.last_good g on g.flag_key = k.key
    left join public.feature_flags p on p.flag_key = sluice.policy_key(k.key)
    left join lateral (
      select true as is_stored, w.* from public.feature_flags w where w.flag_key = k.key
      union all
      select false, w.* from sluice.last_good_row(k.key) w
      where not exists (select from public.feature_flags o where o.flag_key = k.key)) f on true`;
}

/** The first split's arms are the providers; another's are its own. */
function namesOf(db: Sql | Tx) {
  return db`case when k.key = ${firstSplit}
    then (select coalesce(jsonb_agg(v.name order by v.name), '[]') from sluice.providers v)
    else (select coalesce(jsonb_agg(a.name order by a.name), '[]') from sluice.arms a where a.split = k.key) end`;
}

/** The row as it is in force, and when it was read. */
export function storedSplitOf(row: Columns, policy: Policy): StoredSplit {
  const read = { nowMs: row.now.getTime(), providers: row.providers };
  if (row.is_stored === null) return { row: null, lastGood: null, ...read };
  const [stored, good] = [row.flag_value_text, row.good_text].map((text) =>
    storedWeights(text, policy, row.registered),
  );
  const standIn = good?.ok ? good.weights : policy.rollback;
  if (!row.is_stored) return { row: null, lastGood: splitRowOf(row, standIn, null, policy), ...read };
  if (stored?.ok) return { row: splitRowOf(row, stored.weights, null, policy), lastGood: null, ...read };
  return { row: splitRowOf(row, standIn, stored?.sentence ?? null, policy), lastGood: null, ...read };
}

/** The weights of the row, when they may be used: a guard that was dropped or a restored dump lets others in. */
function storedWeights(text: string | null, policy: Policy, registered: readonly string[]): WeightsReading {
  const { baseline, candidates } = policy;
  return readWeights(text ?? 'null', { registered, baseline, candidates });
}

function splitRowOf(row: Columns, weights: Weights, weightsFault: string | null, policy: Policy): SplitRow {
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
    // By the policy in force, which may be newer than the row.
    stage:
      weightsFault === null
        ? stageOf(weights, policy, row.latched_at === null ? [] : policy.candidates)
        : (row.stage ?? 'custom'),
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

/** The policy of one split that was last good: kept for as long as the stored one cannot be used. */
export class LastGood {
  /** null: none is stored, and none is shipped. */
  private policy: PolicyRow | null;
  /** What was made of a text, which most readings find again. */
  private known: { readonly of: string; readonly reading: PolicyReading } | null = null;

  constructor(readonly split = firstSplit) {
    this.policy = this.shipped();
  }

  /** The stored policy, the shipped one without one, the last good one when the stored one is not valid. */
  learn(stored: PolicyColumns | null, registered: readonly string[]): PolicyRow {
    if (stored === null) this.policy = this.shipped();
    else {
      const reading = this.read(stored.text ?? 'null', registered);
      if (reading.ok) this.policy = { policy: reading.policy, version: stored.version, source: 'row', fault: null };
      else if (this.policy !== null) return { ...this.policy, fault: reading.faults.join(' ') };
      else throw noPolicy(this.split, `its policy cannot be used: ${reading.faults.join(' ')}`);
    }
    if (this.policy === null) throw noPolicy(this.split, `it has no policy: write ${policyKeyOf(this.split)} first`);
    return this.policy;
  }

  private read(text: string, registered: readonly string[]): PolicyReading {
    const of = `${registered.join()} ${text}`;
    if (this.known?.of !== of) this.known = { of, reading: readPolicy(text, registered) };
    return this.known.reading;
  }

  private shipped(): PolicyRow | null {
    return this.split === firstSplit ? { policy: defaultPolicy, version: 0, source: 'default', fault: null } : null;
  }
}

function noPolicy(split: string, why: string): Refusal {
  return new Refusal('policy-invalid', `${split} cannot be judged; ${why}.`);
}

/** The policy that judges: a read of its own, which needs nothing but what was there from the beginning. */
export async function readPolicyRow(db: Sql | Tx, lastGood: LastGood): Promise<PolicyRow> {
  const { split } = lastGood;
  const [row] = await db<{ policy: PolicyColumns | null; registered: string[] }[]>`
    select (select jsonb_build_object('version', f.version, 'text', f.flag_value_text)
        from public.feature_flags f where f.flag_key = ${policyKeyOf(split)}) as policy,
      ${split === firstSplit ? db`(select jsonb_agg(p.name order by p.name) from sluice.providers p)` : db`(select coalesce(jsonb_agg(a.name order by a.name), '[]') from sluice.arms a where a.split = ${split})`} as registered`;
  return lastGood.learn(row?.policy ?? null, row?.registered ?? []);
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
