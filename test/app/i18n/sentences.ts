import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript5';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesBelow(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

const textIn = (file: string) => readFileSync(join(root, file), 'utf8');
const parsed = (file: string) => ts.createSourceFile(file, textIn(file), ts.ScriptTarget.Latest, true);

export interface Sentence {
  readonly file: string;
  /** With a word that nobody writes in the place of each value: `Q1x`. */
  readonly text: string;
}

/** Files with refusals and problems that a reader may hear. */
export const refusingIn = (folders: readonly string[], unheard: RegExp): string[] =>
  folders.flatMap(filesBelow).filter((file) => !unheard.test(file) && /new (?:Refusal|Problem)\(/.test(textIn(file)));

/** What is said by the refusals and problems of these files, but those that bring a key of the messages. */
export function refusalsIn(folders: readonly string[], unheard: RegExp): Sentence[] {
  return refusingIn(folders, unheard).flatMap((file) => {
    const found: Sentence[] = [];
    visit(parsed(file), (node) => {
      if (!ts.isNewExpression(node) || !/^(?:Refusal|Problem)$/.test(node.expression.getText())) return;
      if (/\bsays\(/.test(node.getText())) return;
      const detail = node.arguments?.[node.expression.getText() === 'Refusal' ? 1 : 2];
      const said = detail ? saidBy(detail).filter(isSentence) : [];
      found.push(...said.map((text) => ({ file, text })));
    });
    return found;
  });
}

/** Each `says('key', { values })` below a folder. */
export function keysIn(folder: string): { readonly key: string; readonly values: readonly string[] }[] {
  const files = filesBelow(folder).filter((file) => textIn(file).includes('kernel/refusal'));
  return files.flatMap((file) =>
    [...textIn(file).matchAll(/\bsays\('([\w-]+)'(?:, \{([^}]*)\})?/g)].map(([, key = '', about = '']) => ({
      key,
      values: [...about.matchAll(/(\w+)(?=\s*[:,]|\s*$)/g)].map(([name]) => name),
    })),
  );
}

/** Every sentence and part of one that stands in these files. */
export function sentencesIn(files: readonly string[]): Sentence[] {
  return files.flatMap((file) => {
    const found: Sentence[] = [];
    visit(parsed(file), (node) => {
      const text = textOf(node);
      if (text !== null && isSentence(text) && !isSum(node.parent) && !isAside(node)) found.push({ file, text });
    });
    return found;
  });
}

function visit(node: ts.Node, each: (node: ts.Node) => void): void {
  if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || ts.isTaggedTemplateExpression(node)) return;
  each(node);
  ts.forEachChild(node, (child) => visit(child, each));
}

const isSum = (node: ts.Node): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken;

function textOf(node: ts.Node): string | null {
  if (isSum(node)) {
    const [begin, end] = [textOf(node.left), textOf(node.right)];
    return begin === null || end === null ? null : begin + end;
  }
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return null;
  return node.head.text + node.templateSpans.map(({ literal }, index) => `Q${index + 1}x${literal.text}`).join('');
}

/** The texts that an expression may come to; none where only who calls knows. */
function saidBy(expression: ts.Expression): string[] {
  const text = textOf(expression);
  if (text !== null) return [text];
  if (ts.isConditionalExpression(expression)) return [...saidBy(expression.whenTrue), ...saidBy(expression.whenFalse)];
  if (isSum(expression)) {
    const ends = saidBy(expression.right);
    return saidBy(expression.left).flatMap((begin) => ends.map((end) => begin + end));
  }
  if (ts.isBinaryExpression(expression)) return [...saidBy(expression.left), ...saidBy(expression.right)];
  if (!ts.isIdentifier(expression)) return [];
  let said: string[] = [];
  for (let around: ts.Node = expression; said.length === 0 && around.parent; around = around.parent) {
    if (!ts.isBlock(around) && !ts.isSourceFile(around)) continue;
    visit(around, (node) => {
      if (ts.isVariableDeclaration(node) && node.name.getText() === expression.text && node.initializer) {
        said = saidBy(node.initializer);
      }
    });
  }
  return said;
}

const isSentence = (text: string) => (text.match(/\b[a-z]{2,} /g) ?? []).length >= 2;

/** For the log, for OpenAPI, for the command line, or said by a key of the messages. */
function isAside(node: ts.Node): boolean {
  for (let at = node; at.parent; at = at.parent) {
    const { parent } = at;
    if (ts.isPropertyAssignment(parent) && /^(?:description|says)$/.test(parent.name.getText())) return true;
    if (!ts.isCallExpression(parent) && !ts.isNewExpression(parent)) continue;
    const called = parent.expression.getText();
    if (/\blog\b|^(?:within|listing|Error|TypeError|StoreAway|says)$/.test(called)) return true;
    if (/\bsays\(/.test(parent.getText())) return true;
  }
  return false;
}

/** What the last definition of each of these functions of the database says. */
export function sentencesOfGuards(named: RegExp): Sentence[] {
  const last = new Map<string, Sentence[]>();
  for (const file of readdirSync(join(root, 'supabase/migrations')).sort()) {
    const sql = readFileSync(join(root, 'supabase/migrations', file), 'utf8').replace(/--[^\n]*/g, '');
    for (const [, name = '', , , body = ''] of sql.matchAll(
      /create (?:or replace )?function sluice\.(\w+)\s*\(([\s\S]*?)\bas (\$\w*\$)([\s\S]*?)\3/gi,
    )) {
      if (!named.test(name)) continue;
      const texts = [...joined(body).matchAll(/'((?:[^']|'')*)'/g)].map(([, text = '']) =>
        probed(text.replaceAll("''", "'")),
      );
      last.set(
        name,
        texts.filter(isSentence).map((text) => ({ file: name, text })),
      );
    }
  }
  return [...last.values()].flat();
}

/** `path || ' is "' || value || '"'` as one text. */
const joined = (body: string): string =>
  body
    .replace(/'\s*\|\|(?:[^';]|'(?=')|'[^' ]*')*?\|\|\s*'/g, 'Q7x')
    .replace(/[\w.)\]]+\s*\|\|\s*'/g, "'Q8x")
    .replace(/'\s*\|\|\s*[\w.]+/g, "Q9x'");

function probed(format: string): string {
  let at = 0;
  return format.replace(/%(?:\d\$)?[sLI]/g, () => {
    at += 1;
    return `Q${at}x`;
  });
}
