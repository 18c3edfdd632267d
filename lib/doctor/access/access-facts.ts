import type { Sql } from '@/lib/postgres/sql';
import { keyStore } from '@/lib/registry/keys/key-store';
import type { SealedKey } from '@/lib/registry/keys/provider-keys';

interface ExpiringKey {
  readonly caller: string;
  readonly id: number;
  readonly inSeconds: number;
}

/** The keys of providers as they are stored, and those of callers that end soon. */
export interface AccessFacts {
  readonly providers: readonly string[];
  readonly keys: readonly SealedKey[];
  /** The last keys of their callers: none that works will outlast them. */
  readonly expiring: readonly ExpiringKey[];
}

const soonDays = 7;

/** null where the schema is of before these tables, and for a login that may not read them, as the watchdog's. */
export async function readAccessFacts(sql: Sql): Promise<AccessFacts | null> {
  const [may] = await sql<{ read: boolean | null }[]>`
    select has_table_privilege(to_regclass('sluice.caller_keys'), 'select')
      and has_table_privilege(to_regclass('sluice.provider_keys'), 'select') as read`;
  if (may?.read !== true) return null;
  const store = keyStore(sql);
  const expiring = sql<ExpiringKey[]>`
    select k.caller, k.id::float8 as id, extract(epoch from k.expires_at - now())::float8 as "inSeconds"
    from sluice.caller_keys k
    where k.revoked_at is null and k.expires_at > now() and k.expires_at <= now() + make_interval(days => ${soonDays})
      and not exists (
        select from sluice.caller_keys l where l.caller = k.caller and l.id <> k.id and l.revoked_at is null
          and (l.expires_at is null or l.expires_at > k.expires_at))
    order by k.expires_at`;
  const [providers, keys, ending] = await Promise.all([store.providers(), store.sealed(), expiring]);
  return { providers, keys, expiring: ending };
}
