import type { RecordingStore } from '@/lib/control/rollout/recording-store';
import type { MetricsStore } from '@/lib/log/buckets/metrics-store';
import type { AlertStore } from './alerts/alert-store';
import type { FlagStore } from './flags/flag-store';
import type { InstanceStore } from './instances/instance-store';
import type { JournalStore } from './journal/journal-store';
import type { Elsewhere } from './rollout/elsewhere';
import type { StoryStore } from './snapshot/story/story-store';
import type { TickStore } from './ticks/tick-store';

/** What this installation is, beside its data. */
export interface Facts {
  readonly mode: 'live' | 'sandbox';
  readonly build: string;
  /** The key of its weights' row. */
  readonly split: string;
  /** What it is called in addresses and by the command line. */
  readonly slug: string;
  /** The key of its policy's row. */
  readonly policyKey: string;
  /** GEN_BASELINE_COST_USD. */
  readonly environmentCostUsd: number | null;
  readonly migration: () => Promise<string>;
  /** Whom weights and policy may name. */
  readonly named: () => Promise<readonly string[]>;
  /** Rollouts of other splits that are on their way. */
  readonly elsewhere: () => Promise<readonly Elsewhere[]>;
  readonly registered: () => Promise<readonly { readonly name: string; readonly deprecated: boolean }[]>;
}

/** Everything the verbs of the control plane need from outside. */
export interface Control {
  readonly flags: FlagStore;
  readonly journal: JournalStore;
  readonly metrics: MetricsStore;
  readonly recordings: RecordingStore;
  readonly instances: InstanceStore;
  readonly alerts: AlertStore;
  readonly story: StoryStore;
  readonly ticks: TickStore;
  readonly facts: Facts;
}
