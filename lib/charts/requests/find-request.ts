import type { RequestAttempt, RequestDetail, RequestOutcome } from '@/lib/api/requests-view';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { armIn, type Data, errorIn, numberIn, ofSplit, readWithin, textIn, typesOf, wordsIn } from './request-rows';
import { type Around, aroundOf } from './request-time';

interface Row {
  readonly at: Date;
  readonly type: string;
  readonly data: Data;
}

interface Found {
  readonly detail: Omit<RequestDetail, 'job'>;
  /** null: its result did not come later. */
  readonly jobId: string | null;
}

/** Far more than any request has. */
const mostRows = 200;

/** Everything that the log says of one request; null: nothing. */
export function findRequest(sql: Sql, split: string, id: string, atMs: number | null): Promise<Found | null> {
  return readWithin(sql, 'reading a request', async (tx) => {
    const around = await aroundOf(tx, split, id, atMs);
    if (around === null) return null;
    const rows = await rowsOf(tx, split, id, around);
    const [{ now, job } = { now: new Date(), job: null }] = await tx<{ now: Date; job: string | null }[]>`
      select now() as now, (select j.id from sluice.jobs j where j.split = ${split} and j.request_id = ${id}
        and j.created_at between to_timestamp(${around.fromMs - 900_000}::float8 / 1000)
          and to_timestamp(${around.toMs}::float8 / 1000) limit 1) as job`;
    return rows.length === 0 ? null : { detail: detailOf(id, rows, split, now), jobId: job };
  });
}

function rowsOf(db: Tx, split: string, id: string, { fromMs, toMs }: Around) {
  const { route, local, ok, failed } = typesOf(split);
  // Vouchers come from anywhere, and need not name the split.
  return db<Row[]>`
    select a.created_at as at, a.event_type as type, a.event_data as data from public.analytics_logs a
    where a.created_at >= to_timestamp(${fromMs}::float8 / 1000) and a.created_at < to_timestamp(${toMs}::float8 / 1000)
      and a.event_data ->> 'request_id' = ${id}
      and (a.event_type in (${route}, ${local}, ${ok}, ${failed}) ${ofSplit(db, split)} or a.event_type = 'voucher_issued')
    order by a.created_at, a.event_type desc limit ${mostRows}`;
}

function detailOf(id: string, rows: readonly Row[], split: string, now: Date): Found['detail'] {
  const types = typesOf(split);
  const attempts = rows.filter(({ type }) => type === types.route || type === types.local);
  const end = rows.find(({ type, data }) => (type === types.ok || type === types.failed) && data.phase !== 'create');
  const first = attempts[0] ?? end ?? rows[0];
  const { at = now, data = {} } = first ?? {};
  const isAnswered = end?.type === types.ok;
  const said = end?.data ?? {};
  return {
    ...{ request_id: id, at: at.toISOString(), outcome: outcomeOf(attempts[0]?.data ?? data, isAnswered) },
    ...{ arm: armIn(data), provider: textIn(data, 'provider'), latency_ms: numberIn(data, 'latency_ms') },
    ...{ error_kind: textIn(data, 'error_kind'), error: errorIn(data) },
    answered_by: isAnswered ? armIn(said) : null,
    total_ms: numberIn(said, 'latency_ms') ?? numberIn(said, 'duration_ms'),
    cost_usd: numberIn(said, 'cost_usd'),
    ...{ model: textIn(data, 'model'), size: textIn(data, 'size'), caller: textIn(data, 'caller') },
    ...{ user_hash: textIn(data, 'user_hash'), stage: textIn(data, 'stage'), pinned: data.pinned === true },
    ...{ assigned: textIn(data, 'assigned'), weights_version: numberIn(data, 'weights_version') },
    ...{ price_key: textIn(data, 'price_key'), pinned_by: wordsIn(data, 'pinned_by') },
    attempts: attempts.map((row) => attemptOf(row, row.type === types.local)),
    end: end === undefined ? null : endOf(end, isAnswered),
    vouchers: rows
      .filter(({ type }) => type === 'voucher_issued')
      .map((row) => ({ at: row.at.toISOString(), reason: textIn(row.data, 'reason') })),
    images: imagesOf(said, now),
  };
}

function outcomeOf(first: Data, isAnswered: boolean): RequestOutcome {
  if (first.refused === true) return 'refused';
  if (textIn(first, 'error') === null) return 'ok';
  return isAnswered ? 'rescued' : 'failed';
}

function attemptOf({ at, data }: Row, ours: boolean): RequestAttempt {
  return {
    ...{ at: at.toISOString(), attempt: numberIn(data, 'attempt'), arm: armIn(data), ours },
    ...{ provider: textIn(data, 'provider'), model: textIn(data, 'model'), outcome: textIn(data, 'outcome') },
    ...{ latency_ms: numberIn(data, 'latency_ms'), queued_ms: numberIn(data, 'queued_ms') },
    ...{ error_kind: textIn(data, 'error_kind'), error: errorIn(data), http_status: numberIn(data, 'http_status') },
    ...{ refused: data.refused === true, mapped: wordsIn(data, 'mapped'), dropped: wordsIn(data, 'dropped') },
    ...{ images: numberIn(data, 'images'), cost_per_image: numberIn(data, 'cost_per_image') },
    ...{ cost_basis: textIn(data, 'cost_basis'), provider_request_id: textIn(data, 'provider_request_id') },
  };
}

function endOf({ at, data }: Row, ok: boolean): RequestDetail['end'] {
  return {
    ...{ at: at.toISOString(), ok, outcome: textIn(data, 'outcome'), error: errorIn(data) },
    latency_ms: numberIn(data, 'latency_ms') ?? numberIn(data, 'duration_ms'),
    images: numberIn(data, 'images'),
  };
}

/** Only addresses that a browser may follow, and only for as long as they are thought to live. */
function imagesOf(end: Data, now: Date): RequestDetail['images'] {
  const until = textIn(end, 'image_urls_until');
  const untilMs = Date.parse(until ?? '');
  if (until === null || !Number.isFinite(untilMs)) return { kept: 'no', urls: [], until: null };
  const kept = untilMs > now.getTime() ? 'yes' : 'expired';
  const urls = kept === 'yes' ? wordsIn(end, 'image_urls').filter((url) => /^https?:\/\//.test(url)) : [];
  return { kept, urls, until };
}
