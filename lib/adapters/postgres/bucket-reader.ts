import type { Bucket } from '@/lib/rollout/bucket';
import { type BucketRow, bucketOf } from './bucket-row';
import type { Sql, Tx } from './connection';

interface Cache {
  /** Holds every bucket after this instant. */
  readonly sinceMs: number;
  /** What the last read saw, as Postgres writes it: `xmin:xmax:xip,…`. */
  readonly seen: string;
  readonly buckets: Map<string, Bucket>;
}

/** Buckets older than what was last asked for are kept this long, so that two askers do not undo each other. */
const slackMs = 2 * 3_600_000;

/**
 * Buckets, reading only what changed: rows know the transaction that wrote them, so "everything the last snapshot did
 * not show" is a question Postgres answers exactly, late rows and long transactions included. A cold reader agrees
 * always; the cache saves time and decides nothing. The connection must not have written events itself.
 */
export class BucketReader {
  #cache: Cache | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  /** Buckets with sinceMs < atMs ≤ untilMs, in order of time. One read at a time: an older snapshot may not land last. */
  read(sql: Sql | Tx, sinceMs: number, untilMs: number): Promise<readonly Bucket[]> {
    const mine = this.#turn.then(() => this.#read(sql, sinceMs, untilMs));
    this.#turn = mine.catch(() => {});
    return mine;
  }

  /** The next read is a cold one. */
  forget(): void {
    this.#cache = null;
  }

  async #read(sql: Sql | Tx, sinceMs: number, untilMs: number): Promise<readonly Bucket[]> {
    const warm = this.#cache !== null && this.#cache.sinceMs <= sinceMs ? await readChanges(sql, this.#cache) : null;
    const cache = trim(warm ?? (await readAll(sql, sinceMs)), sinceMs);
    this.#cache = cache;
    const found: Bucket[] = [];
    for (const each of cache.buckets.values()) if (each.atMs > sinceMs && each.atMs <= untilMs) found.push(each);
    return found;
  }
}

const keyOf = (bucket: Bucket) => `${bucket.atMs} ${bucket.provider}`;

async function readAll(sql: Sql | Tx, sinceMs: number): Promise<Cache> {
  const [row] = await sql<{ seen: string; rows: BucketRow[] }[]>`
    select pg_current_snapshot()::text as seen, (
      select coalesce(json_agg(json_build_array((extract(epoch from r.at) * 1000)::bigint, r.provider, r.requests,
        r.failures, r.refused, r.bins, r.priced, r.cost_nano, r.cost_nano_squared, r.generated, r.vouchers)), '[]')
      from sluice.read_buckets(to_timestamp(${sinceMs}::float8 / 1000), 'infinity') r) as rows`;
  const buckets = merge(new Map(), (row?.rows ?? []).map(bucketOf));
  return { sinceMs, seen: row?.seen ?? '1:1:', buckets };
}

/** null when the server's transactions went back (restored from a backup): then nothing here is worth anything. */
async function readChanges(sql: Sql | Tx, cache: Cache): Promise<Cache | null> {
  const [row] = await sql<{ seen: string; rows: BucketRow[] }[]>`
    select pg_current_snapshot()::text as seen, (
      select coalesce(json_agg(json_build_array((extract(epoch from r.at) * 1000)::bigint, r.provider, r.requests,
        r.failures, r.refused, r.bins, r.priced, r.cost_nano, r.cost_nano_squared, r.generated, r.vouchers)), '[]')
      from sluice.read_changes(to_timestamp(${cache.sinceMs}::float8 / 1000), ${cache.seen}::pg_snapshot) r) as rows`;
  if (!row || xminOf(row.seen) < xminOf(cache.seen)) return null;
  return { ...cache, seen: row.seen, buckets: merge(cache.buckets, row.rows.map(bucketOf)) };
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
