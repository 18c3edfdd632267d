import { gathered } from '@/lib/kernel/gathered';
import { jsonText } from '@/lib/kernel/json-text';
import type { Sql } from '@/lib/postgres/sql';

export type IdempotencyClaim =
  | { readonly kind: 'claimed' }
  | { readonly kind: 'running'; readonly ageMs: number }
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'done'; readonly status: number; readonly response: unknown };

export interface IdempotencyKey {
  readonly keyHash: string;
  readonly bodyHash: string;
  readonly requestId: string;
}

/** Longer than any request may take: the process that claimed it is gone, and what the provider did is unknown. */
const abandonedMs = 120_000;

interface Row {
  readonly body_hash: string;
  readonly state: 'running' | 'done' | 'unknown';
  readonly status: number | null;
  readonly response: unknown;
  readonly age_ms: number;
}

/** An end as it is sent. */
type Item = { readonly claim: IdempotencyKey } | { readonly end: string };

/** Busy requests share a commit; a slow one holds up no other for long. */
const together = { most: 50, flights: 2, patienceMs: 20 };
/** An answer with its images in it takes long to write: no claim waits for it, and a connection is left for them. */
const alone = { most: 1, flights: 2, patienceMs: 20 };
const longestTogether = 32 * 1024;

export type IdempotencyStore = ReturnType<typeof idempotencyStore>;

export function idempotencyStore(sql: Sql) {
  const run = (items: readonly Item[]) => settle(sql, items);
  const settled = gathered(run, together);
  const settledAlone = gathered(run, alone);
  return {
    async claim(key: IdempotencyKey): Promise<IdempotencyClaim> {
      // The row may be released between the two statements: then the second round claims it.
      for (let round = 1; round <= 2; round += 1) {
        if (await settled({ claim: key })) return { kind: 'claimed' };
        const [row] = await sql<Row[]>`
          select i.body_hash, i.state, i.status, i.response,
            extract(epoch from clock_timestamp() - i.created_at)::float8 * 1000 as age_ms
          from sluice.idempotency i where i.key_hash = ${key.keyHash}`;
        if (row !== undefined) return answerOf(sql, key, row);
      }
      return { kind: 'running', ageMs: 0 };
    },

    /** Also writes the row when the claim never reached the store. */
    async finish(
      key: IdempotencyKey,
      { state, status, response }: { state: 'done' | 'unknown'; status: number; response: unknown },
    ): Promise<void> {
      const end = jsonText({ ...key, state, status, response });
      await (end.length > longestTogether ? settledAlone({ end }) : settled({ end }));
    },

    /** The request surely did nothing: the key may be used again. */
    async release(key: IdempotencyKey): Promise<void> {
      await sql`
        delete from sluice.idempotency i
        where i.key_hash = ${key.keyHash} and i.request_id = ${key.requestId} and i.state = 'running'`;
    },
  };
}

/** Ends and claims in one commit; whether each claim is the first of its key. */
async function settle(sql: Sql, items: readonly Item[]): Promise<boolean[]> {
  const claims = items.flatMap((item) => ('claim' in item ? [item.claim] : []));
  const ends = items.flatMap((item) => ('end' in item ? [item.end] : []));
  const rows = await sql<{ key: string }[]>`
    select key from sluice.settle_keys(${`[${ends.join(',')}]`}::text::jsonb, ${jsonText(claims)}::text::jsonb) key`;
  const claimed = new Set(rows.map(({ key }) => key));
  return items.map((item) => 'claim' in item && claimed.delete(item.claim.keyHash));
}

async function answerOf(sql: Sql, key: IdempotencyKey, row: Row): Promise<IdempotencyClaim> {
  if (row.body_hash !== key.bodyHash) return { kind: 'mismatch' };
  if (row.state === 'done') return { kind: 'done', status: row.status ?? 200, response: row.response };
  if (row.state === 'unknown') return { kind: 'unknown' };
  if (row.age_ms < abandonedMs) return { kind: 'running', ageMs: row.age_ms };
  await sql`
    update sluice.idempotency i set state = 'unknown' where i.key_hash = ${key.keyHash} and i.state = 'running'`;
  return { kind: 'unknown' };
}
