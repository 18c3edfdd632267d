import type { Sql, Tx } from '@/lib/postgres/sql';
import type { Migration } from './files';
import { recognise } from './recognise';

// Any two numbers will do, as long as all of us take the same; the CLI takes no lock of its own.
export const lockKey = 7_354_220_481;

/** From this file on `migrate` leaves the CLI's ledger alone, so that what stands there the CLI has written. */
const ownLedgerSince = '20261128113000';

export interface Ledger {
  /** Versions that are applied. */
  readonly done: ReadonlySet<string>;
  /** The Supabase CLI applies these files too, from a project that holds them: what we apply is recorded there as well. */
  readonly isKeptByCli: boolean;
}

interface Row {
  readonly version: string;
  readonly name: string | null;
}

/** What is applied already, whoever applied it: by our own ledger, by the CLI's, else by what is there. */
export function openLedger(
  sql: Sql,
  migrations: readonly Migration[],
  { say, forSupabaseCli }: { say: (line: string) => void; forSupabaseCli: boolean },
): Promise<Ledger> {
  return sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${lockKey})`;
    await makeOwn(tx);
    if (forSupabaseCli) await makeClis(tx);
    const clis = await readClis(tx, migrations);
    const isKeptByCli = forSupabaseCli || clis.isTheirs;
    await record(tx, clis.ours, clis.isTheirs ? 'supabase db push' : 'migrate', false);
    if (!isKeptByCli && clis.ours.length > 0) await takeOut(tx, clis.ours, say);
    const known = await readOwn(tx);
    const found = await recognise(tx, migrations, known);
    if (found.length > 0) {
      await record(tx, found, 'recognised', false);
      say(
        `sluice.migrations did not know what is applied; by what is there, it is everything up to ${found.at(-1)?.file}, which is recorded again`,
      );
    }
    const done = new Set([...known, ...found.map(({ version }) => version)]);
    const all = migrations.filter(({ version }) => done.has(version));
    if (isKeptByCli) await recordForCli(tx, all);
    return { done, isKeptByCli };
  }) as Promise<Ledger>;
}

export async function record(
  tx: Tx,
  migrations: readonly Migration[],
  by: 'migrate' | 'supabase db push' | 'recognised',
  isKeptByCli: boolean,
): Promise<void> {
  for (const { version, name } of migrations) {
    await tx`insert into sluice.migrations (version, name, applied_by) values (${version}, ${name}, ${by})
      on conflict do nothing`;
  }
  if (isKeptByCli) await recordForCli(tx, migrations);
}

async function makeOwn(tx: Tx): Promise<void> {
  const [found] = await tx<{ ledger: string | null }[]>`select to_regclass('sluice.migrations')::text as ledger`;
  if (found?.ledger != null) return;
  await tx`create schema if not exists sluice`;
  // As the migration that makes it where the CLI was first.
  await tx`create table sluice.migrations (version text primary key, name text not null,
    applied_at timestamptz not null default now(), applied_by text not null)`;
  await tx`alter table sluice.migrations enable row level security`;
}

async function readOwn(tx: Tx): Promise<Set<string>> {
  const rows = await tx<Row[]>`select m.version, m.name from sluice.migrations m`;
  return new Set(rows.map(({ version }) => version));
}

/**
 * Ours in the CLI's ledger, by version and name. An earlier `migrate` wrote there as well, in rows that look the same.
 * The CLI's own they surely are where files stand that no earlier `migrate` knew, or where the CLI has pushed a team's
 * own file after them: it refuses to push over versions that its project has no files for.
 */
async function readClis(tx: Tx, migrations: readonly Migration[]): Promise<{ ours: Migration[]; isTheirs: boolean }> {
  const [found] = await tx<{ ledger: string | null }[]>`
    select to_regclass('supabase_migrations.schema_migrations')::text as ledger`;
  if (found?.ledger == null) return { ours: [], isTheirs: false };
  const rows = await tx<(Row & { age: number })[]>`
    select m.version, m.name, age(m.xmin) as age from supabase_migrations.schema_migrations m`;
  const isOurs = ({ version, name }: Row) => migrations.some((each) => each.version === version && each.name === name);
  const ours = rows.filter(isOurs);
  const youngest = Math.min(...ours.map(({ age }) => age));
  const isTheirs =
    ours.some(({ version }) => version >= ownLedgerSince) || rows.some((row) => !isOurs(row) && row.age < youngest);
  const versions = new Set(ours.map(({ version }) => version));
  return { ours: migrations.filter(({ version }) => versions.has(version)), isTheirs: ours.length > 0 && isTheirs };
}

/** A team's `supabase db push` refuses to work on top of versions that its project has no files for. */
async function takeOut(tx: Tx, ours: readonly Migration[], say: (line: string) => void): Promise<void> {
  await tx`delete from supabase_migrations.schema_migrations m where m.version = any (${ours.map(({ version }) => version)})`;
  say(
    `took ${ours.length} versions of ours out of supabase_migrations.schema_migrations, where an earlier migrate had put them; ` +
      'they stand in sluice.migrations. If a Supabase project of yours holds these files: npm run migrate -- --for-supabase-cli',
  );
}

/** Made as the CLI makes it. */
async function makeClis(tx: Tx): Promise<void> {
  await tx`create schema if not exists supabase_migrations`;
  await tx`create table if not exists supabase_migrations.schema_migrations (version text not null primary key)`;
  await tx`alter table supabase_migrations.schema_migrations add column if not exists statements text[]`;
  await tx`alter table supabase_migrations.schema_migrations add column if not exists name text`;
}

async function recordForCli(tx: Tx, migrations: readonly Migration[]): Promise<void> {
  for (const { version, name, statements } of migrations) {
    await tx`
      insert into supabase_migrations.schema_migrations (version, name, statements)
      values (${version}, ${name}, array(select jsonb_array_elements_text(${tx.json([...statements])}::jsonb)))
      on conflict do nothing`;
  }
}
