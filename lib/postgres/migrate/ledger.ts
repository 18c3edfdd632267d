import type { Sql, Tx } from '@/lib/postgres/sql';
import type { Migration } from './files';
import { recognise } from './recognise';
import { type Ledgers, renewLedgerFunction, replacedIn, standInFor } from './replaced';

// Any two numbers will do, as long as all of us take the same; the CLI takes no lock of its own.
export const lockKey = 7_354_220_481;

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

/** What `migrate` or the Supabase CLI applied: by our own ledger, by the CLI's, else by what is there. */
export function openLedger(
  sql: Sql,
  migrations: readonly Migration[],
  { say, forSupabaseCli }: { say: (line: string) => void; forSupabaseCli: boolean },
): Promise<Ledger> {
  return sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${lockKey})`;
    await makeOwn(tx);
    if (forSupabaseCli) await makeClis(tx);
    await takeOver(tx, migrations, say);
    const clis = await readClis(tx, migrations);
    const isKeptByCli = forSupabaseCli || clis.length > 0;
    await record(tx, clis, 'supabase db push', false);
    const known = new Set((await readOwn(tx)).map(({ version }) => version));
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

/** Where the files that these replaced are all applied, these stand in both ledgers from now on. */
async function takeOver(tx: Tx, migrations: readonly Migration[], say: (line: string) => void): Promise<void> {
  const ledgers: Ledgers = { own: await readOwn(tx), clis: await readAllOfClis(tx) };
  const set = standInFor(ledgers, migrations);
  if (set === null) return;
  await tx`delete from sluice.migrations m where m.version = any (${[...replacedIn(ledgers.own)]})`;
  const clis = [...replacedIn(ledgers.clis)];
  if (clis.length > 0) {
    await tx`delete from supabase_migrations.schema_migrations m where m.version = any (${clis})`;
  }
  await record(tx, set, 'recognised', clis.length > 0);
  await renewLedgerFunction(tx, set);
  say(
    `an earlier build migrated this database to the end; the ${set.length} files that replaced its own are recorded as applied`,
  );
}

function readOwn(tx: Tx): Promise<Row[]> {
  return tx<Row[]>`select m.version, m.name from sluice.migrations m`;
}

async function readAllOfClis(tx: Tx): Promise<Row[]> {
  const [found] = await tx<{ ledger: string | null }[]>`
    select to_regclass('supabase_migrations.schema_migrations')::text as ledger`;
  if (found?.ledger == null) return [];
  return tx<Row[]>`select m.version, m.name from supabase_migrations.schema_migrations m`;
}

/** Ours in the CLI's ledger, by version and name. */
async function readClis(tx: Tx, migrations: readonly Migration[]): Promise<Migration[]> {
  const rows = await readAllOfClis(tx);
  return migrations.filter((each) => rows.some((row) => row.version === each.version && row.name === each.name));
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
