import { copiedField, SqlText } from './sql-text';
import { type Value, valuesIn } from './sql-values';

/** One row of the table, by the small names of its columns. */
export type DumpRow = ReadonlyMap<string, Value>;

const table = 'channels';
const mostRows = 5000;

/** The rows of `channels` in a dump of MySQL, PostgreSQL or SQLite; what else is in it is passed over. */
export function rowsOfSql(text: string): readonly DumpRow[] {
  const sql = new SqlText(text, isMysql(text));
  const rows: DumpRow[] = [];
  let columns: readonly string[] | null = null;
  for (sql.skipBlanks(); !sql.isOver; sql.skipBlanks()) {
    if (sql.text[sql.at] === '\\') sql.restOfLine();
    else if (sql.takes('create', 'table')) columns = createdColumns(sql) ?? columns;
    else if (beginsInsert(sql)) insertedRows(sql, columns, rows);
    else if (sql.takes('copy')) copiedRows(sql, rows);
    else sql.skipStatement();
    if (rows.length > mostRows) throw sql.fault(`is past ${mostRows} channels, which is the most`);
  }
  return rows;
}

/** By how it begins, else by what MySQL alone writes; what others keep in their rows is no sign of it. */
function isMysql(text: string): boolean {
  const head = text.slice(0, 4000);
  if (/PostgreSQL database dump|^PRAGMA |^COPY |standard_conforming_strings/im.test(head)) return false;
  return /ENGINE\s*=|\b(?:MySQL|MariaDB) dump\b|^LOCK TABLES /im.test(text.slice(0, 2_000_000));
}

function beginsInsert(sql: SqlText): boolean {
  const forms = [
    ['insert', 'into'],
    ['insert', 'ignore', 'into'],
    ['insert', 'or', 'replace', 'into'],
    ['insert', 'or', 'ignore', 'into'],
    ['replace', 'into'],
  ];
  return forms.some((words) => sql.takes(...words));
}

/** null: it is another table. */
function createdColumns(sql: SqlText): readonly string[] | null {
  sql.takes('if', 'not', 'exists');
  const isOurs = sql.tableName()?.toLowerCase() === table;
  if (!isOurs || !sql.sign('(')) {
    sql.skipStatement();
    return null;
  }
  const columns: string[] = [];
  do {
    sql.skipBlanks();
    const isQuoted = /[`"]/.test(sql.text[sql.at] ?? '');
    const from = sql.at;
    const name = sql.identifier() ?? '';
    if (isQuoted || !isRule(name, sql, from)) columns.push(name.toLowerCase());
  } while (skipColumn(sql));
  sql.skipStatement();
  return columns;
}

const rules = /^(?:primary|unique|constraint|index|check|foreign|fulltext|spatial|exclude)$/i;

/** A column may be called `key`; MySQL begins an index so. */
function isRule(word: string, sql: SqlText, from: number): boolean {
  return rules.test(word) || (/^key$/i.test(word) && /^key\s+`/i.test(sql.text.slice(from, from + 16)));
}

/** To the comma behind a column; false: it was the last. */
function skipColumn(sql: SqlText): boolean {
  for (let depth = 0; !sql.isOver; ) {
    sql.skipBlanks();
    const sign = sql.text[sql.at] ?? '';
    if (sign === "'" || sign === '"' || sign === '`') sql.quoted(sign, sql.escapesAt(sql.at, sign));
    else sql.at += 1;
    if (sign === '(') depth += 1;
    if (sign === ')' && depth === 0) return false;
    if (sign === ')') depth -= 1;
    if (sign === ',' && depth === 0) return true;
  }
  throw sql.fault('begins a table that never ends');
}

function namesIn(sql: SqlText): string[] | null {
  if (!sql.sign('(')) return null;
  const names: string[] = [];
  do names.push((sql.identifier() ?? '').toLowerCase());
  while (sql.sign(','));
  if (!sql.sign(')')) throw sql.fault('names columns in a way that cannot be read');
  return names;
}

function insertedRows(sql: SqlText, created: readonly string[] | null, rows: DumpRow[]): void {
  if (sql.tableName()?.toLowerCase() !== table) {
    sql.skipStatement();
    return;
  }
  const columns = namesIn(sql) ?? created;
  if (columns === null) throw sql.fault('inserts channels, and nothing before it says which columns they have');
  if (!sql.takes('values')) throw sql.fault('inserts channels that are no list of values');
  do rows.push(rowOf(columns, valuesIn(sql), sql));
  while (sql.sign(',') && rows.length <= mostRows);
  sql.skipStatement();
}

function copiedRows(sql: SqlText, rows: DumpRow[]): void {
  const isOurs = sql.tableName()?.toLowerCase() === table;
  const columns = namesIn(sql);
  const isData = sql.takes('from', 'stdin');
  sql.skipStatement();
  if (!isData) return;
  sql.restOfLine();
  for (let line = sql.restOfLine(); line !== '\\.'; line = sql.restOfLine()) {
    if (sql.isOver) throw sql.fault('is the end, within a block of data');
    if (isOurs && rows.length <= mostRows) rows.push(rowOf(columns ?? [], line.split('\t').map(copiedField), sql));
  }
}

function rowOf(columns: readonly string[], values: readonly Value[], sql: SqlText): DumpRow {
  if (columns.length !== values.length)
    throw sql.fault(`is of a channel with ${values.length} values for ${columns.length} columns`);
  return new Map(columns.map((name, at) => [name, values[at] ?? null]));
}
