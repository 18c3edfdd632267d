import type { FlagWrite, WriteOutcome } from '@/lib/control/flags/flag-write';
import type { Scene } from '@/lib/control/scene/scene';
import type { TickScope } from '@/lib/control/ticks/tick-store';
import { explain } from '@/lib/rule/explain';
import type { Action, LineVerdict } from '@/lib/rule/verdict';

const actor = 'watchdog';

/** Carries out what was decided; `stale` means the row moved meanwhile and everything must be judged afresh. */
export async function act(scope: TickScope, scene: Scene, split: string): Promise<'done' | 'stale'> {
  const { action } = scene.decision;
  if (action.kind === 'rollback') return rollBackNow(scope, scene, action.line, split);
  if (action.kind === 'advance') return advanceNow(scope, scene, action);
  return 'done';
}

async function rollBackNow(scope: TickScope, scene: Scene, line: LineVerdict, split: string) {
  const { policy, version } = scene.policy;
  const reason = explain(line, policy);
  const { fromMs, toMs } = { fromMs: scene.nowMs - line.windowSeconds * 1000, toMs: scene.nowMs };
  const evidence = {
    line,
    lines: scene.decision.lines,
    baseline_cost: scene.decision.baselineCost,
    judged_at: new Date(scene.decision.atMs).toISOString(),
    policy_version: version,
    evidence_rule: policy.evidence,
    top_errors: await scope.metrics.topErrors(policy.candidate, fromMs, toMs),
  };
  const outcome = await scope.flags.writeWeights(policy.rollback, write('rollback', reason, scene, evidence));
  if (landed(outcome) === null) return 'stale';
  const written = landed(outcome);
  const event = {
    split,
    actor,
    from: scene.row.weights,
    to: policy.rollback,
    stage: scene.row.stage,
    metric: line.metric,
    value: line.value,
    limit: line.limit,
    n: line.n,
    weights_version: written?.version ?? null,
    journal_id: written?.journalId ?? null,
    policy_version: version,
    reason,
  };
  await scope.log({ event_type: 'rollout_rollback', event_data: event, age_ms: 0 });
  await scope.alerts.raise({
    kind: 'rolled_back',
    key: split,
    detail: reason,
    params: { key: split, line, stage: scene.row.stage, from: scene.row.weights, to: policy.rollback },
    blocksAdvance: false,
    journalId: written?.journalId ?? null,
  });
  return 'done';
}

async function advanceNow({ flags }: TickScope, scene: Scene, { to }: Extract<Action, { kind: 'advance' }>) {
  const stage = scene.policy.policy.stages.find(({ name }) => name === to);
  if (stage === undefined) throw new Error(`The decision advances to ${to}, which the policy does not have.`);
  const reason = `Every gate to ${to} is open and the policy advances by itself.`;
  const evidence = { to, lines: scene.decision.lines };
  const outcome = await flags.writeWeights(stage.weights, write('advance', reason, scene, evidence));
  return landed(outcome) === null ? 'stale' : 'done';
}

function write(verb: FlagWrite['verb'], reason: string, scene: Scene, evidence: unknown): FlagWrite {
  return { verb, actor, reason, evidence, policyVersion: scene.policy.version, expectedVersion: scene.row.version };
}

function landed(outcome: WriteOutcome) {
  if (outcome.kind === 'refused') throw new Error(`The database refused the watchdog's write: ${outcome.sentence}`);
  return outcome.kind === 'written' ? outcome : null;
}
