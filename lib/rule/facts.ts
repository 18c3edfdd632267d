import type { Policy } from '@/lib/split/policy/policy';
import type { RolloutState } from '@/lib/split/state';
import type { History } from './buckets/history';
import type { GateFacts } from './gates';
import type { NeighbourLookup } from './gauges/gauge';

/** What the rule judges by. */
export interface Facts {
  readonly state: RolloutState;
  readonly policy: Policy;
  readonly policyVersion: number;
  /** Buckets from `historySinceMs` on; built for this very policy. */
  readonly history: History;
  /** The exact latencies for the windows that `straddles` names; answering null falls back to the bins. */
  readonly neighbours: NeighbourLookup;
  /** The database's now. */
  readonly nowMs: number;
  /** Instances routed requests whose events did not arrive. */
  readonly blind: boolean;
  readonly baseline: { readonly configured: boolean; readonly probeOk: boolean };
  /** GEN_BASELINE_COST_USD. */
  readonly environmentCostUsd: number | null;
  /** All vouchers over all generations of the 24 h before the rollout. */
  readonly voucherRateBefore: { readonly vouchers: number; readonly generated: number } | null;
  /** When a watchdog last judged; null when none ever did, which misses nothing. */
  readonly lastTickMs: number | null;
  /** For `autoAdvance`; null where nobody may advance (replay, preflight, what-if). */
  readonly gate: Omit<GateFacts, 'state' | 'policy' | 'nowMs'> | null;
}
