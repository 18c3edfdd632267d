import type { JobCounts } from '@/lib/jobs/job-counts';
import type { OpenJobs } from '@/lib/jobs/operate/open-jobs';
import type { OutboxDepth } from '@/lib/notify/outbox-store';
import type { SpendingRow } from '@/lib/registry/spending-store';
import type { RoutedSplit, SplitReadings } from './split-gauges';

/** What a scrape reads of this process and, where the store answers, of the rollout. null: not known now. */
export interface Readings {
  readonly weights: Readonly<Record<string, number>>;
  readonly weightsVersion: number | null;
  readonly weightsAgeSeconds: number | null;
  /** Every split that this process routes, as far as they are named. */
  readonly routed: readonly RoutedSplit[];
  readonly spoolDepth: number;
  readonly breakers: Readonly<Record<string, string>>;
  readonly providersOk: Readonly<Record<string, boolean>>;
  readonly connections: Readonly<Record<string, number>>;
  readonly connectionsLimit: Readonly<Record<string, number>>;
  readonly callersWaiting: Readonly<Record<string, number>>;
  readonly jobCounts: JobCounts;
  readonly rollout: RolloutReadings | null;
}

export interface RolloutReadings {
  readonly stage: string;
  readonly lines: readonly {
    /** The candidate, where the first split has several. */
    readonly arm?: string;
    readonly metric: string;
    readonly value: number | null;
    readonly limit: number | null;
    readonly breachedForSeconds: number;
    readonly verdict: string;
  }[];
  /** The metrics in which a candidate is worse than the baseline beyond chance, and the odds of it. */
  readonly warnings: readonly { readonly arm?: string; readonly metric: string; readonly odds: number }[];
  readonly tickAgeSeconds: number | null;
  readonly tickDurationSeconds: number | null;
  readonly outbox: OutboxDepth;
  readonly openAlerts: number;
  readonly splits: SplitReadings;
  /** Those that have not ended. */
  readonly jobs: readonly OpenJobs[];
  /** Of so many stored callers and splits of jobs. */
  readonly spending: readonly SpendingRow[];
}

export type Reading = (readings: Readings) => Iterable<readonly [Readonly<Record<string, string>>, number | null]>;

export type GaugeRow = readonly [name: string, help: string, labels: readonly string[], read: Reading];
