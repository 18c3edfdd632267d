import type { Sql } from '@/lib/postgres/sql';
import { type HarmQuery, lastRequest, readHarm } from './harm';

export type IncidentLog = ReturnType<typeof incidentLog>;

/** What one split's log says of a rollback. */
export function incidentLog(sql: Sql, split: string) {
  return {
    harm: (query: HarmQuery) => readHarm(sql, split, query),
    lastRequest: (query: HarmQuery) => lastRequest(sql, split, query),
  };
}
