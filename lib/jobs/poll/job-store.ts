import type { Sql } from '@/lib/postgres/sql';
import { leaseJobs } from './lease';
import type { JobStore } from './poll-jobs';
import { settleJobs } from './settle';

const withinMs = 5000;

/** Bounded on our side: a frozen store holds up a round, and not the poller. */
export function polledStore(sql: Sql): JobStore {
  return {
    lease: (ask) => leaseJobs(sql, { ...ask, withinMs }),
    settle: (seen) => settleJobs(sql, seen, withinMs),
  };
}
