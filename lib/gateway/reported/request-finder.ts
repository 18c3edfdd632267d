import { jsonText } from '@/lib/kernel/json-text';
import type { Sql } from '@/lib/postgres/sql';
import { firstSplit } from '@/lib/split/split-key';

/** An image that was made: by whom, and for which caller. */
export interface Served {
  readonly provider: string | null;
  readonly caller: string | null;
  /** By key. */
  readonly split: string;
  readonly arm: string | null;
}

interface Row extends Served {
  readonly request_id: string;
}

/** What is known of requests by their `gen_ok` and `split_ok` rows. */
export type RequestFinder = ReturnType<typeof requestFinder>;

/** By the indexes on the `request_id` of such rows, put in order afterwards: in one step the log is read from its end. */
export function requestFinder(sql: Sql) {
  return {
    /** Those that were served; with `caller`, to that one. */
    async find(requestIds: readonly string[], caller: string | null): Promise<ReadonlyMap<string, Served>> {
      const rows = await sql<Row[]>`
        with wanted as materialized (
          select array(select jsonb_array_elements_text(${jsonText(requestIds)}::text::jsonb)) as ids
        ), generated as materialized (
          select a.created_at, ${firstSplit}::text as split, a.event_data as data from public.analytics_logs a
          where a.event_type = 'gen_ok' and (a.event_data ? 'inserted_as') is not true
            and a.event_data ->> 'request_id' = any ((select w.ids from wanted w)::text[])
          union all
          select a.created_at, a.event_data ->> 'split', a.event_data from public.analytics_logs a
          where a.event_type = 'split_ok' and (a.event_data ? 'inserted_as') is not true
            and a.event_data ->> 'request_id' = any ((select w.ids from wanted w)::text[])
        )
        select distinct on (g.data ->> 'request_id') g.data ->> 'request_id' as request_id,
          g.data ->> 'provider' as provider, g.data ->> 'caller' as caller, g.data ->> 'arm' as arm,
          coalesce(g.split, ${firstSplit}::text) as split
        from generated g
        where ${caller}::text is null or g.data ->> 'caller' = ${caller}
        order by g.data ->> 'request_id', g.created_at desc`;
      return new Map(rows.map(({ request_id, ...served }) => [request_id, served]));
    },
  };
}
