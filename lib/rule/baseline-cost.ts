import type { Policy } from '@/lib/split/policy/policy';
import type { RolloutState } from '@/lib/split/state';
import type { BaselineCost } from './verdict';

/** The policy's value, else the environment's, else the mean frozen when the rollout began; else the concurrent mean. */
export function knownBaselineCost(
  policy: Policy,
  state: RolloutState,
  environmentCostUsd: number | null,
): BaselineCost | null {
  if (policy.baselineCostUsd !== null) return { usd: policy.baselineCostUsd, source: 'policy' };
  if (environmentCostUsd !== null) return { usd: environmentCostUsd, source: 'environment' };
  if (state.baselineCostUsd !== null) return { usd: state.baselineCostUsd, source: 'before_rollout' };
  return null;
}
