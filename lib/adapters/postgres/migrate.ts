import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connect, type Sql, type Tx } from './connection';
import { splitStatements } from './split-statements';

export interface Migration {
  readonly version: string;
  readonly name: string;
  readonly file: string;
  readonly statements: readonly string[];
}

export interface MigrateOptions {
  readonly folder?: string;
  /** Told of each migration as it is applied. */
  readonly log?: (line: string) => void;
}

export interface Migrated {
  readonly applied: readonly string[];
  /** How many of ours were there already. */
  readonly already: number;
}

// Any two numbers will do, as long as all of us take the same; the CLI takes no lock of its own.
const lockKey = 7_354_220_481;
const tries = 10;

/** Applies what is missing, each file in a transaction of its own, recorded where the Supabase CLI records it. */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<Migrated> {
  const migrations = readMigrations(options.folder);
  const sql = connect(url, { name: 'migrate', max: 1, silenceMs: null });
  const applied: string[] = [];
  try {
    await makeLedger(sql);
    for (const migration of migrations) {
      if (!(await applyPatiently(sql, migration))) continue;
      applied.push(migration.file);
      options.log?.(`applied ${migration.file}`);
    }
  } finally {
    await sql.end({ timeout: 5 });
  }
  return { applied, already: migrations.length - applied.length };
}

export function readMigrations(folder = resolve('supabase/migrations')): Migration[] {
  const files = readdirSync(/* turbopackIgnore: true */ folder)
    .filter((file) => /^\d{14}_.+\.sql$/.test(file))
    .sort();
  const versions = files.map((file) => file.slice(0, 14));
  const twice = versions.find((version, at) => versions.indexOf(version) !== at);
  // The ledger knows versions only: the second one would be taken for applied.
  if (twice !== undefined) throw new Error(`${folder} holds two migrations of the version ${twice}; give one another`);
  return files.map((file) => {
    const [version = '', name = ''] = basename(file, '.sql').split(/_(.*)/s);
    const text = readFileSync(/* turbopackIgnore: true */ join(/* turbopackIgnore: true */ folder, file), 'utf8');
    return { version, name, file, statements: splitStatements(text) };
  });
}

/** The CLI's own table, made as the CLI makes it. */
async function makeLedger(sql: Sql): Promise<void> {
  const [found] = await sql<{ ledger: string | null }[]>`
    select to_regclass('supabase_migrations.schema_migrations')::text as ledger`;
  if (found?.ledger != null) return;
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${lockKey})`;
    await tx`create schema if not exists supabase_migrations`;
    await tx`create table if not exists supabase_migrations.schema_migrations (version text not null primary key)`;
    await tx`alter table supabase_migrations.schema_migrations add column if not exists statements text[]`;
    await tx`alter table supabase_migrations.schema_migrations add column if not exists name text`;
  });
}

/**
 * A lock that does not come at once is given up and asked for again: everybody else would have to queue behind our
 * waiting for it.
 */
async function applyPatiently(sql: Sql, migration: Migration): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await sql.begin((tx) => apply(tx, migration));
    } catch (error) {
      const isLocked = (error as { code?: string }).code === '55P03';
      if (!isLocked || attempt >= tries) throw describe(error, migration, isLocked);
      await wait(1000);
    }
  }
}

async function apply(tx: Tx, migration: Migration): Promise<boolean> {
  await tx`select pg_advisory_xact_lock(${lockKey})`;
  const [done] = await tx`
    select 1 from supabase_migrations.schema_migrations m where m.version = ${migration.version}`;
  if (done !== undefined) return false;
  await tx`set local lock_timeout = '3s'`;
  for (const [index, statement] of migration.statements.entries()) {
    await tx.unsafe(statement).catch((error: unknown) => {
      throw Object.assign(error as Error, { statement: index + 1, text: statement });
    });
  }
  await tx`
    insert into supabase_migrations.schema_migrations (version, name, statements)
    values (${migration.version}, ${migration.name},
            array(select jsonb_array_elements_text(${tx.json([...migration.statements])}::jsonb)))`;
  return true;
}

function describe(cause: unknown, migration: Migration, isLocked: boolean): Error {
  const { message, statement, text } = cause as Error & { statement?: number; text?: string };
  const place = statement === undefined ? '' : ` in statement ${statement} (${firstWords(text ?? '')})`;
  const advice = isLocked ? `; another session held a lock through ${tries} tries` : '';
  return new Error(`migration ${migration.file} failed${place}: ${message}${advice}; nothing of it was applied`, {
    cause,
  });
}

function firstWords(statement: string): string {
  const line = statement
    .replace(/--[^\n]*\n/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
