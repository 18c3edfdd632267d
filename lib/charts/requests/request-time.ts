import type { Tx } from '@/lib/postgres/sql';
import { typesOf } from './request-rows';

/** The log has no index on ids: it is read around the time of a request, and no further. */
export interface Around {
  readonly fromMs: number;
  readonly toMs: number;
}

const minute = 60_000;
/** A request has ended after this, whatever it waited for; clocks of web processes may differ a little. */
const longestMs = 12 * minute;

/** Our own ids are UUIDs of version 7, which begin with when they were made. */
function timeInId(id: string): number | null {
  const [, high = '', low = ''] =
    /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.exec(id) ?? [];
  return high === '' ? null : Number.parseInt(high + low, 16);
}

/** Where a request with an id of its caller's own was answered, by the index on those; null: it was not. */
async function timeOfAnswer(db: Tx, split: string, id: string): Promise<number | null> {
  const [row] = await db<{ ms: number }[]>`
    select extract(epoch from g.created_at)::float8 * 1000 as ms from public.analytics_logs g
    where g.event_type = ${typesOf(split).ok} and g.event_data ->> 'request_id' = ${id}
    order by g.created_at desc limit 1`;
  return row?.ms ?? null;
}

/** `atMs` is what a link says of it. null: it is not known when it was. */
export async function aroundOf(db: Tx, split: string, id: string, atMs: number | null): Promise<Around | null> {
  const known = atMs ?? timeInId(id);
  if (known !== null) return { fromMs: known - 2 * minute, toMs: known + longestMs };
  const answeredMs = await timeOfAnswer(db, split, id);
  return answeredMs === null ? null : { fromMs: answeredMs - longestMs, toMs: answeredMs + minute };
}
