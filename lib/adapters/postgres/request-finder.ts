import type { RequestFinder } from '@/lib/operations/ports/data-plane';
import type { Sql } from './connection';

/** By the index on the `request_id` of `gen_ok` rows, put in order afterwards: in one step the log is read from its end. */
export function requestFinder(sql: Sql): RequestFinder {
  return {
    async providerOf(requestId) {
      const [row] = await sql<{ provider: string | null }[]>`
        with generated as materialized (
          select a.created_at, a.event_data ->> 'provider' as provider
          from public.analytics_logs a
          where a.event_type = 'gen_ok' and a.event_data ->> 'request_id' = ${requestId}
        )
        select g.provider from generated g order by g.created_at desc limit 1`;
      return row?.provider ?? null;
    },
  };
}
