import type { IdempotencyClaim, IdempotencyKey, IdempotencyStore } from '@/lib/operations/ports/data-plane';
import type { Sql } from './connection';
import { gathered } from './gathered';
import { jsonText } from './json-text';

/** Longer than any request may take: whoever claimed it is gone, and nobody knows what the provider did. */
const abandonedMs = 120_000;

interface Row {
  readonly body_hash: string;
  readonly state: 'running' | 'done' | 'unknown';
  readonly status: number | null;
  readonly response: unknown;
  readonly age_ms: number;
}

type Ended = { readonly key: IdempotencyKey } & Parameters<IdempotencyStore['finish']>[1];

/** One statement at a time would make busy requests queue for commits; two, so that a slow one holds up nobody. */
const together = { most: 50, flights: 2 };

export function idempotencyStore(sql: Sql): IdempotencyStore {
  const insertClaim = gathered((keys: readonly IdempotencyKey[]) => insertClaims(sql, keys), together);
  const writeEnd = gathered((ends: readonly Ended[]) => writeEnds(sql, ends), together);
  return {
    async claim(key) {
      // The row may be released between the two statements: then the second round claims it.
      for (let round = 1; round <= 2; round += 1) {
        if (await insertClaim(key)) return { kind: 'claimed' };
        const [row] = await sql<Row[]>`
          select i.body_hash, i.state, i.status, i.response,
            extract(epoch from clock_timestamp() - i.created_at)::float8 * 1000 as age_ms
          from sluice.idempotency i where i.key_hash = ${key.keyHash}`;
        if (row !== undefined) return answerOf(sql, key, row);
      }
      return { kind: 'running', ageMs: 0 };
    },

    finish: (key, end) => writeEnd({ key, ...end }),

    async release(key) {
      await sql`
        delete from sluice.idempotency i
        where i.key_hash = ${key.keyHash} and i.request_id = ${key.requestId} and i.state = 'running'`;
    },
  };
}

/** Whose claim is the first of its key. In the order of the keys, so that two processes never wait in a circle. */
async function insertClaims(sql: Sql, keys: readonly IdempotencyKey[]): Promise<boolean[]> {
  const rows = await sql<{ key_hash: string }[]>`
    insert into sluice.idempotency as i (key_hash, body_hash, state, request_id)
    select distinct on (k."keyHash") k."keyHash", k."bodyHash", 'running', k."requestId"
    from rows from (jsonb_to_recordset(${jsonText(keys)}::text::jsonb)
      as ("keyHash" text, "bodyHash" text, "requestId" text)) with ordinality as k("keyHash", "bodyHash", "requestId", n)
    order by k."keyHash", k.n
    on conflict (key_hash) do update set body_hash = excluded.body_hash, state = 'running',
      request_id = excluded.request_id, status = null, response = null, created_at = now(),
      expires_at = now() + interval '24 hours'
    where i.expires_at <= now()
    returning i.key_hash`;
  const claimed = new Set(rows.map(({ key_hash }) => key_hash));
  return keys.map(({ keyHash }) => claimed.delete(keyHash));
}

async function writeEnds(sql: Sql, ends: readonly Ended[]): Promise<undefined[]> {
  const rows = ends.map(({ key, state, status, response }) => ({ ...key, state, status, response }));
  await sql`
    insert into sluice.idempotency as i (key_hash, body_hash, state, request_id, status, response)
    select distinct on (e."keyHash") e."keyHash", e."bodyHash", e.state, e."requestId", e.status, e.response
    from jsonb_to_recordset(${jsonText(rows)}::text::jsonb)
      as e("keyHash" text, "bodyHash" text, state text, "requestId" text, status integer, response jsonb)
    order by e."keyHash"
    on conflict (key_hash) do update set state = excluded.state, status = excluded.status,
      response = excluded.response
    where i.request_id = excluded.request_id`;
  return ends.map(() => undefined);
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
