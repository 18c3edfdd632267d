import type { Syntax } from './syntax';

/** One way to change a node: what it is called, and the text that takes the node's place. */
export interface Change {
  readonly operator: string;
  readonly becomes: string;
}

const swapped: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '**': '*',
  '&': '|',
  '|': '&',
  '^': '&',
  '>>>': '<<',
  '&&': '||',
  '||': '&&',
  '??': '&&',
  '+=': '-=',
  '-=': '+=',
  '*=': '/=',
  '??=': '=',
};

const operatorNames: readonly (readonly [RegExp, string])[] = [
  [/^[<>]=?$/, 'comparison'],
  [/^[!=]==$/, 'equality'],
  [/^(&&|\|\||\?\?|\?\?=)$/, 'logic'],
  [/./, 'arithmetic'],
];

const nameOf = (operator: string) => operatorNames.find(([pattern]) => pattern.test(operator))?.[1] ?? 'arithmetic';

/** What may be done to an expression. */
export function changesOf(node: Syntax, source: string): readonly Change[] {
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression':
    case 'AssignmentExpression':
      return operatorChanges(node, source);
    case 'UnaryExpression':
      return ['-', '!'].includes(String(node.operator))
        ? [{ operator: 'unary', becomes: source.slice((node.argument as Syntax).start, (node.argument as Syntax).end) }]
        : [];
    case 'UpdateExpression':
      return [{ operator: 'arithmetic', becomes: toggled(source.slice(node.start, node.end)) }];
    case 'Literal':
      return literalChanges(node.value, node.raw);
    case 'CallExpression':
      return callChanges(node, source);
    default:
      return [];
  }
}

const toggled = (update: string): string =>
  update.includes('++') ? update.replace('++', '--') : update.replace('--', '++');

function operatorChanges(node: Syntax, source: string): Change[] {
  const left = node.left as Syntax;
  const right = node.right as Syntax;
  const operator = String(node.operator);
  // A sum of texts has no difference.
  if (operator === '+' && [left, right].some(isText)) return [];
  // The brackets around an operand belong to no node: what is before and after the sign is taken as it is.
  const at = source.indexOf(operator, left.end);
  const before = source.slice(node.start, at);
  const after = source.slice(at + operator.length, node.end);
  const other = swapped[operator];
  if (!other) return [];
  const isLoose = /^[&|?^]+$/.test(operator);
  return [
    { operator: nameOf(operator), becomes: isLoose ? `(${before}) ${other} (${after})` : before + other + after },
  ];
}

const isText = (node: Syntax): boolean => node.type === 'TemplateLiteral' || typeof node.value === 'string';

/** Words that code compares; sentences for people are not the rule's business. */
const codeWord = /^[\w-]+$/;

function literalChanges(value: unknown, raw: unknown): Change[] {
  if (typeof value === 'boolean') return [{ operator: 'boolean', becomes: String(!value) }];
  if (typeof value === 'string') return codeWord.test(value) ? [{ operator: 'word', becomes: "''" }] : [];
  if (typeof value !== 'number') return [];
  if (!Number.isInteger(value) || /e/.test(String(raw))) return [{ operator: 'number', becomes: `(${raw} * 1.1)` }];
  return [{ operator: 'number', becomes: String(value + 1) }];
}

/** Calls that pass a list or a text on, without a part of it or in another order: leaving them out must show. */
const dropped = ['filter', 'sort', 'reverse', 'slice', 'trim', 'trimEnd', 'replace', 'replaceAll', 'flat'];
const exchanged = new Map(
  Object.entries({
    min: 'max',
    max: 'min',
    floor: 'ceil',
    ceil: 'floor',
    round: 'floor',
    trunc: 'ceil',
    some: 'every',
    every: 'some',
    startsWith: 'endsWith',
    endsWith: 'startsWith',
  }),
);

function callChanges(node: Syntax, source: string): Change[] {
  const callee = node.callee as Syntax;
  if (callee.type !== 'MemberExpression' || callee.computed === true) return [];
  const property = callee.property as Syntax;
  const name = String(property.name);
  const target = source.slice(node.start, property.start).replace(/\??\.$/, '');
  const given = source.slice(property.end, node.end);
  if (target === 'Math' && name === 'abs') return [{ operator: 'call', becomes: given }];
  if (dropped.includes(name)) return [{ operator: 'call', becomes: target }];
  const other = exchanged.get(name);
  return other ? [{ operator: 'call', becomes: `${target}.${other}${given}` }] : [];
}
