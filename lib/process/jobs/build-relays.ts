import { randomUUID } from 'node:crypto';
import type { JobParts } from '@/lib/jobs/create-job';
import { type Found, JobProviders } from '@/lib/jobs/poll/job-providers';
import type { JobPlace } from '@/lib/jobs/poll/lease';
import { repeat, systemClock } from '@/lib/kernel/clock';
import type { LastingFault } from '@/lib/kernel/lasting-fault';
import { LearntByPassing } from '@/lib/relay/jobs/learn-of';
import type { RelayJobs } from '@/lib/relay/jobs/relay-jobs';
import { RelayedJobs } from '@/lib/relay/jobs/relayed-jobs';
import { relayedStore } from '@/lib/relay/jobs/relayed-store';
import { SharedPolls } from '@/lib/relay/jobs/shared-polls';
import { recorder } from '../metrics/hot-path';
import { storeCalls } from '../store-calls';
import type { Connections } from '../stores';

interface RelayParts {
  readonly orders: JobParts;
  readonly sql: Connections['jobs'];
  readonly places: (place: JobPlace) => Found;
  readonly fault: LastingFault;
}

const sweepEveryMs = 10_000;

/** Callers that ask for the jobs of a relay are led to where these live, by connections of their own. */
export function buildRelays({ orders, sql, places, fault }: RelayParts): RelayJobs & { close(): Promise<void> } {
  const store = storeCalls(relayedStore(sql), { sql });
  const providers = new JobProviders(places, systemClock.monotonic);
  const endSweeping = repeat(sweepEveryMs, async () => providers.sweep(), fault);
  const { monotonic } = systemClock;
  return {
    ...{ orders, store, places: providers, shared: new SharedPolls(), known: new RelayedJobs(store) },
    learnt: new LearntByPassing({ store, monotonic, random: Math.random, lease: () => `passing:${randomUUID()}` }),
    count: (split, arm, what) => recorder().relays.job(split, arm, what),
    close() {
      endSweeping();
      return providers.close();
    },
  };
}
