import { setTimeout as wait } from 'node:timers/promises';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { connect } from '../connection';
import { assertAdoptable } from './adoptable';
import { type Migration, readMigrations } from './files';
import { type Ledger, lockKey, openLedger, record } from './ledger';

interface MigrateOptions {
  readonly folder?: string;
  /** Told of each migration as it is applied. */
  readonly log?: (line: string) => void;
  /** Told of what was found otherwise than a person would expect. */
  readonly say?: (line: string) => void;
  /** Records everything where the Supabase CLI looks too: for a project that keeps these files as its own. */
  readonly forSupabaseCli?: boolean;
}

interface Migrated {
  readonly applied: readonly string[];
  /** How many of ours were there already. */
  readonly already: number;
}

const tries = 10;
/** The first of the files that adopt tables. */
const adopting = '20261129000300';

/** Applies what is missing, each file in a transaction of its own, recorded in `sluice.migrations`. */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<Migrated> {
  const { folder, log = () => {}, say = log, forSupabaseCli = false } = options;
  const migrations = readMigrations(folder);
  const sql = connect(url, { name: 'migrate', max: 1, silenceMs: null });
  const applied: string[] = [];
  try {
    if (migrations.some(({ version }) => version === adopting)) await assertAdoptable(sql);
    const ledger = await openLedger(sql, migrations, { say, forSupabaseCli });
    for (const migration of migrations) {
      if (ledger.done.has(migration.version) || !(await applyPatiently(sql, migration, ledger))) continue;
      applied.push(migration.file);
      log(`applied ${migration.file}`);
    }
  } finally {
    await sql.end({ timeout: 5 });
  }
  return { applied, already: migrations.length - applied.length };
}

/**
 * A lock that does not come at once is given up and asked for again: every other statement would have to queue behind our
 * waiting for it.
 */
async function applyPatiently(sql: Sql, migration: Migration, ledger: Ledger): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await sql.begin((tx) => apply(tx, migration, ledger));
    } catch (error) {
      const isLocked = (error as { code?: string }).code === '55P03';
      if (!isLocked || attempt >= tries) throw describe(error, migration, isLocked);
      await wait(1000);
    }
  }
}

async function apply(tx: Tx, migration: Migration, ledger: Ledger): Promise<boolean> {
  await tx`select pg_advisory_xact_lock(${lockKey})`;
  const [done] = await tx`select 1 from sluice.migrations m where m.version = ${migration.version}`;
  if (done !== undefined) return false;
  await tx`set local lock_timeout = '3s'`;
  // All of a file in one round trip: of those that fail, the first is the one that says why.
  const statements = migration.statements.map((statement, index) =>
    tx.unsafe(statement).catch((error: unknown) => {
      throw Object.assign(error as Error, { statement: index + 1, text: statement });
    }),
  );
  await Promise.all(statements);
  await record(tx, [migration], 'migrate', ledger.isKeptByCli);
  return true;
}

function describe(cause: unknown, migration: Migration, isLocked: boolean): Error {
  const { message, hint, statement, text } = cause as Error & { hint?: string; statement?: number; text?: string };
  const place = statement === undefined ? '' : ` in statement ${statement} (${firstWords(text ?? '')})`;
  const locked = isLocked ? `; another session held a lock through ${tries} tries` : '';
  const advice = hint ? `. ${hint}` : '';
  const sentence = `migration ${migration.file} failed${place}: ${message}${locked}; nothing of it was applied${advice}`;
  return new Error(sentence, { cause });
}

function firstWords(statement: string): string {
  const line = statement
    .replace(/--[^\n]*\n/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
