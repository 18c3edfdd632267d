import type { Sql, Tx } from '@/lib/postgres/sql';

/** A table of ours that is missing says whether everything is, or only what came after an earlier build. */
export async function withSchema(sql: Sql, error: unknown): Promise<unknown> {
  const { code, message } = error as { code?: string; message?: string };
  if (!(error instanceof Error) || code !== '42P01' || !/"sluice\./.test(message ?? '')) return error;
  const found = await sql<{ is_there: boolean }[]>`
    select to_regnamespace('sluice') is not null as is_there`.catch(() => []);
  return Object.assign(error, { hasSchema: found[0]?.is_there === true });
}

/** The newest migration that is applied, as the footer and the doctor show it. */
export async function newestMigration(db: Sql | Tx): Promise<string> {
  const [row] = await db<{ version: string | null }[]>`
    select max(m) as version from sluice.applied_migrations() m`;
  return row?.version ?? 'none';
}
