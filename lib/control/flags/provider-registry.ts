import type { Sql, Tx } from '@/lib/postgres/sql';

interface RegisteredProvider {
  readonly name: string;
  readonly label: string;
  readonly deprecated: boolean;
}

/** Whom weights may name. */
export async function registeredProviders(db: Sql | Tx): Promise<readonly RegisteredProvider[]> {
  return db<RegisteredProvider[]>`select p.name, p.label, p.deprecated from sluice.providers p order by p.name`;
}

/** The newest migration that is applied, as the footer and the doctor show it. */
export async function newestMigration(db: Sql | Tx): Promise<string> {
  const [row] = await db<{ version: string | null }[]>`
    select max(m) as version from sluice.applied_migrations() m`;
  return row?.version ?? 'none';
}
