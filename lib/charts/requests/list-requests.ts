import type { RequestItem, RequestOutcome } from '@/lib/api/requests-view';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { armIn, armOf, type Data, errorIn, numberIn, ofSplit, readWithin, textIn, typesOf } from './request-rows';

export interface RequestFilter {
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly arm: string | null;
  readonly outcome: RequestOutcome | null;
  /** Of the first attempt's error. */
  readonly kind: string | null;
  readonly model: string | null;
  readonly caller: string | null;
  readonly user: string | null;
  /** The first attempt took so long at least. */
  readonly minLatencyMs: number | null;
  /** `next` of the page before. */
  readonly before: string | null;
  readonly limit: number;
}

interface RequestPage {
  readonly requests: readonly RequestItem[];
  readonly next: string | null;
  readonly searched_to: Date | null;
}

/** A page reads no more of the log than this, however seldom what is asked for is; the next goes on from there. */
export const mostSeen = 50_000;

interface Row {
  readonly at: Date;
  readonly place: string;
  readonly data: Data;
  readonly is_failed: boolean;
  readonly answer: Data | null;
  readonly job: RequestItem['job'];
}

export function listRequests(sql: Sql, split: string, filter: RequestFilter): Promise<RequestPage> {
  const { limit } = filter;
  return readWithin(sql, 'listing requests', async (tx) => {
    const rows = await pageQuery(tx, split, filter);
    const requests = rows.slice(0, limit).map(itemOf);
    if (rows.length > limit) return { requests, next: rows[limit - 1]?.place ?? null, searched_to: null };
    const [last] = await lastSeen(tx, filter);
    return { requests, next: last?.place ?? null, searched_to: last?.at ?? null };
  });
}

/** Event time in whole microseconds, which no float rounds, and the row's id, of whatever type an adopted table's is. */
const placeOf = (db: Tx) => db`(extract(epoch from a.created_at) * 1000000)::bigint || '.' || coalesce(a.id::text, '')`;

/** `1764421200123456.41` → instant and id. */
export const isPlace = (text: string) => /^\d{1,16}\.[\w-]{0,64}$/.test(text);

function olderThan(db: Tx, place: string | null) {
  if (place === null) return db``;
  const [us = '0', id = ''] = place.split('.');
  const at = db`('epoch'::timestamptz + ${us}::bigint * interval '1 microsecond')`;
  return db`and a.created_at <= ${at} and (a.created_at < ${at} or coalesce(a.id::text, '') < ${id})`;
}

/** The newest rows of the log, of whatever kind: by the index on created_at alone, and never more than so many. */
function seenQuery(db: Tx, { fromMs, toMs, before }: Pick<RequestFilter, 'fromMs' | 'toMs' | 'before'>) {
  const at = (ms: number) => db`to_timestamp(${ms}::float8 / 1000)`;
  return db`
    select a.created_at, a.id, a.event_type, a.event_data from public.analytics_logs a
    where true ${fromMs === null ? db`` : db`and a.created_at >= ${at(fromMs)}`}
      ${toMs === null ? db`` : db`and a.created_at < ${at(toMs)}`} ${olderThan(db, before)}
    order by a.created_at desc, coalesce(a.id::text, '') desc`;
}

function lastSeen(db: Tx, filter: RequestFilter) {
  return db<{ place: string; at: Date }[]>`
    select ${placeOf(db)} as place, a.created_at as at from (${seenQuery(db, filter)} offset ${mostSeen - 1} limit 1) a`;
}

/** The first attempt stands for its request; where no arm could be tried, the end does. */
function isFirst(db: Tx, split: string) {
  const { route, local, failed } = typesOf(split);
  return db`
    (a.event_type in (${route}, ${local}) and coalesce(a.event_data -> 'attempt', 'null') in ('1', 'null')
      or a.event_type = ${failed} and a.event_data -> 'attempts' = '0') ${ofSplit(db, split)}`;
}

export function pageQuery(db: Tx, split: string, filter: RequestFilter) {
  const { arm, outcome, kind, model, caller, user, minLatencyMs, limit } = filter;
  const says = (name: string, value: string | null) =>
    value === null ? db`` : db`and a.event_data ->> ${name} = ${value}`;
  const latency = db`case when jsonb_typeof(a.event_data -> 'latency_ms') = 'number' then (a.event_data -> 'latency_ms')::float8 end`;
  return db<Row[]>`
    select p.at, p.place, p.data, p.is_failed, e.data as answer, j.job
    from (
      select row_number() over () as n, a.created_at as at, ${placeOf(db)} as place, a.event_data as data,
        a.event_data ->> 'error' is not null as is_failed
      from (${seenQuery(db, filter)} limit ${mostSeen}) a
      where ${isFirst(db, split)} ${arm === null ? db`` : db`and ${armOf(db)} = ${arm}`} ${says('error_kind', kind)}
        ${says('model', model)} ${says('caller', caller)} ${says('user_hash', user)}
        ${minLatencyMs === null ? db`` : db`and ${latency} >= ${minLatencyMs}`} ${ofOutcome(db, split, outcome)}
      limit ${limit + 1}
    ) p
    left join lateral (${answerOf(db, split, db`p.data ->> 'request_id'`, db`p.at`)}) e on true
    left join lateral (${jobOf(db, split)}) j on true
    order by p.n`;
}

/** By the index on the `request_id` of what was answered. */
function answerOf(db: Tx, split: string, id: ReturnType<Tx>, at: ReturnType<Tx>) {
  return db`
    select g.event_data as data from public.analytics_logs g
    where g.event_type = ${typesOf(split).ok} and g.event_data ->> 'request_id' = ${id}
      and g.created_at >= ${at} - interval '1 second' and g.created_at < ${at} + interval '1 day' limit 1`;
}

function ofOutcome(db: Tx, split: string, outcome: RequestOutcome | null) {
  if (outcome === null) return db``;
  const failed = db`a.event_data ->> 'error' is not null`;
  const refused = db`coalesce(a.event_data -> 'refused' = 'true', false)`;
  if (outcome === 'refused') return db`and ${refused}`;
  if (outcome === 'ok') return db`and not (${failed}) and not ${refused}`;
  // Of each row by itself: as `exists` it would be joined, and the whole log read for that.
  const answered = db`(${answerOf(db, split, db`a.event_data ->> 'request_id'`, db`a.created_at`)}) is not null`;
  return outcome === 'rescued' ? db`and ${failed} and ${answered}` : db`and ${failed} and not (${answered})`;
}

/** Its row was written before anybody was called. */
function jobOf(db: Tx, split: string) {
  return db`
    select jsonb_build_object('id', j.id, 'state', j.state) as job from sluice.jobs j
    where j.split = ${split} and j.request_id = p.data ->> 'request_id'
      and j.created_at between p.at - interval '15 minutes' and p.at + interval '10 seconds' limit 1`;
}

function itemOf({ at, data, is_failed, answer, job }: Row): RequestItem {
  const isRefused = data.refused === true;
  return {
    ...{ request_id: textIn(data, 'request_id'), at: at.toISOString() },
    outcome: isRefused ? 'refused' : is_failed ? (answer === null ? 'failed' : 'rescued') : 'ok',
    ...{ arm: armIn(data), provider: textIn(data, 'provider'), latency_ms: numberIn(data, 'latency_ms') },
    ...{ error_kind: textIn(data, 'error_kind'), error: errorIn(data) },
    ...(answer === null ? unanswered : answered(answer)),
    ...{ model: textIn(data, 'model'), size: textIn(data, 'size'), caller: textIn(data, 'caller') },
    ...{ user_hash: textIn(data, 'user_hash'), stage: textIn(data, 'stage'), pinned: data.pinned === true, job },
  };
}

const unanswered = { answered_by: null, total_ms: null, cost_usd: null };

function answered(answer: Data) {
  const total = numberIn(answer, 'latency_ms') ?? numberIn(answer, 'duration_ms');
  return { answered_by: armIn(answer), total_ms: total, cost_usd: numberIn(answer, 'cost_usd') };
}
