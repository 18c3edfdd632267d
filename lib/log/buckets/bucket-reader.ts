import { gathered } from '@/lib/kernel/gathered';
import { jsonText } from '@/lib/kernel/json-text';
import type { Sql, Tx } from '@/lib/postgres/sql';
import type { Bucket, PricesOfKey } from '@/lib/rule/buckets/bucket';
import { bucketsOf } from './buckets-of-text';
import type { SpanText } from './span-text';

interface Cache {
  /** Holds every bucket after this instant. */
  readonly sinceMs: number;
  /** The end of the span that was asked for last. */
  readonly askedMs: number;
  /** What the last read saw, as Postgres writes it: `xmin:xmax:xip,…`. */
  readonly seen: string;
  readonly buckets: Map<string, Bucket>;
  /** The last of them. */
  readonly newest: Bucket | null;
  /** Every price key that was read: seldom too many, and looked at only then. */
  readonly priceKeys: Set<string>;
}

/** What is asked for of one split. */
interface Asked {
  readonly split: string;
  readonly sinceMs: number;
}

interface Read extends Asked {
  readonly sql: Sql | Tx;
  readonly untilMs: number;
}

class Failed {
  constructor(readonly error: unknown) {}
}

type BucketsBySplit = ReadonlyMap<string, readonly Bucket[]>;

/** Buckets older than what was last asked for are kept this long, so that two askers do not undo each other. */
const slackMs = 2 * 3_600_000;
/** So many splits are read in one statement of which nothing is known yet. */
const mostCold = 32;
/** A split that was not read for so long is forgotten. */
const keptMs = 10 * 60_000;

/**
 * Buckets, reading only what changed: rows know the transaction that wrote them, so "everything the last snapshot did
 * not show" is a question Postgres answers exactly, late rows and long transactions included. A cold reader agrees
 * always; the cache saves time and decides nothing. The connection must not have written events itself.
 */
export class BucketReader {
  private readonly caches = new Map<string, Cache>();
  private readonly alone = gathered((reads: readonly Read[]) => this.readTogether(reads), {
    ...{ most: Number.POSITIVE_INFINITY, flights: 1, patienceMs: 60_000 },
  });
  private turn: Promise<unknown> = Promise.resolve();

  /**
   * Buckets with sinceMs < atMs ≤ untilMs, in order of time. What is asked for while a read is under way is read in one
   * statement after it, so that a hundred splits that are judged beside each other cost two.
   */
  async read(sql: Sql | Tx, split: string, sinceMs: number, untilMs: number): Promise<readonly Bucket[]> {
    const answer = await this.alone({ sql, split, sinceMs, untilMs });
    if (answer instanceof Failed) throw answer.error;
    return answer;
  }

  /** The same of several splits. One read at a time: an older snapshot may not land last. */
  readMany(sql: Sql | Tx, asked: readonly Asked[], untilMs: number): Promise<BucketsBySplit> {
    const mine = this.turn.then(() => this.readNow(sql, asked, untilMs));
    this.turn = mine.catch(() => {});
    return mine;
  }

  /** The next read is a cold one. */
  forget(): void {
    this.caches.clear();
  }

  knows(split: string): boolean {
    return this.caches.has(split);
  }

  /** By connection: what fails on one fails no other. */
  private async readTogether(reads: readonly Read[]): Promise<(readonly Bucket[] | Failed)[]> {
    const answers = new Map<Read, readonly Bucket[] | Failed>();
    for (const sql of new Set(reads.map((each) => each.sql))) {
      const theirs = reads.filter((each) => each.sql === sql);
      const since = new Map<string, number>();
      for (const { split, sinceMs } of theirs) since.set(split, Math.min(sinceMs, since.get(split) ?? sinceMs));
      const asked = [...since].map(([split, sinceMs]) => ({ split, sinceMs }));
      try {
        const latest = Math.max(...theirs.map(({ untilMs }) => untilMs));
        const found = await this.readMany(sql, asked, latest);
        for (const each of theirs) answers.set(each, spanOf(found.get(each.split) ?? [], each));
      } catch (error) {
        for (const each of theirs) answers.set(each, new Failed(error));
      }
    }
    return reads.map((each) => answers.get(each) ?? []);
  }

  private async readNow(sql: Sql | Tx, asked: readonly Asked[], untilMs: number): Promise<BucketsBySplit> {
    const isCold = (each: Asked) => this.warm(each) === null;
    const cold = asked.filter(isCold);
    // All in one statement, unless many are new at once: what that brings would be a text of hundreds of megabytes.
    for (let next = 0; next === 0 || next < cold.length; next += mostCold) {
      const warm = next === 0 ? asked.filter((each) => !isCold(each)) : [];
      await this.refresh(sql, [...warm, ...cold.slice(next, next + mostCold)], untilMs);
    }
    const found = asked.map(({ split, sinceMs }) => [split, within(this.caches.get(split), sinceMs, untilMs)] as const);
    for (const [split, { askedMs }] of this.caches) if (askedMs < untilMs - keptMs) this.caches.delete(split);
    return new Map(found);
  }

  private warm({ split, sinceMs }: Asked): Cache | null {
    const known = this.caches.get(split);
    return known !== undefined && known.sinceMs <= sinceMs ? known : null;
  }

  private async refresh(sql: Sql | Tx, asked: readonly Asked[], untilMs: number): Promise<void> {
    if (asked.length === 0) return;
    const known = asked.map((each) => ({ ...each, cache: this.warm(each) }));
    const { seen, texts } = await changedSince(sql, known);
    // The server's transactions went back (restored from a backup): then nothing here is worth anything.
    if (known.some(({ cache }) => cache !== null && xminOf(seen) < xminOf(cache.seen))) {
      this.forget();
      return this.refresh(sql, asked, untilMs);
    }
    for (const { split, sinceMs, cache } of known) {
      const text = texts.get(split);
      const buckets = text === undefined ? [] : bucketsOf(text);
      const { priceKeys, ...all } = cache ?? { buckets: new Map(), newest: null, priceKeys: new Set<string>() };
      const merged = { ...merge(all, buckets), priceKeys: noteKeys(priceKeys, buckets) };
      const next = { sinceMs: cache?.sinceMs ?? sinceMs, askedMs: untilMs, seen, ...merged };
      this.caches.set(split, trim(next, sinceMs));
    }
  }
}

/** Those of one who asks for less than another of the same split did. */
function spanOf(buckets: readonly Bucket[], { sinceMs, untilMs }: Read): readonly Bucket[] {
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (first === undefined || last === undefined || (first.atMs > sinceMs && last.atMs <= untilMs)) return buckets;
  return buckets.filter(({ atMs }) => atMs > sinceMs && atMs <= untilMs);
}

function within(cache: Cache | undefined, sinceMs: number, untilMs: number): readonly Bucket[] {
  const { buckets, priceKeys } = cache ?? { buckets: new Map<string, Bucket>(), priceKeys: new Set() };
  const found: Bucket[] = [];
  for (const each of buckets.values()) if (each.atMs > sinceMs && each.atMs <= untilMs) found.push(each);
  return priceKeys.size > mostPriceKeys ? withUsualPrices(found) : found;
}

const keyOf = (bucket: Bucket) => `${bucket.atMs} ${bucket.provider}`;

interface Changed {
  readonly seen: string;
  readonly texts: ReadonlyMap<string, SpanText>;
}

async function changedSince(
  sql: Sql | Tx,
  known: readonly (Asked & { readonly cache: Cache | null })[],
): Promise<Changed> {
  const asked = known.map(({ split, sinceMs, cache }) => [split, cache?.sinceMs ?? sinceMs, cache?.seen ?? null]);
  const rows = await sql<(SpanText & { readonly seen: string; readonly split: string | null })[]>`
    select pg_current_snapshot()::text as seen, c.split, c.figures, c.bins
    from (
      select array_agg(e ->> 0 order by n) as splits, array_agg(to_timestamp((e ->> 1)::float8 / 1000) order by n) as sinces,
        array_agg((e ->> 2)::pg_snapshot order by n) as seens
      from jsonb_array_elements(${jsonText(asked)}::text::jsonb) with ordinality a (e, n)
    ) a
    left join lateral sluice.changed_buckets_of(a.splits, a.sinces, a.seens) c on true`;
  const [first] = rows;
  if (first === undefined) throw new Error('sluice.changed_buckets_of returned no row');
  return { seen: first.seen, texts: new Map(rows.flatMap((row) => (row.split === null ? [] : [[row.split, row]]))) };
}

function noteKeys(keys: Set<string>, buckets: readonly Bucket[]): Set<string> {
  for (const { prices } of buckets) for (const { key } of prices) if (keys.size <= mostPriceKeys) keys.add(key);
  return keys;
}

const xminOf = (snapshot: string) => BigInt(snapshot.split(':')[0] ?? '0');

type Kept = Pick<Cache, 'buckets' | 'newest'>;

/** A map keeps the order of its first insertions, which is that of time until a bucket comes late. */
function merge({ buckets, newest }: Kept, changed: readonly Bucket[]): Kept {
  let last = newest;
  let isOrdered = true;
  for (const bucket of changed) {
    const key = keyOf(bucket);
    if (!buckets.has(key)) {
      if (last && inOrder(last, bucket) > 0) isOrdered = false;
      last = bucket;
    }
    buckets.set(key, bucket);
  }
  if (isOrdered) return { buckets, newest: last };
  const ordered = [...buckets].sort((a, b) => inOrder(a[1], b[1]));
  return { buckets: new Map(ordered), newest: ordered.at(-1)?.[1] ?? null };
}

const inOrder = (a: Bucket, b: Bucket) => a.atMs - b.atMs || (a.provider < b.provider ? -1 : 1);

function trim(cache: Cache, sinceMs: number): Cache {
  if (cache.sinceMs >= sinceMs - slackMs) return cache;
  for (const [key, bucket] of cache.buckets) if (bucket.atMs <= sinceMs) cache.buckets.delete(key);
  return { ...cache, sinceMs };
}

/** As many keys as one bucket has. Each has sums of its own at every instant, so that a key for every row would be dear. */
const mostPriceKeys = 32;

/** The buckets with their most frequent price keys only; rows of the others are priced rows without a key. */
function withUsualPrices(buckets: readonly Bucket[]): readonly Bucket[] {
  const rows = new Map<string, number>();
  for (const { prices } of buckets) for (const { key, priced } of prices) rows.set(key, (rows.get(key) ?? 0) + priced);
  if (rows.size <= mostPriceKeys) return buckets;
  const usual = new Set(mostFrequent([...rows]));
  const isUsual = ({ key }: PricesOfKey) => usual.has(key);
  return buckets.map((each) => (each.prices.every(isUsual) ? each : { ...each, prices: each.prices.filter(isUsual) }));
}

/** The same of one span's prices; those without a key, and of keys that are not usual, stand under ''. */
export function usualPrices(prices: readonly PricesOfKey[]): readonly PricesOfKey[] {
  const named = prices.filter(({ key }) => key !== '');
  if (named.length <= mostPriceKeys) return prices;
  const usual = new Set(mostFrequent(named.map(({ key, priced }) => [key, priced])));
  const others = prices.filter(({ key }) => !usual.has(key));
  const rest = { key: '', priced: 0, costNano: 0, costNanoSquared: 0 };
  for (const each of others) {
    rest.priced += each.priced;
    rest.costNano += each.costNano;
    rest.costNanoSquared += each.costNanoSquared;
  }
  return [rest, ...prices.filter(({ key }) => usual.has(key))];
}

function mostFrequent(rows: readonly (readonly [key: string, priced: number])[]): string[] {
  const ordered = [...rows].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return ordered.slice(0, mostPriceKeys).map(([key]) => key);
}
