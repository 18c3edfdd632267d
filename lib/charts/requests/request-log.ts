import type { Sql } from '@/lib/postgres/sql';
import { findRequest } from './find-request';
import { listRequests, type RequestFilter } from './list-requests';

export type RequestLog = ReturnType<typeof requestLog>;

/** One split's requests as its log tells of them, one by one. */
export function requestLog(sql: Sql, split: string) {
  return {
    list: (filter: RequestFilter) => listRequests(sql, split, filter),
    find: (id: string, atMs: number | null) => findRequest(sql, split, id, atMs),
  };
}
