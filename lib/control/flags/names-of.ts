import type { Sql, Tx } from '@/lib/postgres/sql';

/** A split's arms. */
export function namesOf(db: Sql | Tx, split: PendingQuery) {
  return db`(
    select coalesce(jsonb_agg(a.name order by a.name), '[]') from sluice.arms a where a.split = ${split})`;
}

type PendingQuery = ReturnType<Sql>;

/** Whom weights and policy of a split may name. */
export async function namesOfSplit(db: Sql | Tx, split: string): Promise<readonly string[]> {
  const [row] = await db<{ names: string[] }[]>`select ${namesOf(db, db`${split}::text`)} as names`;
  return row?.names ?? [];
}

interface RegisteredProvider {
  readonly name: string;
  readonly label: string;
  readonly deprecated: boolean;
}

/** Whom weights may name. */
export async function registeredProviders(db: Sql | Tx): Promise<readonly RegisteredProvider[]> {
  return db<RegisteredProvider[]>`select p.name, p.label, p.deprecated from sluice.providers p order by p.name`;
}
