import { actingAs } from '@/lib/access/acting-as';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { writing } from '@/lib/postgres/transaction';
import type { Scope } from './caller';

interface NewKey {
  readonly digest: string;
  readonly hint: string;
  readonly validSeconds: number | null;
}

interface AddedCaller {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly prefixes: readonly string[];
  readonly ratePerMinute: number | null;
  readonly key: NewKey;
}

export interface CallerKeyRow {
  readonly id: number;
  readonly hint: string | null;
  readonly created_at: string;
  readonly created_by: string | null;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
}

export interface CallerRow {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly prefixes: readonly string[];
  readonly rate_per_minute: number | null;
  readonly created_at: string;
  readonly created_by: string | null;
  readonly keys: readonly CallerKeyRow[];
}

export type CallerStore = ReturnType<typeof callerStore>;

/** Instants as text of ISO 8601, as the wire has them. */
const iso = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"';

export function callerStore(sql: Sql) {
  return {
    /** The id of its first key; null when there is one of that name. */
    add({ name, scopes, prefixes, ratePerMinute, key }: AddedCaller, by: string): Promise<number | null> {
      return inOneStep(sql, by, async (tx) => {
        const [row] = await tx`
          insert into sluice.callers (name, scopes, prefixes, rate_per_minute, created_by)
          values (${name}, ${scopes as string[]}, ${prefixes as string[]}, ${ratePerMinute}, ${by})
          on conflict (name) do nothing returning name`;
        return row ? insertKey(tx, name, key, by) : null;
      });
    },

    /** null when there is no such caller. */
    addKey(name: string, key: NewKey, by: string): Promise<number | null> {
      return inOneStep(sql, by, async (tx) => {
        const [row] = await tx`select c.name from sluice.callers c where c.name = ${name}`;
        return row ? insertKey(tx, name, key, by) : null;
      });
    },

    /** The ids of the keys that worked until now; null when there is no such caller. */
    revoke(name: string, id: number | null, by: string): Promise<readonly number[] | null> {
      return inOneStep(sql, by, async (tx) => {
        const [row] = await tx`select c.name from sluice.callers c where c.name = ${name}`;
        if (!row) return null;
        const rows = await tx<{ id: number }[]>`
          update sluice.caller_keys k set revoked_at = now()
          where k.caller = ${name} and k.revoked_at is null and (${id}::bigint is null or k.id = ${id})
          returning k.id`;
        return rows.map((each) => Number(each.id)).sort((a, b) => a - b);
      });
    },

    list(): Promise<readonly CallerRow[]> {
      return sql<CallerRow[]>`
        select c.name, c.scopes, coalesce(c.prefixes, '{}') as prefixes, c.rate_per_minute, c.created_by,
          to_char(c.created_at at time zone 'utc', ${iso}) as created_at,
          coalesce((
            select jsonb_agg(jsonb_build_object('id', k.id, 'hint', k.hint, 'created_by', k.created_by,
              'created_at', to_char(k.created_at at time zone 'utc', ${iso}),
              'expires_at', to_char(k.expires_at at time zone 'utc', ${iso}),
              'revoked_at', to_char(k.revoked_at at time zone 'utc', ${iso})) order by k.id)
            from sluice.caller_keys k where k.caller = c.name), '[]') as keys
        from sluice.callers c order by c.name`;
    },
  };
}

async function insertKey(tx: Tx, caller: string, { digest, hint, validSeconds }: NewKey, by: string): Promise<number> {
  const [row] = await tx<{ id: number }[]>`
    insert into sluice.caller_keys (caller, key_hash, hint, created_by, expires_at)
    values (${caller}, ${digest}, ${hint}, ${by}, now() + make_interval(secs => ${validSeconds})) returning id`;
  return Number(row?.id);
}

function inOneStep<T>(sql: Sql, by: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return sql.begin(writing, async (tx) => {
    await actingAs(tx, by);
    return work(tx);
  }) as Promise<T>;
}
