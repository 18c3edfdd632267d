import type { JobParts } from '@/lib/jobs/create-job';
import type { JobProviders } from '@/lib/jobs/poll/job-providers';
import type { LearntByPassing } from './learn-of';
import type { RelayedJobs } from './relayed-jobs';
import type { RelayedStore } from './relayed-store';
import type { SharedPolls } from './shared-polls';

/** What the jobs of relays work with; one of it in each process that has a database. */
export interface RelayJobs {
  readonly orders: JobParts;
  readonly known: RelayedJobs;
  readonly store: RelayedStore;
  readonly places: JobProviders;
  readonly learnt: LearntByPassing;
  readonly shared: SharedPolls;
  /** One more since the start of the process; a split by its slug. */
  readonly count: (split: string, arm: string, what: 'create' | 'poll' | 'untracked') => void;
}
