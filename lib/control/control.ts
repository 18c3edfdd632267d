import type { SeriesStore } from '@/lib/charts/series';
import type { MetricsStore } from '@/lib/log/buckets/metrics-store';
import type { Policy } from '@/lib/split/policy/policy';
import type { AlertStore } from './alerts/alert-store';
import type { FlagStore } from './flags/flag-store';
import type { InstanceStore } from './instances/instance-store';
import type { JournalStore } from './journal/journal-store';
import type { RecordingStore } from './scene/recordings';
import type { TickStore } from './ticks/tick-store';

export type PolicyReading =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly faults: readonly string[] };

/** How a policy is written down; the schema lives in configuration. */
export interface PolicyText {
  read(value: unknown, registered: readonly string[]): PolicyReading;
  /** The wire form, durations as "5m". */
  wire(policy: Policy): object;
  /** Why the providers' names cannot change in this stage; null when they do not or can. */
  renameFault(was: Policy, becomes: Policy, stage: string): string | null;
}

/** What this installation is, beside its data. */
export interface Facts {
  readonly mode: 'live' | 'sandbox';
  readonly build: string;
  readonly split: string;
  /** GEN_BASELINE_COST_USD. */
  readonly environmentCostUsd: number | null;
  readonly migration: () => Promise<string>;
  readonly registered: () => Promise<readonly { readonly name: string; readonly deprecated: boolean }[]>;
}

/** Everything the verbs of the control plane need from outside. */
export interface Control {
  readonly flags: FlagStore;
  readonly journal: JournalStore;
  readonly metrics: MetricsStore;
  readonly series: SeriesStore;
  readonly recordings: RecordingStore;
  readonly instances: InstanceStore;
  readonly alerts: AlertStore;
  readonly ticks: TickStore;
  readonly policyText: PolicyText;
  readonly facts: Facts;
}
