import type { SplitRow } from '../flags/stored-flags';
import { blindness, sayingOf } from './as-instances-say';
import { nothingBeside } from './beside-the-buckets';
import type { ReadRollout } from './read-rollout-now';
import type { JudgedRollout } from './rollout-now';

/** A split at rest as the tick sees it: no line is judged, for nothing is routed that could cross one. */
export function restingRollout(
  row: SplitRow,
  key: string,
  { split, policy, instances: seen, alerts }: Omit<ReadRollout, 'ticks'>,
): JudgedRollout {
  const { nowMs, providers, models } = split;
  const instances = sayingOf(key, seen);
  return {
    ...{ nowMs, row, providers, models, policy, instances, alerts },
    ticks: { any: null, decided: null },
    blind: blindness(instances, nowMs),
    beside: nothingBeside,
    buckets: [],
    decision: {
      action: { kind: 'none' },
      ...{ lines: [], missed: [], warnings: [], baselineCost: null },
      policyVersion: policy.version,
      atMs: nowMs,
    },
  };
}
