import type { Written } from '@/lib/api/views';
import { Refusal } from '@/lib/kernel/refusal';
import { rearmBlockers } from '@/lib/rule/gates';
import { rearmedWeights } from '@/lib/split/stages';
import type { Control } from '../control';
import { gateFactsOf } from '../rollout/gates-of';
import { readRolloutNow } from '../rollout/read-rollout-now';
import { gateClosed } from './advance-stage';
import { changeState, type StateRequest } from './change-state';
import { judgedWrite } from './judged-write';
import { refuseStale } from './refuse-stale';
import { requireReason } from './require-reason';
import { noArm } from './roll-back';

export interface RearmRequest extends StateRequest {
  /** The only arm that begins again; left out, all of them. */
  readonly arm?: string;
  /** Go although something would keep an advance from being safe; the journal keeps what. */
  readonly override?: boolean;
}

/** After a rollback an operator must say why it is safe to begin again; it begins at the first stage. */
export async function rearm(control: Control, request: RearmRequest): Promise<Written> {
  const reason = requireReason(request.reason, 'Re-arming');
  const { arm } = request;
  if (arm !== undefined && (await standsAlone(control, arm)))
    return judgedWrite(
      () => rearmArm(control, arm, { ...request, reason }),
      request.expectedVersion,
      'weights-invalid',
    );
  return changeState(control, 'rearm', { ...request, reason }, ({ latched, stage, arms }) => {
    const isLatched = arm === undefined ? latched : arms[arm]?.latchedAtMs != null;
    if (!isLatched) throw notLatched(arm ?? 'The rollout', stage);
  });
}

/** Whether the others go on without it. Of a split that is rolled back whole, or has one candidate, the weights stay. */
async function standsAlone({ flags }: Control, arm: string): Promise<boolean> {
  const { policy } = await flags.readPolicy();
  if (!policy.candidates.includes(arm)) throw noArm(arm, policy.candidates);
  const { row } = await flags.readSplit();
  return policy.candidates.length > 1 && row !== null && !row.latched;
}

async function rearmArm(control: Control, arm: string, request: RearmRequest) {
  const rollout = await readRolloutNow(control);
  const { row, policy } = rollout;
  await refuseStale(control, row, request.expectedVersion);
  if (row.arms[arm]?.latchedAtMs == null) throw notLatched(arm, row.stage);
  const weights = rearmedWeights(row.weights, policy.policy, arm);
  if (typeof weights === 'string') throw new Refusal('weights-invalid', `${arm} was not re-armed: ${weights}.`);
  const blockers = rearmBlockers(gateFactsOf(rollout), arm);
  if (blockers.length > 0 && request.override !== true) throw gateClosed(`${arm} was not re-armed`, blockers);
  const outcome = await control.flags.writeWeights(weights, {
    verb: 'rearm',
    arm,
    actor: request.actor,
    reason: request.reason,
    evidence: { arm, blockers },
    policyVersion: policy.version,
    expectedVersion: request.expectedVersion,
    judgedAtMs: rollout.nowMs,
  });
  return { outcome, done: {} };
}

function notLatched(what: string, stage: string): Refusal {
  const where = what === 'The rollout' ? `The rollout is at ${stage}` : `${what} was not rolled back`;
  return new Refusal('not-rolled-back', `${where}: there is nothing to re-arm.`);
}
