import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript5';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** These files, and those whose functions give them text: where a refusal gets its parts from, and where those get theirs. */
export function reachedFrom(files: readonly string[]): string[] {
  const reached = new Set(files);
  for (const file of reached) for (const given of giversOf(file)) reached.add(given);
  return [...reached];
}

function giversOf(file: string): string[] {
  return parsed(file).statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return [];
    const from = fileOf(file, statement.moduleSpecifier.text);
    const bound = statement.importClause?.namedBindings;
    if (from === null || bound === undefined || !ts.isNamedImports(bound)) return [];
    const names = bound.elements.map(({ propertyName, name }) => (propertyName ?? name).text);
    return names.some((name) => givesText(from, name)) ? [from] : [];
  });
}

/** null: of a package, or of another folder than lib. */
function fileOf(importer: string, named: string): string | null {
  const path = named.startsWith('@/') ? named.slice(2) : normalize(join(dirname(importer), named));
  const file = `${path}.ts`;
  return /^(?:@\/lib|\.)/.test(named) && existsSync(join(root, file)) ? file : null;
}

/** By what it says that it returns; an arrow that says nothing, by the text that it is. */
function givesText(file: string, name: string): boolean {
  return parsed(file).statements.some((statement) => {
    if (ts.isFunctionDeclaration(statement)) return statement.name?.text === name && isText(statement.type);
    if (!ts.isVariableStatement(statement)) return false;
    return statement.declarationList.declarations.some(({ name: declared, initializer: made }) => {
      if (declared.getText() !== name || made === undefined || !ts.isArrowFunction(made)) return false;
      return made.type ? isText(made.type) : ts.isTemplateExpression(made.body);
    });
  });
}

const isText = (type: ts.TypeNode | undefined) => /\bstring\b|Refusal|Fault/.test(type?.getText() ?? '');

const known = new Map<string, ts.SourceFile>();

function parsed(file: string): ts.SourceFile {
  const source =
    known.get(file) ?? ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
  known.set(file, source);
  return source;
}
