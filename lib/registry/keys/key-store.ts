import { actingAs } from '@/lib/access/acting-as';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { writing } from '@/lib/postgres/transaction';
import type { SealedKey } from './provider-keys';

/** What is told of a stored key: never the key. */
export interface KeyRow {
  readonly provider: string;
  readonly version: number;
  readonly sealed_with: string;
  readonly hint: string;
  readonly created_at: string;
  readonly created_by: string | null;
  readonly retired_at: string | null;
}

interface Sealed {
  readonly sealed: string;
  readonly sealedWith: string;
}

interface NewKey {
  readonly provider: string;
  readonly hint: string;
  /** The version is part of what is sealed, and is known in the transaction only. */
  readonly sealAs: (version: number) => Sealed;
}

export type KeyStore = ReturnType<typeof keyStore>;

const iso = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"';

export function keyStore(sql: Sql) {
  return {
    async providers(): Promise<readonly string[]> {
      const rows = await sql<{ name: string }[]>`select p.name from sluice.providers p order by p.name`;
      return rows.map(({ name }) => name);
    },

    list(): Promise<readonly KeyRow[]> {
      return sql<KeyRow[]>`
        select k.provider, k.version, k.sealed_with, coalesce(k.hint, '') as hint, k.created_by,
          to_char(k.created_at at time zone 'utc', ${iso}) as created_at,
          to_char(k.retired_at at time zone 'utc', ${iso}) as retired_at
        from sluice.provider_keys k order by k.provider, k.version desc`;
    },

    /** Those that serve, as they are sealed. */
    sealed: (): Promise<readonly SealedKey[]> => readSealed(sql),

    /** The version that it became; null when there is no such provider. */
    add({ provider, hint, sealAs }: NewKey, by: string): Promise<number | null> {
      return inOneStep(sql, by, async (tx) => {
        await oneAtATime(tx);
        const [row] = await tx<{ next: number }[]>`
          select coalesce((select max(k.version) from sluice.provider_keys k where k.provider = p.name), 0) + 1 as next
          from sluice.providers p where p.name = ${provider}`;
        if (!row) return null;
        const { sealed, sealedWith } = sealAs(row.next);
        await tx`
          insert into sluice.provider_keys (provider, version, sealed, sealed_with, hint, created_by)
          values (${provider}, ${row.next}, ${sealed}, ${sealedWith}, ${hint}, ${by})`;
        return row.next;
      });
    },

    /** The versions that served until now: the one that is named, or all that are older than the newest. */
    retire(provider: string, version: number | null, by: string): Promise<readonly number[]> {
      return inOneStep(sql, by, async (tx) => {
        const rows = await tx<{ version: number }[]>`
          update sluice.provider_keys k set retired_at = now()
          where k.provider = ${provider} and k.retired_at is null and case
            when ${version}::integer is null then k.version < (select max(n.version) from sluice.provider_keys n
              where n.provider = k.provider and n.retired_at is null)
            else k.version = ${version} end
          returning k.version`;
        return rows.map((row) => row.version).sort((a, b) => a - b);
      });
    },

    /** Seals every key anew, those that were retired too: all of them or, when one throws, none. */
    sealAnew(anew: (row: SealedKey) => Sealed, by: string): Promise<number> {
      return inOneStep(sql, by, async (tx) => {
        await oneAtATime(tx);
        const rows = await readSealed(tx, true);
        for (const row of rows) {
          const { sealed, sealedWith } = anew(row);
          await tx`update sluice.provider_keys k set sealed = ${sealed}, sealed_with = ${sealedWith}
            where k.provider = ${row.provider} and k.version = ${row.version}`;
        }
        return rows.length;
      });
    },
  };
}

/** A version is sealed in, and nothing is to be sealed with a secret that is on its way out. */
async function oneAtATime(tx: Tx): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended('sluice.provider_keys', 0))`;
}

function readSealed(db: Sql | Tx, withRetired = false): Promise<readonly SealedKey[]> {
  return db<SealedKey[]>`
    select k.provider, k.version, k.sealed, k.sealed_with as "sealedWith" from sluice.provider_keys k
    where ${withRetired} or k.retired_at is null order by k.provider, k.version`;
}

function inOneStep<T>(sql: Sql, by: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return sql.begin(writing, async (tx) => {
    await actingAs(tx, by);
    return work(tx);
  }) as Promise<T>;
}
