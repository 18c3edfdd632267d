import type { Sql, Tx } from '@/lib/postgres/sql';
import { limitWaits, queryWithin } from '@/lib/postgres/transaction';
import { firstSplit } from '@/lib/split/split-key';

/** What of the log belongs to a split. The first split's events do not name it; all others do. */
export function typesOf(split: string) {
  const start = split === firstSplit ? 'gen' : 'split';
  return { route: `${start}_route`, local: `${start}_local`, ok: `${start}_ok`, failed: `${start}_failed` };
}

export const ofSplit = (db: Sql | Tx, split: string) =>
  split === firstSplit ? db`` : db`and a.event_data ->> 'split' = ${split}`;

/** A page may keep its reader waiting so long; the server itself ends what takes longer, so that no other query waits. */
const withinMs = 4000;

export function readWithin<T>(sql: Sql, what: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const reading = sql.begin('read only', async (tx) => {
    await limitWaits(tx, 1000, withinMs);
    await tx`select set_config('jit', 'off', true)`;
    return work(tx);
  });
  return queryWithin(withinMs + 1000, reading, what) as Promise<T>;
}

/** A member as text; null where it is something else: rows are written by hand as well. */
export const textIn = (data: Data, name: string) => (typeof data[name] === 'string' ? String(data[name]) : null);
export const numberIn = (data: Data, name: string) => (typeof data[name] === 'number' ? Number(data[name]) : null);
export const wordsIn = (data: Data, name: string): string[] => {
  const value = data[name];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
};

export type Data = Readonly<Record<string, unknown>>;

/** In the first split a row without an arm is of the arm that is called like its provider. */
export const armIn = (data: Data) => textIn(data, 'arm') ?? textIn(data, 'provider');

export const armOf = (db: Sql | Tx) => db`coalesce(a.event_data ->> 'arm', a.event_data ->> 'provider')`;

const longestError = 500;
export const errorIn = (data: Data) => textIn(data, 'error')?.slice(0, longestError) ?? null;
