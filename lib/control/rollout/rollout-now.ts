import type { AlertView } from '@/lib/api/alerts';
import type { TickRecord } from '@/lib/control/ticks/tick-record';
import type { Bucket } from '@/lib/rule/buckets/bucket';
import type { GateFacts } from '@/lib/rule/gates';
import type { Decision } from '@/lib/rule/verdict';
import type { Control } from '../control';
import type { PolicyRow } from '../flags/last-good';
import type { SplitRow, StoredSplit } from '../flags/stored-flags';
import type { Blindness, SeenInstance } from './as-instances-say';
import type { Beside } from './beside-the-buckets';
import type { Elsewhere } from './elsewhere';

/** The rollout as it stands at one instant of the database's clock: what every verb and every view judges by. */
export interface RolloutNow {
  readonly nowMs: number;
  readonly row: SplitRow;
  /** Whose provider each arm is. */
  readonly providers: StoredSplit['providers'];
  readonly models: StoredSplit['models'];
  readonly policy: PolicyRow;
  readonly ticks: { readonly any: TickRecord | null; readonly decided: TickRecord | null };
  readonly instances: readonly SeenInstance[];
  readonly alerts: readonly AlertView[];
  readonly buckets: readonly Bucket[];
  readonly beside: Beside;
  readonly blind: Blindness;
  readonly gate: Omit<GateFacts, 'state' | 'policy' | 'nowMs'>;
  readonly decision: Decision;
  /** Other rollouts on their way; left out where none is about to be started. */
  readonly elsewhere?: readonly Elsewhere[];
}

/** As a tick sees it: there only automation asks the gate. */
export type JudgedRollout = Omit<RolloutNow, 'gate'>;

export type RolloutSources = Pick<Control, 'flags' | 'metrics' | 'instances' | 'alerts' | 'facts'>;
