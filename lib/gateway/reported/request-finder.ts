import { jsonText } from '@/lib/kernel/json-text';
import type { Sql } from '@/lib/postgres/sql';

/** An image that was made: by whom, and for which caller. */
export interface Served {
  readonly provider: string | null;
  readonly caller: string | null;
}

interface Row extends Served {
  readonly request_id: string;
}

/** What is known of requests by their `gen_ok` rows. */
export type RequestFinder = ReturnType<typeof requestFinder>;

/** By the index on the `request_id` of `gen_ok` rows, put in order afterwards: in one step the log is read from its end. */
export function requestFinder(sql: Sql) {
  return {
    /** Those that were served; with `caller`, to that one. */
    async find(requestIds: readonly string[], caller: string | null): Promise<ReadonlyMap<string, Served>> {
      const rows = await sql<Row[]>`
        with generated as materialized (
          select a.created_at, a.event_data ->> 'request_id' as request_id, a.event_data ->> 'provider' as provider,
            a.event_data ->> 'caller' as caller
          from public.analytics_logs a
          where a.event_type = 'gen_ok' and (a.event_data ? 'inserted_as') is not true
            and a.event_data ->> 'request_id' = any (
              array(select jsonb_array_elements_text(${jsonText(requestIds)}::text::jsonb)))
        )
        select distinct on (g.request_id) g.request_id, g.provider, g.caller from generated g
        where ${caller}::text is null or g.caller = ${caller}
        order by g.request_id, g.created_at desc`;
      return new Map(
        rows.map(({ request_id, provider, caller: servedTo }) => [request_id, { provider, caller: servedTo }]),
      );
    },
  };
}
