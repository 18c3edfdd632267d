import type { Migration } from './files';

/** What a migration leaves in the catalog: a table, a column (both null), a function with its body (null: not kept as text). */
export type Traces = Map<string, string | null>;

const createTable = /^create table (?:if not exists )?sluice\.(\w+)/i;
const alterTable = /^alter table (?:if exists )?(sluice|public)\.(\w+)\s/i;
const addColumn = /\badd column (?:if not exists )?(\w+)/gi;
const createFunction = /^create (?:or replace )?function sluice\.(\w+)/i;
const dropFunction = /^drop function /i;

/** The table of the ledger itself is made before there is a ledger to read. */
const ledger = 'table sluice.migrations';

/** Adds to `traces` what the schema holds after one more migration. What blocks of `do` make depends on the database. */
export function addTraces(traces: Traces, { statements }: Migration): void {
  for (const statement of statements.map(withoutComments)) {
    const table = createTable.exec(statement)?.[1];
    if (table !== undefined) traces.set(`table sluice.${table}`, null);
    const [, schema, altered] = alterTable.exec(statement) ?? [];
    if (altered !== undefined) {
      for (const [, column] of statement.matchAll(addColumn)) traces.set(`column ${schema}.${altered}.${column}`, null);
    }
    for (const [name, list] of droppedBy(statement)) {
      for (const key of traces.keys()) {
        // By their number: a drop says the types alone.
        const inputs = countOf(key.slice(key.indexOf('(') + 1, -1));
        if (nameOf(key) === `function sluice.${name}` && inputs === countOf(list)) traces.delete(key);
      }
    }
    const made = createFunction.exec(statement)?.[1];
    if (made !== undefined) traces.set(`function sluice.${made}(${argumentsOf(statement)})`, bodyOf(statement));
  }
  traces.delete(ledger);
}

/** One statement may drop several. */
function droppedBy(statement: string): (readonly [name: string, list: string])[] {
  if (!dropFunction.test(statement)) return [];
  return [...statement.matchAll(/sluice\.(\w+)/g)].map((found) => [
    found[1] ?? '',
    argumentsOf(statement.slice(found.index)),
  ]);
}

/** A function's without its arguments: several may share one. */
export const nameOf = (key: string): string => key.replace(/\(.*/s, '');

/** How many arguments go in. */
function countOf(list: string): number {
  const inputs = list.replace(/\([^()]*\)/g, '').split(',');
  return inputs.filter((each) => each.trim() !== '' && !/^\s*out\s/i.test(each)).length;
}

function withoutComments(statement: string): string {
  return statement.replace(/^(?:\s*--[^\n]*\n)+/, '').trim();
}

/** As written: another list is another function, and no migration writes one function's list in two ways. */
function argumentsOf(statement: string): string {
  const from = statement.indexOf('(');
  let depth = 0;
  for (let at = from; at < statement.length; at += 1) {
    if (statement[at] === '(') depth += 1;
    if (statement[at] === ')' && --depth === 0)
      return statement
        .slice(from + 1, at)
        .replace(/\s+/g, ' ')
        .toLowerCase();
  }
  return '';
}

function bodyOf(statement: string): string | null {
  return /\bas (\$(?:[A-Za-z_]\w*)?\$)([\s\S]*)\1/i.exec(statement)?.[2] ?? null;
}
