import type { SqlText } from './sql-text';

export type Value = string | number | boolean | null;

/** `(1, 'a', NULL)`: plain values alone. */
export function valuesIn(sql: SqlText): Value[] {
  if (!sql.sign('(')) throw sql.fault('holds rows that do not begin with "("');
  const values: Value[] = [];
  do values.push(valueIn(sql));
  while (sql.sign(','));
  if (!sql.sign(')')) throw sql.fault('holds a value that is none of those of a dump');
  return values;
}

function valueIn(sql: SqlText): Value {
  const value = plainIn(sql);
  // PostgreSQL's 'a'::text.
  while (sql.text.startsWith('::', sql.at)) {
    sql.at += 2;
    while (sql.identifier() !== null);
    if (sql.sign('(')) for (; !sql.sign(')'); ) if (!sql.sign(',')) numberIn(sql);
  }
  return value;
}

function plainIn(sql: SqlText): Value {
  sql.skipBlanks();
  const sign = sql.text[sql.at] ?? '';
  if (sign === "'") return sql.quoted("'");
  if (sign === '"') return sql.quoted('"');
  if (/[-+.\d]/.test(sign)) return /^0x/i.test(sql.text.slice(sql.at, sql.at + 2)) ? hexIn(sql) : numberIn(sql);
  const word = sql.identifier()?.toLowerCase();
  if (word === 'null') return null;
  if (word === 'true' || word === 'false') return word === 'true';
  const isQuoted = sql.text[sql.at] === "'";
  if (word === 'e' && isQuoted) return sql.quoted("'", true);
  if (word === 'x' && isQuoted) return bytesOf(sql.quoted("'", false));
  // MySQL's _binary 'a'.
  if (word?.startsWith('_')) return plainIn(sql);
  if (word === 'replace') return replaced(sql);
  if (word === 'unistr') return unicode(sql);
  throw sql.fault('holds a value that is none of those of a dump');
}

function numberIn(sql: SqlText): number {
  sql.skipBlanks();
  const shape = /[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/iy;
  shape.lastIndex = sql.at;
  const found = shape.exec(sql.text)?.[0];
  if (found === undefined) throw sql.fault('holds a value that is none of those of a dump');
  sql.at += found.length;
  return Number(found);
}

function hexIn(sql: SqlText): string {
  const shape = /0x([0-9A-Fa-f]*)/y;
  shape.lastIndex = sql.at;
  const [whole = '', digits = ''] = shape.exec(sql.text) ?? [];
  sql.at += whole.length;
  return bytesOf(digits);
}

const bytesOf = (hex: string) => Buffer.from(hex, 'hex').toString('utf8');

/** SQLite writes a line break as replace('a\nb','\n',char(10)). */
function replaced(sql: SqlText): string {
  if (!sql.sign('(')) throw sql.fault('holds a value that is none of those of a dump');
  const text = String(valueIn(sql));
  sql.sign(',');
  const what = String(valueIn(sql));
  sql.sign(',');
  if (!sql.takes('char') || !sql.sign('(')) throw sql.fault('holds a value that is none of those of a dump');
  const by = String.fromCharCode(numberIn(sql));
  if (!sql.sign(')') || !sql.sign(')')) throw sql.fault('holds a value that is none of those of a dump');
  return text.replaceAll(what, by);
}

/** So does a newer one: unistr('a\u000ab'). */
function unicode(sql: SqlText): string {
  if (!sql.sign('(')) throw sql.fault('holds a value that is none of those of a dump');
  const text = String(valueIn(sql));
  if (!sql.sign(')')) throw sql.fault('holds a value that is none of those of a dump');
  return text.replace(/\\u([0-9A-Fa-f]{4})|\\\\/g, (_, hex) =>
    hex === undefined ? '\\' : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
