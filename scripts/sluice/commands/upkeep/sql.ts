import { text as readAll } from 'node:stream/consumers';
import { isStoreAway } from '@/lib/kernel/store-away';
import { connect } from '@/lib/postgres/connection';
import { splitStatements } from '@/lib/postgres/migrate/split-statements';
import { type Command, Said, UsageError } from '../../command';
import { tableLines } from '../../texts/table-lines';

interface Result extends ReadonlyArray<Readonly<Record<string, unknown>>> {
  readonly command: string | null;
  readonly count: number | null;
  readonly columns: readonly { readonly name: string }[] | undefined;
}

export const sql: Command = {
  summary: 'run SQL on the database, from the argument or from stdin',
  usage: `sql ['select 1; select 2'] < statements.sql`,
  notes: ['Raw SQL is the break-glass path: the database guards it and journals it as sql:<user>.'],
  positionals: [0, 1],
  async run(call) {
    const statements = call.positionals[0] ?? (process.stdin.isTTY ? '' : await readAll(process.stdin));
    if (statements.trim() === '') throw new UsageError('Give the statements as one argument, or on stdin.');
    call.nameDatabase();
    const db = connect(call.database().url, { name: 'cli', max: 1, silenceMs: null });
    const done: object[] = [];
    try {
      // One after the other on one connection, as psql runs a file: the driver keeps only some answers of a batch.
      for (const statement of cut(statements)) {
        const result = (await db.unsafe(statement).simple()) as unknown as Result;
        done.push({ command: result.command, count: result.count, rows: [...result] });
        if (!call.json) for (const line of resultLines(result)) call.say(line);
      }
      if (call.json) call.answer(done.length === 1 ? done[0] : done, []);
    } catch (error) {
      if (isStoreAway(error)) throw error;
      throw new Said(`${nth(done.length, statements)}${sentenceOf(error)}`, { cause: error });
    } finally {
      await db.end({ timeout: 2 });
    }
    return undefined;
  },
};

/** Text with backslash strings is left whole: where they end is Postgres' business. */
function cut(statements: string): string[] {
  return /\be'/i.test(statements) ? [statements] : splitStatements(statements);
}

/** Which of several statements failed; those before it are done. */
function nth(before: number, statements: string): string {
  const count = cut(statements).length;
  return count > 1 ? `statement ${before + 1} of ${count}: ` : '';
}

function resultLines(result: Result): string[] {
  const columns = (result.columns ?? []).map(({ name }) => name);
  if (columns.length === 0) return [`${result.command ?? 'OK'} ${result.count ?? 0}`];
  const rows = result.map((row) => columns.map((name) => row[name]));
  return [...tableLines(columns, rows), `(${rows.length} row${rows.length === 1 ? '' : 's'})`];
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { hint, detail, code } = error as Error & { hint?: string; detail?: string; code?: string };
  return [error.message, detail, hint, code ? `(${code})` : ''].filter(Boolean).join(' ');
}
