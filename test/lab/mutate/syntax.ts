import { parseAst } from 'rolldown/parseAst';

/** A node of the syntax tree as the parser gives it; children are found by walking its values. */
export interface Syntax {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

export const parse = (source: string): Syntax => parseAst(source, { lang: 'ts' }) as unknown as Syntax;

export const isSyntax = (value: unknown): value is Syntax =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

/** Types are erased before anything runs, so nothing in them can be mutated; these carry an expression inside. */
const erased = (node: Syntax): boolean =>
  node.type.startsWith('TS') &&
  !['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'TSParameterProperty'].includes(node.type);

/** The nodes under a node that become code, in order of the source. */
export function childrenOf(node: Syntax): readonly Syntax[] {
  const found: Syntax[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (key === 'key' && node.computed !== true && node.type !== 'MemberExpression') continue;
    for (const each of Array.isArray(value) ? value : [value]) if (isSyntax(each) && !erased(each)) found.push(each);
  }
  found.sort((a, b) => a.start - b.start);
  // `export { a }` and `{ a }` say one name twice.
  return found.filter((each, i) => i === 0 || each.start >= (found[i - 1] as Syntax).end);
}
