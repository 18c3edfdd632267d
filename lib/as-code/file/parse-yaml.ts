import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import { excerpt } from '@/lib/kernel/excerpt';
import { hiddenTextFault } from '@/lib/kernel/plain-text';

/** A place in the file, from 1, and what is wrong there. */
export interface FileFault {
  readonly line: number;
  readonly column: number;
  readonly sentence: string;
}

export type Place = readonly (string | number)[];

export interface Parsed {
  readonly value: unknown;
  /** Where a member stands; where it is missing, what should hold it. */
  placeOf(place: Place): Pick<FileFault, 'line' | 'column'>;
  readonly document: Document;
  readonly lines: LineCounter;
}

type Parsing =
  | { readonly ok: true; readonly parsed: Parsed }
  | { readonly ok: false; readonly faults: readonly FileFault[] };

const mostAliases = 50;
const deepest = 32;

/** YAML 1.2 in one document, without tags, merges or bombs; every fault of it. */
export function parseYaml(text: string): Parsing {
  const hidden = [...hiddenFaults(text), ...depthFaults(text)];
  if (hidden.length > 0) return { ok: false, faults: hidden };
  const lines = new LineCounter();
  const document = parseDocument(text, {
    ...{ version: '1.2', schema: 'core', strict: true, uniqueKeys: true, merge: false, prettyErrors: false },
    lineCounter: lines,
  } as const);
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const faults: FileFault[] = [
    ...[...document.errors, ...document.warnings].map(({ code, message, pos }) => ({
      ...at(pos[0]),
      sentence: saidOf(code, message),
    })),
    ...oddNodes(document, (node) => at(node.range?.[0] ?? 0)),
  ];
  if (document.directives?.yaml.explicit && document.directives.yaml.version !== '1.2')
    faults.push({
      line: 1,
      column: 1,
      sentence: 'asks for YAML 1.1, where yes, no, on and off are booleans; leave %YAML out',
    });
  if (faults.length > 0) return { ok: false, faults };
  const { value, fault } = readValue(document);
  if (fault !== null) return { ok: false, faults: [{ line: 1, column: 1, sentence: fault }] };
  return { ok: true, parsed: { value, document, lines, placeOf: (place) => at(offsetOf(document, place)) } };
}

function readValue(document: Document): { value: unknown; fault: string | null } {
  try {
    return { value: document.toJS({ maxAliasCount: mostAliases }), fault: null };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return { value: null, fault: `has aliases that stand for more than ${mostAliases} values in all; write them out` };
  }
}

const said: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'names this key a second time; each stands once',
  TAB_AS_INDENT: 'is indented with a tab; YAML takes spaces only',
  BAD_INDENT: 'is indented otherwise than what it belongs to',
  MULTIPLE_DOCS: 'begins a second document; the file holds one',
  TAG_RESOLVE_FAILED: 'has a tag; tags are not read',
};

const saidOf = (code: string, message: string): string => said[code] ?? `is no YAML: ${excerpt(message)}`;

/** What a terminal would obey, or what turns the direction of text. */
function hiddenFaults(text: string): FileFault[] {
  return text.split(/\r\n|\n/).flatMap((line, index) => {
    const fault = hiddenTextFault('the line', line.replaceAll('\t', ' '));
    return fault === null ? [] : [{ line: index + 1, column: 1, sentence: fault }];
  });
}

/** The parser walks down without a bottom: what is nested deeper than any file of ours is refused before it. */
function depthFaults(text: string): FileFault[] {
  let depth = 0;
  for (const [index, line] of text.split('\n').entries()) {
    for (const sign of line) {
      if (sign === '[' || sign === '{') depth += 1;
      else if ((sign === ']' || sign === '}') && depth > 0) depth -= 1;
    }
    const indent = /^[\s?:-]*/.exec(line)?.[0].length ?? 0;
    if (depth > deepest || indent > deepest * 4)
      return [{ line: index + 1, column: 1, sentence: `is nested more than ${deepest} deep; no registry is` }];
  }
  return [];
}

/** What YAML takes and no file means: numbers that are none, keys that are no texts, tags, aliases of themselves. */
function oddNodes(document: Document, at: (node: Node) => Pick<FileFault, 'line' | 'column'>): FileFault[] {
  const faults: FileFault[] = [];
  const fault = (node: Node, sentence: string) => void faults.push({ ...at(node), sentence });
  visit(document, {
    Node(_, node, path) {
      if (
        node.tag?.startsWith('!') ||
        (node.tag !== undefined && !/^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/.test(node.tag))
      )
        fault(node, said.TAG_RESOLVE_FAILED ?? '');
      if (isAlias(node)) {
        const target = node.resolve(document);
        if (target === undefined) fault(node, `stands for "${excerpt(node.source)}", which is no anchor before it`);
        else if (path.includes(target)) fault(node, `stands for "${excerpt(node.source)}", which it is a part of`);
      }
      const parent = path.at(-1);
      if (isPair(parent) && parent.key === node) keyFault(node, fault);
      else if (isScalar(node)) numberFault(node.value, node.source ?? '', (sentence) => fault(node, sentence));
      return undefined;
    },
  });
  return faults;
}

function keyFault(node: Node, fault: (node: Node, sentence: string) => void): void {
  if (!isScalar(node) || typeof node.value !== 'string')
    fault(node, 'is a key that is no text; write it in quotes if it is a name');
  else if (['__proto__', 'constructor', 'prototype'].includes(node.value))
    fault(node, `is the key "${node.value}", which no name may be`);
}

function numberFault(value: unknown, source: string, fault: (sentence: string) => void): void {
  if (typeof value !== 'number') return;
  if (!Number.isFinite(value)) fault(`is ${excerpt(source)}, which is no number that can be kept`);
  else if (/^[-+]?0[xo]/i.test(source))
    fault(`is ${excerpt(source)}; write numbers with the digits 0 to 9, or in quotes as a text`);
  else if (Number.isInteger(value) && !Number.isSafeInteger(value) && !/e/i.test(source))
    fault(`is ${excerpt(source)}, which has more digits than can be kept; write it in quotes if it is a name`);
}

/** Where the last known part of a place begins. */
function offsetOf(document: Document, place: Place): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const part of place) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === part);
      if (pair === undefined) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof part === 'number') {
      node = node.items[part];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}
