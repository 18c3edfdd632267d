import type { Written } from '@/lib/api/views';
import type { RolloutNow } from '@/lib/control/rollout/rollout-now';
import { Refusal } from '@/lib/kernel/refusal';
import { stepOrderBlocker, weightsBlockers } from '@/lib/rule/gates';
import { raisesCandidate } from '@/lib/split/stages';
import { readWeights, readWeightsValue, type Weights } from '@/lib/split/weights';
import type { Control } from '../control';
import { sharedProviders } from '../rollout/elsewhere';
import { gateFactsOf } from '../rollout/gates-of';
import { readRolloutNow } from '../rollout/read-rollout-now';
import { gateClosed, rolledBack } from './advance-stage';
import { judgedWrite } from './judged-write';
import { refuseStale } from './refuse-stale';
import { requireReason } from './require-reason';

interface WeightsRequest {
  readonly weights: unknown;
  /** The same as it was written, where that is known: it shows duplicates, and the numbers as they were meant. */
  readonly written?: string | undefined;
  readonly expectedVersion: number;
  readonly reason: string | null;
  readonly override: boolean;
  readonly actor: string;
}

/** Weights by hand: raising the candidate obeys the gates of an advance, lowering it is free. */
export async function setWeights(control: Control, request: WeightsRequest): Promise<Written & { weights: Weights }> {
  return judgedWrite(() => judgeAndSet(control, request), request.expectedVersion, 'weights-invalid');
}

async function judgeAndSet(control: Control, request: WeightsRequest) {
  const rollout = await readRolloutNow(control);
  await refuseStale(control, rollout.row, request.expectedVersion);
  const weights = await readOrRefuse(control, rollout, request);
  const blockers = blockersOrRefuse(rollout, weights);
  if (blockers.length > 0 && !request.override) throw gateClosed('These weights are refused', blockers);
  const overridden = blockers.length > 0;
  const outcome = await control.flags.writeWeights(weights, {
    verb: overridden ? 'override' : 'weights',
    actor: request.actor,
    reason: overridden ? requireReason(request.reason, 'An override') : request.reason,
    evidence: { lines: rollout.decision.lines, blockers },
    policyVersion: rollout.policy.version,
    expectedVersion: request.expectedVersion,
    judgedAtMs: rollout.nowMs,
  });
  return { outcome, done: { weights } };
}

async function readOrRefuse(
  control: Control,
  rollout: RolloutNow,
  { weights, written }: Pick<WeightsRequest, 'weights' | 'written'>,
): Promise<Weights> {
  const { baseline, candidates } = rollout.policy.policy;
  const registered = await control.facts.named();
  const rules = { registered, baseline, candidates };
  const reading = written === undefined ? readWeightsValue(weights, rules) : readWeights(written, rules);
  if (!reading.ok) throw new Refusal('weights-invalid', reading.sentence);
  return reading.weights;
}

function blockersOrRefuse(rollout: RolloutNow, weights: Weights) {
  const { policy } = rollout.policy;
  if (!raisesCandidate(rollout.row.weights, weights, policy)) return [];
  if (rollout.row.latched) throw rolledBack();
  const order = stepOrderBlocker(rollout.row, policy, weights);
  if (order !== null) throw new Refusal('step-order', order.detail, { blockers: [order] });
  return [...weightsBlockers(gateFactsOf(rollout), rollout.decision, weights), ...sharedProviders(rollout)];
}
