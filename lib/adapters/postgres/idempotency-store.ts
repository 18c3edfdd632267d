import type { IdempotencyClaim, IdempotencyKey, IdempotencyStore } from '@/lib/operations/ports/data-plane';
import type { Sql } from './connection';
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

export function idempotencyStore(sql: Sql): IdempotencyStore {
  return {
    async claim(key) {
      // The row may be released between the two statements: then the second round claims it.
      for (let round = 1; round <= 2; round += 1) {
        if (await insertClaim(sql, key)) return { kind: 'claimed' };
        const [row] = await sql<Row[]>`
          select i.body_hash, i.state, i.status, i.response,
            extract(epoch from clock_timestamp() - i.created_at)::float8 * 1000 as age_ms
          from sluice.idempotency i where i.key_hash = ${key.keyHash}`;
        if (row !== undefined) return answerOf(sql, key, row);
      }
      return { kind: 'running', ageMs: 0 };
    },

    async finish(key, { state, status, response }) {
      await sql`
        insert into sluice.idempotency as i (key_hash, body_hash, state, request_id, status, response)
        values (${key.keyHash}, ${key.bodyHash}, ${state}, ${key.requestId}, ${status},
          ${jsonText(response)}::text::jsonb)
        on conflict (key_hash) do update set state = excluded.state, status = excluded.status,
          response = excluded.response
        where i.request_id = excluded.request_id`;
    },

    async release(key) {
      await sql`
        delete from sluice.idempotency i
        where i.key_hash = ${key.keyHash} and i.request_id = ${key.requestId} and i.state = 'running'`;
    },
  };
}

async function insertClaim(sql: Sql, key: IdempotencyKey): Promise<boolean> {
  const rows = await sql`
    insert into sluice.idempotency as i (key_hash, body_hash, state, request_id)
    values (${key.keyHash}, ${key.bodyHash}, 'running', ${key.requestId})
    on conflict (key_hash) do update set body_hash = excluded.body_hash, state = 'running',
      request_id = excluded.request_id, status = null, response = null, created_at = now(),
      expires_at = now() + interval '24 hours'
    where i.expires_at <= now()
    returning i.key_hash`;
  return rows.length === 1;
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
