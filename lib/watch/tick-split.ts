import type { Control, Facts } from '@/lib/control/control';
import type { FlagWrite, WriteOutcome } from '@/lib/control/flags/flag-write';
import { rolloutNowOf } from '@/lib/control/rollout/read-rollout-now';
import type { RolloutNow } from '@/lib/control/rollout/rollout-now';
import { type Slot, slotOf, type TickRecord } from '@/lib/control/ticks/tick-record';
import type { TickScope } from '@/lib/control/ticks/tick-store';
import { isLockWait } from '@/lib/kernel/store-away';
import { explain } from '@/lib/rule/explain';
import type { Action, LineVerdict } from '@/lib/rule/verdict';
import { afterRollbackOf, atRest, latchedArms, stageWeights } from '@/lib/split/stages';
import { stateAfter } from '@/lib/split/state-after';
import { reconcileAlerts } from './tick-alerts';

/** How often a row that moves under the decision is judged afresh before the next tick takes over. */
const judgements = 5;

/** Who writes what a tick decides. */
const actor = 'watchdog';

/**
 * Judges one split afresh and carries out what follows, in one transaction that ends with its heartbeat row; null when
 * the slot is decided, or another process is at it.
 */
export async function tickSplit(control: Pick<Control, 'ticks' | 'facts'>, request: Slot): Promise<TickRecord | null> {
  const slot = slotOf(request);
  const work = (scope: TickScope) => decideAndAct(control, scope, request);
  try {
    return await control.ticks.inSlot(slot, work);
  } catch (error) {
    if (!isLockWait(error)) throw error;
    // Left open in psql, `begin; update feature_flags …` holds the row: a rollback ends that session and does not wait.
    await control.ticks.freeSplit(0);
    return control.ticks.inSlot(slot, work);
  }
}

async function decideAndAct({ facts }: Pick<Control, 'facts'>, scope: TickScope, request: Slot) {
  const ticks = { any: scope.previous, decided: scope.previous };
  let rollout: RolloutNow;
  for (let judgement = 1; ; judgement++) {
    rollout = await rolloutNowOf({ ...scope, facts }, ticks);
    if ((await act(scope, rollout, facts)) === 'done') break;
    if (judgement >= judgements) throw new Error(`The split moved ${judgements} times while it was being judged.`);
  }
  await reconcileAlerts(scope.alerts, afterwards(rollout));
  return {
    atMs: scope.nowMs,
    by: request.by,
    intervalSeconds: request.intervalSeconds,
    decision: rollout.decision,
    error: null,
    policyVersion: rollout.policy.version,
    weightsVersion: rollout.row.version,
  };
}

/** What the tick itself has rolled back is told as that, and its breach is over. */
function afterwards(rollout: RolloutNow): RolloutNow {
  const { action } = rollout.decision;
  if (action.kind !== 'rollback') return rollout;
  const { row, nowMs } = rollout;
  const { policy } = rollout.policy;
  const state = stateAfter(row, afterRollbackOf(row.weights, policy, action.arms), policy, nowMs, true);
  return { ...rollout, row: { ...row, ...state, weightsFault: null } };
}

/** Carries out what was decided; `stale` means the row moved meanwhile and everything must be judged afresh. */
async function act(scope: TickScope, rollout: RolloutNow, facts: Facts): Promise<'done' | 'stale'> {
  const { action } = rollout.decision;
  if (action.kind === 'rollback') return rollBackNow(scope, rollout, action, facts);
  if (action.kind === 'advance') return advanceNow(scope, rollout, action);
  return 'done';
}

type Rollback = Extract<Action, { kind: 'rollback' }>;

async function rollBackNow(scope: TickScope, rollout: RolloutNow, action: Rollback, { split, slug }: Facts) {
  const { policy, version } = rollout.policy;
  const { row } = rollout;
  const { line, arms } = action;
  const to = afterRollbackOf(row.weights, policy, arms);
  const reason = explain(line, policy);
  const evidence = { ...(await evidenceOf(scope, rollout, line)), arms };
  const written = landed(await scope.flags.writeWeights(to, write('rollback', reason, rollout, evidence)));
  if (written === null) return 'stale';
  const { journalId } = written;
  const told = { split, slug, arms, from: row.weights, to, stage: row.stage, reason };
  const numbers = { metric: line.metric, value: line.value, limit: line.limit, n: line.n };
  const event = { ...told, ...numbers, actor, weights_version: written.version, journal_id: journalId };
  await scope.log({ event_type: 'rollout_rollback', event_data: { ...event, policy_version: version }, age_ms: 0 });
  // The others go on: this is told of the arms, and ends when they are re-armed.
  const key = atRest(to, policy) ? split : `${split} ${arms.join(' ')}`;
  await scope.alerts.raise({
    kind: 'rolled_back',
    key,
    detail: reason,
    params: { key, line, stage: row.stage, from: row.weights, to, arms },
    blocksAdvance: false,
    journalId,
  });
  return 'done';
}

async function evidenceOf(scope: TickScope, rollout: RolloutNow, line: LineVerdict) {
  const { policy, version } = rollout.policy;
  const { nowMs } = rollout;
  return {
    line,
    lines: rollout.decision.lines,
    baseline_cost: rollout.decision.baselineCost,
    judged_at: new Date(rollout.decision.atMs).toISOString(),
    policy_version: version,
    evidence_rule: policy.evidence,
    top_errors: await scope.metrics.topErrors(line.arm, nowMs - line.windowSeconds * 1000, nowMs),
  };
}

async function advanceNow({ flags }: TickScope, rollout: RolloutNow, { to }: Extract<Action, { kind: 'advance' }>) {
  const stage = rollout.policy.policy.stages.find(({ name }) => name === to);
  if (stage === undefined) throw new Error(`The decision advances to ${to}, which the policy does not have.`);
  const weights = stageWeights(stage, rollout.policy.policy, latchedArms(rollout.row.arms));
  const reason = `Every gate to ${to} is open and the policy advances by itself.`;
  const evidence = { to, lines: rollout.decision.lines };
  const outcome = await flags.writeWeights(weights, write('advance', reason, rollout, evidence));
  return landed(outcome) === null ? 'stale' : 'done';
}

function write(verb: FlagWrite['verb'], reason: string, rollout: RolloutNow, evidence: unknown): FlagWrite {
  return { verb, actor, reason, evidence, policyVersion: rollout.policy.version, expectedVersion: rollout.row.version };
}

function landed(outcome: WriteOutcome) {
  if (outcome.kind === 'refused') throw new Error(`The database refused the watchdog's write: ${outcome.sentence}`);
  return outcome.kind === 'written' ? outcome : null;
}
