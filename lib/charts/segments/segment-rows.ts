import type { SegmentedBy } from '@/lib/api/segments-view';
import type { Figures, SpanText } from '@/lib/log/buckets/span-text';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { armOf, ofSplit, readWithin, typesOf } from '../requests/request-rows';

/** However busy the log is: so many of its newest attempts are read, which is less than a second's work. */
const mostRead = 100_000;
const mostSegments = 20;

export interface SegmentQuery {
  readonly by: SegmentedBy;
  readonly fromMs: number;
  readonly toMs: number;
}

interface SegmentRow {
  readonly value: string | null;
  readonly figures: Figures;
  readonly bins: string;
}

export interface SegmentRows {
  readonly rows: readonly SegmentRow[];
  readonly others: number;
  readonly readFromMs: number;
}

/** What each arm did in each of the busiest segments, over the whole span. */
export function segmentRows(sql: Sql, split: string, query: SegmentQuery, most = mostRead): Promise<SegmentRows> {
  return readWithin(sql, 'taking the log apart', async (tx) => {
    const rows = await tx<(SegmentRow & { segments: number; read_from: number | null })[]>`
      with ${attempts(tx, split, query, most)}, busiest as (
        select f.value, count(*) as n, count(*) over () as segments from first f
        group by f.value order by n desc, f.value limit ${mostSegments})
      select f.value, b.segments::int as segments, ${readFrom(tx, most)} as read_from,
        ${figures(tx, tx`${query.toMs}::float8`)}
      from (${counted(tx, tx`f.value, 0::float8 as at`)}) f join busiest b on b.value is not distinct from f.value
      group by f.value, f.at, f.arm, b.n, b.segments order by b.n desc, f.value, f.arm`;
    const [first] = rows;
    const listed = new Set(rows.map(({ value }) => value)).size;
    return { rows, others: (first?.segments ?? 0) - listed, readFromMs: first?.read_from ?? query.fromMs };
  });
}

/** One segment over time, as charts read their spans. */
export async function segmentSpans(
  sql: Sql,
  split: string,
  query: SegmentQuery & { readonly value: string; readonly stepMs: number },
): Promise<SpanText> {
  const { stepMs, value } = query;
  const rows = await readWithin(sql, 'charting a segment', async (tx) => {
    const at = tx`ceil(extract(epoch from f.created_at)::float8 * 1000 / ${stepMs}) * ${stepMs} as at`;
    return tx<{ figures: Figures; bins: string }[]>`
      with ${attempts(tx, split, query, mostRead)}
      select ${figures(tx, tx`f.at`)}
      from (${counted(tx, tx`f.value, ${at}`, tx`where f.value = ${value}`)}) f
      group by f.at, f.arm order by f.at, f.arm`;
  });
  return { figures: rows.map((row) => row.figures), bins: rows.map(({ bins }) => bins).join('\n') };
}

/** First attempts that a draw decided, as the buckets count them: the newest ones, by the index on time and kind. */
function attempts(db: Tx, split: string, { by, fromMs, toMs }: SegmentQuery, most: number) {
  const number = (name: string) =>
    db`case when jsonb_typeof(a.event_data -> ${name}) = 'number' then (a.event_data -> ${name})::float8 end`;
  return db`
    seen as materialized (
      select a.created_at, a.event_data from public.analytics_logs a
      where a.event_type = ${typesOf(split).route} and a.created_at > to_timestamp(${fromMs}::float8 / 1000)
        and a.created_at <= to_timestamp(${toMs}::float8 / 1000)
      order by a.created_at desc limit ${most}),
    first as materialized (
      select a.created_at, ${armOf(db)} as arm, left(a.event_data ->> ${by}, 200) as value,
        a.event_data ->> 'error' is not null as is_failed,
        coalesce(a.event_data -> 'refused' = 'true', false) as is_refused,
        ${number('latency_ms')} as latency, round(${number('cost_per_image')} * 1e9) as nano
      from seen a
      where coalesce(a.event_data -> 'attempt', 'null') in ('1', 'null') and sluice.doubt_of(a.event_data) = ''
        and (a.event_data -> 'pinned') is distinct from 'true' and ${armOf(db)} is not null ${ofSplit(db, split)})`;
}

const readFrom = (db: Tx, most: number) => db`
  (select extract(epoch from min(s.created_at))::float8 * 1000 from seen s having count(*) = ${most})`;

/** The bin of a latency keeps its first three digits; see `binOf`. */
function counted(db: Tx, group: ReturnType<Tx>, where: ReturnType<Tx> = db``) {
  return db`
    select b.value, b.at, b.arm, b.bin, count(*) as n, count(*) filter (where b.is_failed) as failures,
      count(*) filter (where b.is_refused and not b.is_failed) as refused, count(b.nano) as priced,
      coalesce(sum(b.nano), 0) as nano, coalesce(sum(b.nano * b.nano), 0) as squares
    from (
      select ${group}, f.arm, f.is_failed, f.is_refused, f.nano,
        case when f.latency < 1 then floor(f.latency * 100) / 100
          else floor((f.latency / d.step)::numeric) * d.step end as bin
      from first f
      cross join lateral (
        select power(10::float8, floor(log10(greatest(f.latency, 1)) + 1e-12) - 2) as step) d
      ${where}
    ) b
    group by b.value, b.at, b.arm, b.bin`;
}

const figures = (db: Tx, at: ReturnType<Tx>) => db`
  json_build_array((${at})::bigint, f.arm, sum(f.n), sum(f.failures), sum(f.refused), sum(f.priced), sum(f.nano),
    sum(f.squares), 0, 0) as figures,
  coalesce(string_agg(f.bin::numeric::text || ':' || f.n, ',') filter (where f.bin is not null), '') as bins`;
