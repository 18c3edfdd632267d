import type { Sql, Tx } from '@/lib/postgres/sql';
import type { Bucket, PricesOfKey } from '@/lib/rule/buckets/bucket';
import { Histogram } from '@/lib/rule/buckets/histogram';
import type { Bins } from '@/lib/rule/buckets/quantile';
import { type AgeBag, type Figures, type PriceBag, type SpanText, scanBins } from './span-text';
import { mostPriceKeys, withUsualPrices } from './usual-prices';

/** Bins that come in any order are added up here, one span after the other. */
const jumble = new Histogram();

export function bucketsOf({ figures, bins }: SpanText): Bucket[] {
  let next = 0;
  return figures.map((row) => {
    const [start, pairs] = readBins(bins, next);
    next = start;
    return bucketOf(row, pairs);
  });
}

/** A folded bucket lists each bin once, in order; what is not folded yet begins again and again. */
function readBins(text: string, start: number): [next: number, bins: Bins] {
  const pairs: [number, number][] = [];
  let last = -1;
  let isJumbled = false;
  const next = scanBins(text, start, (edge, count) => {
    if (isJumbled) jumble.add(edge, count);
    else if (edge > last) pairs.push([edge, count]);
    else {
      isJumbled = true;
      for (const [each, n] of pairs) jumble.add(each, n);
      jumble.add(edge, count);
    }
    last = edge;
  });
  if (!isJumbled) return [next, pairs];
  const bins = jumble.bins();
  jumble.clear();
  return [next, bins];
}

export function bucketOf(row: Figures, bins: Bins): Bucket {
  const [atMs, provider, requests, failures, refused, priced, costNano, costNanoSquared, generated, vouchers] = row;
  const [ages, prices] = [row[10], row[11]];
  const counts = { requests, failures, refused, bins, priced, costNano, costNanoSquared, generated, vouchers };
  return { atMs, provider, ...counts, ages: agesOf(ages), prices: pricesOf(prices) };
}

/** Most buckets have no vouchers, and share this. */
const none: readonly never[] = [];

function agesOf(bag: AgeBag | null | undefined): Bucket['ages'] {
  if (!bag) return none;
  return Object.entries(bag)
    .map(([edge, count]) => [Number(edge), count] as const)
    .sort((a, b) => a[0] - b[0]);
}

function pricesOf(bag: PriceBag | null | undefined): readonly PricesOfKey[] {
  if (!bag) return none;
  return Object.entries(bag)
    .map(([key, [priced, costNano, costNanoSquared]]) => ({ key, priced, costNano, costNanoSquared }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

interface Cache {
  /** Holds every bucket after this instant. */
  readonly sinceMs: number;
  /** The end of the span that was asked for last. */
  readonly askedMs: number;
  /** What the last read saw, as Postgres writes it: `xmin:xmax:xip,…`. */
  readonly seen: string;
  readonly buckets: Map<string, Bucket>;
  /** Every price key that was read: seldom too many, and looked at only then. */
  readonly priceKeys: Set<string>;
}

/** What is asked for of one split. */
export interface Asked {
  readonly split: string;
  readonly sinceMs: number;
}

export type BucketsBySplit = ReadonlyMap<string, readonly Bucket[]>;

/** Buckets older than what was last asked for are kept this long, so that two askers do not undo each other. */
const slackMs = 2 * 3_600_000;
/** A split that nobody asked for in so long is forgotten. */
const keptMs = 10 * 60_000;

/**
 * Buckets, reading only what changed: rows know the transaction that wrote them, so "everything the last snapshot did
 * not show" is a question Postgres answers exactly, late rows and long transactions included. A cold reader agrees
 * always; the cache saves time and decides nothing. The connection must not have written events itself.
 */
export class BucketReader {
  private readonly caches = new Map<string, Cache>();
  private turn: Promise<unknown> = Promise.resolve();

  /** Buckets with sinceMs < atMs ≤ untilMs, in order of time. */
  async read(sql: Sql | Tx, split: string, sinceMs: number, untilMs: number): Promise<readonly Bucket[]> {
    return (await this.readMany(sql, [{ split, sinceMs }], untilMs)).get(split) ?? [];
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

  private async readNow(sql: Sql | Tx, asked: readonly Asked[], untilMs: number): Promise<BucketsBySplit> {
    const found = new Map<string, readonly Bucket[]>();
    for (const { split, sinceMs } of asked) found.set(split, await this.readOne(sql, { split, sinceMs }, untilMs));
    for (const [split, { askedMs }] of this.caches) if (askedMs < untilMs - keptMs) this.caches.delete(split);
    return found;
  }

  private async readOne(sql: Sql | Tx, { split, sinceMs }: Asked, untilMs: number): Promise<readonly Bucket[]> {
    const known = this.caches.get(split);
    const warm = known !== undefined && known.sinceMs <= sinceMs ? await readChanges(sql, known) : null;
    const cache = { ...trim(warm ?? (await readAll(sql, sinceMs)), sinceMs), askedMs: untilMs };
    this.caches.set(split, cache);
    return within(cache, sinceMs, untilMs);
  }
}

function within({ buckets, priceKeys }: Cache, sinceMs: number, untilMs: number): readonly Bucket[] {
  const found: Bucket[] = [];
  for (const each of buckets.values()) if (each.atMs > sinceMs && each.atMs <= untilMs) found.push(each);
  return priceKeys.size > mostPriceKeys ? withUsualPrices(found) : found;
}

const keyOf = (bucket: Bucket) => `${bucket.atMs} ${bucket.provider}`;

interface Changed extends SpanText {
  readonly seen: string;
}

async function readAll(sql: Sql | Tx, sinceMs: number): Promise<Cache> {
  const changed = await changedSince(sql, sinceMs, null);
  const buckets = bucketsOf(changed);
  return {
    sinceMs,
    askedMs: sinceMs,
    seen: changed.seen,
    buckets: merge(new Map(), buckets),
    priceKeys: noteKeys(new Set(), buckets),
  };
}

/** null when the server's transactions went back (restored from a backup): then nothing here is worth anything. */
async function readChanges(sql: Sql | Tx, cache: Cache): Promise<Cache | null> {
  const changed = await changedSince(sql, cache.sinceMs, cache.seen);
  if (xminOf(changed.seen) < xminOf(cache.seen)) return null;
  const buckets = bucketsOf(changed);
  noteKeys(cache.priceKeys, buckets);
  return { ...cache, seen: changed.seen, buckets: merge(cache.buckets, buckets) };
}

async function changedSince(sql: Sql | Tx, sinceMs: number, seen: string | null): Promise<Changed> {
  const [row] = await sql<Changed[]>`
    select pg_current_snapshot()::text as seen, c.figures, c.bins
    from sluice.changed_buckets(to_timestamp(${sinceMs}::float8 / 1000), ${seen}::text::pg_snapshot) c`;
  if (row === undefined) throw new Error('sluice.changed_buckets returned no row');
  return row;
}

function noteKeys(keys: Set<string>, buckets: readonly Bucket[]): Set<string> {
  for (const { prices } of buckets) for (const { key } of prices) if (keys.size <= mostPriceKeys) keys.add(key);
  return keys;
}

const xminOf = (snapshot: string) => BigInt(snapshot.split(':')[0] ?? '0');

/** A map keeps the order of its first insertions, which is that of time until a bucket comes late. */
function merge(buckets: Map<string, Bucket>, changed: readonly Bucket[]): Map<string, Bucket> {
  let newest = [...buckets.values()].at(-1);
  let isOrdered = true;
  for (const bucket of changed) {
    const key = keyOf(bucket);
    if (!buckets.has(key)) {
      if (newest && inOrder(newest, bucket) > 0) isOrdered = false;
      newest = bucket;
    }
    buckets.set(key, bucket);
  }
  return isOrdered ? buckets : new Map([...buckets].sort((a, b) => inOrder(a[1], b[1])));
}

const inOrder = (a: Bucket, b: Bucket) => a.atMs - b.atMs || (a.provider < b.provider ? -1 : 1);

function trim(cache: Cache, sinceMs: number): Cache {
  if (cache.sinceMs >= sinceMs - slackMs) return cache;
  for (const [key, bucket] of cache.buckets) if (bucket.atMs <= sinceMs) cache.buckets.delete(key);
  return { ...cache, sinceMs };
}
