/** What a semicolon does not end (comments, strings, quoted names, dollar quotes), and the words around SQL bodies. */
const opaque =
  /--[^\n]*|\/\*|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_][A-Za-z_0-9]*)?\$|\bbegin\s+atomic\b|\bcase\b|\bend\b|;/gi;

/**
 * Cuts a file into its statements, as the Supabase CLI does when it records a migration. Backslash strings (E'…') with
 * quotes inside are not understood; our migrations have none.
 */
export function splitStatements(text: string): string[] {
  const statements: string[] = [];
  let from = 0;
  /** How deep in `begin atomic … end`, where `case … end` nests. */
  let depth = 0;
  const scan = new RegExp(opaque);
  for (let match = scan.exec(text); match !== null; match = scan.exec(text)) {
    const token = match[0].toLowerCase();
    if (token === ';' && depth === 0) {
      statements.push(text.slice(from, match.index));
      from = match.index + 1;
    } else if (token === '/*') scan.lastIndex = after(text, '*/', match.index + 2);
    else if (token.startsWith('$')) scan.lastIndex = after(text, match[0], match.index + token.length);
    else if (token.startsWith('begin') || (token === 'case' && depth > 0)) depth += 1;
    else if (token === 'end' && depth > 0) depth -= 1;
  }
  statements.push(text.slice(from));
  return statements.map((statement) => statement.trim()).filter((statement) => !isBlank(statement));
}

function after(text: string, end: string, from: number): number {
  const found = text.indexOf(end, from);
  return found < 0 ? text.length : found + end.length;
}

function isBlank(statement: string): boolean {
  return statement.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '').trim() === '';
}
