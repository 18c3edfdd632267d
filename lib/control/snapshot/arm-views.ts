import type { ArmView } from '@/lib/api/snapshot';
import type { RolloutNow } from '@/lib/control/rollout/rollout-now';
import { isoOf, isoOrNull } from '@/lib/kernel/instant';
import type { Policy } from '@/lib/split/policy/policy';
import { type ArmState, untouchedArm } from '@/lib/split/state';
import { shareOf } from '@/lib/split/weights';

/** Every arm of the split, also one that neither weights nor policy name. */
export function armViews({ row, providers, models, gate, policy: { policy } }: RolloutNow): ArmView[] {
  const rest = [...Object.keys(providers), ...Object.keys(row.weights)].sort();
  const names = new Set([policy.baseline, ...policy.candidates, ...rest]);
  return [...names].map((name) => {
    const share = shareOf(row.weights, name);
    const state = row.arms[name] ?? untouchedArm;
    return {
      name,
      provider: providers[name] ?? name,
      model: models[name] ?? null,
      share,
      role: roleOf(name, policy),
      stage: policy.candidates.includes(name) ? stageOfArm(name, share, state, policy) : null,
      requests: gate.stageRequests[name] ?? 0,
      rollout_started_at: isoOrNull(state.rolloutStartedAtMs),
      latched: latchedOf(state),
    };
  });
}

function roleOf(name: string, policy: Policy): ArmView['role'] {
  if (name === policy.baseline) return 'baseline';
  return policy.candidates.includes(name) ? 'candidate' : 'none';
}

function stageOfArm(name: string, share: number, { latchedAtMs }: ArmState, policy: Policy): string | null {
  if (latchedAtMs !== null) return 'rolled_back';
  if (share === 0) return null;
  return policy.stages.findLast(({ weights }) => Math.abs(shareOf(weights, name) - share) < 1e-9)?.name ?? null;
}

function latchedOf({ latchedAtMs, latchedBy, reason }: ArmState): ArmView['latched'] {
  return latchedAtMs === null ? null : { at: isoOf(latchedAtMs), by: latchedBy ?? 'unknown', reason };
}
