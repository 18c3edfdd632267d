import { actingAs } from '@/lib/access/acting-as';
import type { Scope } from '@/lib/api/scopes';
import { jsonText } from '@/lib/kernel/json-text';
import { capital } from '@/lib/kernel/plain-text';
import { Refusal } from '@/lib/kernel/refusal';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { writing } from '@/lib/postgres/transaction';
import type { Quota, Spending } from '../quota';
import { spendingJson } from '../spending-store';
import type { CallerRights } from './caller-faults';

interface NewKey {
  readonly digest: string;
  readonly hint: string;
  readonly validSeconds: number | null;
}

interface CallerFields {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly prefixes: readonly string[];
  /** Left out: every model. */
  readonly models?: readonly string[] | undefined;
  readonly ratePerMinute: number | null;
  /** Left out: nothing is limited. */
  readonly quota?: Quota | undefined;
}

interface StoredRights extends CallerRights {
  readonly scopes: readonly Scope[];
}

interface AddedCaller extends CallerFields {
  readonly key: NewKey;
}

interface CallerWrite {
  readonly actor: string;
  readonly reason: string;
}

interface CallerKeyRow {
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
  readonly models: readonly string[];
  readonly rate_per_minute: number | null;
  readonly quota: Quota;
  readonly today: Spending;
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
    add(
      { name, scopes, prefixes, models = [], ratePerMinute, quota = {}, key }: AddedCaller,
      by: string,
    ): Promise<number | null> {
      return inOneStep(sql, by, async (tx) => {
        const [row] = await tx`
          insert into sluice.callers (name, scopes, prefixes, models, rate_per_minute, quota, created_by)
          values (${name}, ${scopes as string[]}, ${prefixes as string[]}, ${models as string[]}, ${ratePerMinute},
            ${jsonText(quota)}::text::jsonb, ${by})
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

    /** What it may from now on, as `decide` makes it of what it may now; false when there is no such caller. */
    change(name: string, by: string, decide: (now: StoredRights) => StoredRights): Promise<boolean> {
      return inOneStep(sql, by, async (tx) => {
        const [now] = await tx<StoredRights[]>`
          select c.scopes, coalesce(c.prefixes, '{}') as prefixes, c.models, c.rate_per_minute as "ratePerMinute", c.quota
          from sluice.callers c where c.name = ${name} for update`;
        if (now === undefined) return false;
        const { scopes, prefixes, models, ratePerMinute, quota } = decide(now);
        await tx`
          update sluice.callers c set scopes = ${scopes as string[]}, prefixes = ${prefixes as string[]},
            models = ${models as string[]}, rate_per_minute = ${ratePerMinute}, quota = ${jsonText(quota)}::text::jsonb
          where c.name = ${name}`;
        return true;
      });
    },

    list(): Promise<readonly CallerRow[]> {
      return sql<CallerRow[]>`
        select c.name, c.scopes, coalesce(c.prefixes, '{}') as prefixes, c.models, c.rate_per_minute, c.quota, c.created_by,
          ${spendingJson(sql)} as today,
          to_char(c.created_at at time zone 'utc', ${iso}) as created_at,
          coalesce((
            select jsonb_agg(jsonb_build_object('id', k.id, 'hint', k.hint, 'created_by', k.created_by,
              'created_at', to_char(k.created_at at time zone 'utc', ${iso}),
              'expires_at', to_char(k.expires_at at time zone 'utc', ${iso}),
              'revoked_at', to_char(k.revoked_at at time zone 'utc', ${iso})) order by k.id)
            from sluice.caller_keys k where k.caller = c.name), '[]') as keys
        from sluice.callers c cross join lateral sluice.spending_of('caller', c.name, sluice.today()) u order by c.name`;
    },
  };
}

/** Adds a caller or changes what it may; its keys are given and revoked on their own. */
export async function putCaller(tx: Tx, caller: CallerFields, { actor, reason }: CallerWrite): Promise<void> {
  const { name, scopes, prefixes, models = [], ratePerMinute, quota = {} } = caller;
  await actingAs(tx, actor, reason);
  const values = () => tx`${scopes as string[]}::text[], ${prefixes as string[]}::text[], ${models as string[]}::text[],
    ${ratePerMinute}::integer, ${jsonText(quota)}::text::jsonb`;
  const changed = await tx`update sluice.callers c
    set (scopes, prefixes, models, rate_per_minute, quota) = row(${values()}) where c.name = ${name} returning c.name`;
  if (changed.length > 0) return;
  await tx`
    insert into sluice.callers as c (name, scopes, prefixes, models, rate_per_minute, quota, created_by)
    values (${name}, ${values()}, ${actor})
    on conflict (name) do update set scopes = excluded.scopes, prefixes = excluded.prefixes,
      models = excluded.models, rate_per_minute = excluded.rate_per_minute, quota = excluded.quota`;
}

/** Its keys go with it. */
export async function removeCaller(tx: Tx, name: string, { actor, reason }: CallerWrite): Promise<void> {
  await actingAs(tx, actor, reason);
  await tx`delete from sluice.callers c where c.name = ${name}`;
}

async function insertKey(tx: Tx, caller: string, { digest, hint, validSeconds }: NewKey, by: string): Promise<number> {
  const [row] = await tx<{ id: number }[]>`
    insert into sluice.caller_keys (caller, key_hash, hint, created_by, expires_at)
    values (${caller}, ${digest}, ${hint}, ${by}, now() + make_interval(secs => ${validSeconds})) returning id`;
  return Number(row?.id);
}

async function inOneStep<T>(sql: Sql, by: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const step = sql.begin(writing, async (tx) => {
    await actingAs(tx, by);
    return work(tx);
  }) as Promise<T>;
  return step.catch((error: { code?: string; message?: string }) => {
    // What the guard said, as it said it.
    throw error.code === '22023' ? new Refusal('caller-invalid', capital(`${error.message}.`)) : error;
  });
}
