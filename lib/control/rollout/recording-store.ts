import type { Sql } from '@/lib/postgres/sql';
import { firstSplit, policyKeyOf } from '@/lib/split/split-key';

interface RecordingQuery {
  readonly fromMs: number;
  readonly toMs: number;
  /** Also the policy's writes; a what-if leaves them out, for it is the policy. */
  readonly withPolicies: boolean;
}

/** The log as `replay` reads it: one JSON line an event or flag write, in the shape of the rows. */
export type RecordingStore = ReturnType<typeof recordingStore>;

export function recordingStore(sql: Sql, split: string) {
  const at = (ms: number) => sql`to_timestamp(${ms}::float8 / 1000)`;
  return {
    /** Rows that can move a metric in (fromMs, toMs]. */
    async count(fromMs: number, toMs: number): Promise<number> {
      const [row] = await sql<{ n: number }[]>`
        select (s.requests + coalesce((
          select sum(q.requests) from sluice.quarters q
          where q.split = ${split} and q.doubt <> '' and q.at > ${at(fromMs)} and q.at < ${at(toMs)} + interval '15 minutes'), 0))::float8 as n
        from sluice.sums_of(${split}, null, ${at(fromMs)}, ${at(toMs)}) s`;
      return row?.n ?? 0;
    },

    /** Flag writes first (the last ones before the span included), then events as they lie. */
    async lines({ fromMs, toMs, withPolicies }: RecordingQuery, take: (line: string) => void): Promise<void> {
      const second = withPolicies ? policyKeyOf(split) : split;
      const writes = await sql<{ line: string }[]>`
        select json_build_object('flag_key', j.flag_key, 'flag_value_text', j.becomes, 'updated_at', j.at,
          'actor', j.actor)::text as line
        from sluice.journal j
        where j.flag_key in (${split}, ${second}) and j.was is distinct from j.becomes and j.at <= ${at(toMs)}
          and j.at > coalesce(
            (select max(b.at) - interval '1 microsecond' from sluice.journal b
             where b.flag_key = j.flag_key and b.was is distinct from b.becomes and b.at <= ${at(fromMs)}),
            '-infinity')
        order by j.at, j.id`;
      for (const { line } of writes) take(line);
      const events = sql<{ line: string }[]>`
        select json_build_object('event_type', l.event_type, 'event_data', l.event_data, 'created_at', l.created_at,
          'arrived_at', l.arrived_at)::text as line
        from (
          select a.* from public.analytics_logs a
          where ${ownRows(sql, split)} and a.created_at > ${at(fromMs)} and a.created_at <= ${at(toMs)}
          union all
          -- Of what failed only jobs have an end of their own.
          select a.* from public.analytics_logs a
          where ${split !== firstSplit} and a.event_type = 'split_failed' and a.event_data ->> 'split' = ${split}
            and a.event_data ->> 'phase' = 'end' and a.created_at > ${at(fromMs)} and a.created_at <= ${at(toMs)}
          union all
          select a.* from public.analytics_logs a
          where a.event_type = 'voucher_issued' and a.created_at > ${at(fromMs)} and a.created_at <= ${at(toMs)}
            and sluice.split_of_voucher(a.event_data) = ${split}
        ) l`.cursor(5000);
      for await (const rows of events) for (const { line } of rows) take(line);
    },
  };
}

/** As `sluice.rows_of`: the first split's rows are known by their type. */
function ownRows(sql: Sql, split: string) {
  if (split === firstSplit) return sql`a.event_type in ('gen_route', 'gen_ok')`;
  return sql`a.event_type in ('split_route', 'split_ok') and a.event_data ->> 'split' = ${split}`;
}
