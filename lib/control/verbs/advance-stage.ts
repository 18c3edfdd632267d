import type { Written } from '@/lib/api/views';
import type { RolloutNow } from '@/lib/control/rollout/rollout-now';
import { Refusal, says } from '@/lib/kernel/refusal';
import { advanceTarget, stageOrderBlocker } from '@/lib/rule/gates';
import type { Stage } from '@/lib/split/policy/policy';
import { raisesCandidate } from '@/lib/split/stages';
import type { Control } from '../control';
import { gatesOf } from '../rollout/gates-of';
import { readRolloutNow } from '../rollout/read-rollout-now';
import { judgedWrite } from './judged-write';
import { refuseStale } from './refuse-stale';
import { requireReason } from './require-reason';

interface AdvanceRequest {
  readonly to: string;
  readonly expectedVersion: number;
  readonly reason: string | null;
  /** Go although a gate is closed; the journal keeps the reason and what stood in the way. */
  readonly override: boolean;
  readonly actor: string;
}

/** One step along the plan, if every gate is open or an operator answers for it. */
export async function advanceStage(control: Control, request: AdvanceRequest): Promise<Written & { stage: string }> {
  return judgedWrite(() => judgeAndAdvance(control, request), request.expectedVersion, 'weights-invalid');
}

async function judgeAndAdvance(control: Control, request: AdvanceRequest) {
  const rollout = await readRolloutNow(control);
  await refuseStale(control, rollout.row, request.expectedVersion);
  const stage = nextOrRefuse(rollout, request.to);
  // From custom weights the first stage may be a step down, and lowering is free.
  const raises = raisesCandidate(rollout.row.weights, stage.weights, rollout.policy.policy);
  const blockers = raises ? gatesOf(rollout) : [];
  if (blockers.length > 0 && !request.override) throw gateClosed(`${stage.name} is not open yet`, blockers);
  const overridden = blockers.length > 0;
  const outcome = await control.flags.writeWeights(stage.weights, {
    verb: overridden ? 'override' : 'advance',
    actor: request.actor,
    reason: overridden ? requireReason(request.reason, 'An override') : request.reason,
    evidence: { to: stage.name, lines: rollout.decision.lines, blockers },
    policyVersion: rollout.policy.version,
    expectedVersion: request.expectedVersion,
    judgedAtMs: rollout.nowMs,
  });
  return { outcome, done: { stage: stage.name } };
}

function nextOrRefuse({ row, policy: { policy } }: RolloutNow, to: string): Stage {
  if (row.latched) throw rolledBack();
  const order = stageOrderBlocker(row, policy, to);
  const next = advanceTarget(row, policy);
  if (order !== null || next === null) {
    throw new Refusal('step-order', order?.detail ?? `${row.stage} is the last stage of the plan.`, {
      next: next?.name ?? null,
      blockers: order ? [order] : [],
    });
  }
  return next;
}

export function rolledBack(): Refusal {
  return new Refusal(
    'rolled-back',
    'The rollout was rolled back: re-arm it with a reason first; it then starts at the first stage.',
    says('rolled-back'),
  );
}

export function gateClosed(refused: string, blockers: readonly { readonly detail: string }[]): Refusal {
  const more = blockers.length > 1 ? ` And ${blockers.length - 1} more.` : '';
  const detail = `${refused}: ${blockers[0]?.detail ?? ''}${more}`;
  return new Refusal('gate-closed', detail, { blockers });
}
