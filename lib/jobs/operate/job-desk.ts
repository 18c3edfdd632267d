import type { Sql } from '@/lib/postgres/sql';
import { eventsOf, findJob } from './find-jobs';
import { type JobFilter, listJobs } from './list-jobs';
import { askToStop, lookAgain, openJobs } from './open-jobs';
import { pastJobs } from './past-jobs';

export type JobDesk = ReturnType<typeof jobDesk>;

type Past = [split: string, baseline: string, ageMs: number];

/** The jobs of every caller as operators see them, and what operators may do with them. Splits by key. */
export function jobDesk(sql: Sql) {
  return {
    list: (filter: JobFilter) => listJobs(sql, filter),
    find: (said: string, split: string) => findJob(sql, said, split),
    events: (id: string) => eventsOf(sql, id),
    /** false: it has ended meanwhile. */
    cancel: (id: string) => askToStop(sql, id),
    lookAgain: (which: Parameters<typeof lookAgain>[1]) => lookAgain(sql, which),
    past: (...of: Past) => pastJobs(sql, ...of),
    open: (split?: string) => openJobs(sql, split === undefined ? {} : { split }),
  };
}
