import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';
import { type JobRow, rowOf, withinMs } from './job-row';

export interface JobFilter {
  /** `open`: all that have not ended; `blocked`: those that cannot be looked at. */
  readonly state: string | null;
  /** By key or slug. */
  readonly split: string | null;
  readonly arm: string | null;
  readonly provider: string | null;
  readonly caller: string | null;
  /** The id of the last job of the page before. */
  readonly before: string | null;
  readonly limit: number;
}

interface JobPage {
  /** The newest first. */
  readonly jobs: readonly JobRow[];
  /** `before` of the page that follows; null: there is none. */
  readonly next: string | null;
  /** So far back was looked, where that ended the page and not its length; null: the page is full, or the last. */
  readonly searched_to: Date | null;
}

/** A page reads no more than this, however rare what it looks for; the next page goes on from there. */
const mostSeen = 5000;

type Row = JobRow & { readonly seen: number; readonly last: string | null; readonly last_at: Date | null };

export async function listJobs(sql: Sql, filter: JobFilter): Promise<JobPage> {
  const { limit } = filter;
  const rows = await queryWithin(withinMs, pageQuery(sql, filter), 'listing jobs');
  const found = rows.filter(({ id }) => id !== null);
  const jobs = found.slice(0, limit).map(({ seen: _, last: __, last_at: ___, ...job }) => job);
  if (found.length > limit) return { jobs, next: jobs.at(-1)?.id ?? null, searched_to: null };
  const [first] = rows;
  if (first === undefined || first.seen < mostSeen) return { jobs, next: null, searched_to: null };
  return { jobs, next: first.last, searched_to: first.last_at };
}

function pageQuery(sql: Sql, { state, split, arm, provider, caller, before, limit }: JobFilter) {
  const isOf = (column: string, value: string | null) =>
    value === null ? sql`` : sql`and ${sql(`s.${column}`)} = ${value}`;
  const isWord = state === 'open' || state === 'blocked';
  return sql<Row[]>`
    with seen as materialized (
      select j.id, j.created_at, j.state, j.arm, j.provider, j.caller from sluice.jobs j
      where true ${ofSplit(sql, split)} ${olderThan(sql, before)} ${inWord(sql, state)}
      order by j.created_at desc, j.id desc limit ${mostSeen}
    ),
    page as (
      select s.id from seen s
      where true ${isOf('state', isWord ? null : state)} ${isOf('arm', arm)} ${isOf('provider', provider)}
        ${isOf('caller', caller)}
      order by s.created_at desc, s.id desc limit ${limit + 1}
    ),
    reach as (
      select count(*)::int as seen, (array_agg(s.id order by s.created_at, s.id))[1] as last,
        min(s.created_at) as last_at
      from seen s
    )
    select ${rowOf(sql)}, r.seen, r.last, r.last_at
    from reach r left join page p on true left join sluice.jobs j on j.id = p.id
    order by j.created_at desc, j.id desc`;
}

function ofSplit(sql: Sql, split: string | null) {
  if (split === null) return sql``;
  return sql`and j.split = coalesce((select s.key from sluice.splits s where s.slug = ${split}), ${split})`;
}

/** Two values instead of a row, so that the index is searched from there. */
function olderThan(sql: Sql, before: string | null) {
  if (before === null) return sql``;
  return sql`and (j.created_at, j.id) < ((select b.created_at from sluice.jobs b where b.id = ${before}), ${before}::uuid)`;
}

/** In the words of the partial indexes of open and of blocked jobs, so that these are used. */
function inWord(sql: Sql, state: string | null) {
  if (state === 'blocked') return sql`and j.blocked is not null`;
  return state === 'open' ? sql`and j.due_at is not null` : sql``;
}
