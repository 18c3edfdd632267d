import { text as readAll } from 'node:stream/consumers';
import { connect } from '@/lib/adapters/postgres/connection';
import { type Command, UsageError } from './command';
import { tableLines } from './table-lines';

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
    const db = connect(call.databaseUrl(), { name: 'cli', max: 1, silenceMs: null });
    try {
      const raw = (await db.unsafe(statements).simple()) as unknown as Result | Result[];
      // One statement answers one result, several answer a list of them.
      const results = Array.isArray(raw) && !('command' in raw) ? (raw as Result[]) : [raw as Result];
      const shown = results.map((result) => ({ command: result.command, count: result.count, rows: [...result] }));
      call.answer(shown.length === 1 ? shown[0] : shown, results.flatMap(resultLines));
    } catch (error) {
      throw new Error(sentenceOf(error), { cause: error });
    } finally {
      await db.end({ timeout: 2 });
    }
    return undefined;
  },
};

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
