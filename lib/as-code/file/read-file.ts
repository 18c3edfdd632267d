import { type Document, isMap, isPair, isScalar, type Node, visit } from 'yaml';
import type { z } from 'zod';
import { excerpt } from '@/lib/kernel/excerpt';
import { isSecretName, referenceIn, secretAt } from './looks-secret';
import { type FileFault, type Parsed, type Place, parseYaml } from './parse-yaml';
import { type ConfigFile, fileShape } from './shape';

export const mostBytes = 1_000_000;

export interface ReadFile {
  readonly config: ConfigFile;
  readonly placeOf: Parsed['placeOf'];
}

type FileReading =
  | { readonly ok: true; readonly file: ReadFile }
  | { readonly ok: false; readonly faults: readonly FileFault[] };

const wholly = (sentence: string): FileReading => ({ ok: false, faults: [{ line: 1, column: 1, sentence }] });

/** A file by its bytes: every fault of it at once, and never a word of what looks like a secret. */
export function readConfig(bytes: Uint8Array): FileReading {
  if (bytes.byteLength > mostBytes) return wholly(`is ${bytes.byteLength} bytes long; at most ${mostBytes} are read`);
  const text = decoded(bytes);
  if (text === null) return wholly('is not UTF-8; save it as UTF-8');
  const secrets = secretLines(text);
  if (secrets.length > 0) return { ok: false, faults: secrets };
  const parsing = parseYaml(text);
  if (!parsing.ok) return parsing;
  const { parsed } = parsing;
  const written = secretNodes(parsed);
  if (written.length > 0) return { ok: false, faults: written };
  if (parsed.value === null || parsed.value === undefined) return wholly('is empty; write what sluice export prints');
  const shaped = fileShape.safeParse(parsed.value);
  if (shaped.success) return { ok: true, file: { config: shaped.data, placeOf: parsed.placeOf } };
  return { ok: false, faults: shaped.error.issues.flatMap((issue) => shapeFaults(issue, parsed)) };
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

const secretSentence = `holds what looks like a key or a secret, which is not shown; keys are stored with: sluice keys set PROVIDER, and secrets of channels are named as "\${NAME}"`;

/** Comments too: a secret is in the file wherever it stands. */
function secretLines(text: string): FileFault[] {
  return text.split('\n').flatMap((line, index) => {
    const at = secretAt(line);
    return at < 0 ? [] : [{ line: index + 1, column: at + 1, sentence: secretSentence }];
  });
}

/** What was written with escapes, and what its name gives away. */
function secretNodes({ document, lines }: Parsed): FileFault[] {
  const faults: FileFault[] = [];
  const fault = (node: Node) => {
    const { line, col } = lines.linePos(node.range?.[0] ?? 0);
    faults.push({ line, column: col, sentence: secretSentence });
  };
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && secretAt(node.value) >= 0) fault(node);
      return undefined;
    },
    Pair(_, { key, value }, path) {
      if (!isScalar(key) || !isScalar(value) || typeof value.value !== 'string') return undefined;
      if (!isSecretName(String(key.value)) || referenceIn(value.value) !== null || value.value === '') return undefined;
      if (!isSplitKey(document, key.value, value.value, path)) fault(value);
      return undefined;
    },
  });
  return faults;
}

/** `key` of a split is the name of a row. */
function isSplitKey(document: Document, key: unknown, value: string, path: readonly unknown[]): boolean {
  const root = document.contents;
  const section = path[2];
  if (key !== 'key' || !isMap(root) || path[1] !== root || !isPair(section)) return false;
  return isScalar(section.key) && section.key.value === 'splits' && path.length === 6 && value.length <= 128;
}

function shapeFaults(issue: z.core.$ZodIssue, parsed: Parsed): FileFault[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      ...parsed.placeOf([...(issue.path as Place), key]),
      sentence: `${placeText(issue.path)} has the unknown key "${excerpt(key)}"; check its spelling`,
    }));
  const name = issue.code === 'invalid_key' ? String(issue.path.at(-1) ?? '') : null;
  const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? '') : issue.message;
  const place = issue.path as Place;
  const value = name ?? valueAt(parsed.value, place);
  const said = value === undefined ? `is missing; it ${message}` : `is ${shown(value)}; it ${message}`;
  return [{ ...parsed.placeOf(place), sentence: `${placeText(place)} ${said}` }];
}

const valueAt = (value: unknown, place: Place): unknown =>
  place.reduce<unknown>(
    (at, part) =>
      at !== null && typeof at === 'object' && Object.hasOwn(at, part)
        ? (at as Record<PropertyKey, unknown>)[part]
        : undefined,
    value,
  );

/** `splits.video.arms.a.provider`, `channels[0].url` */
export function placeText(place: readonly PropertyKey[]): string {
  const text = place.reduce<string>((told, part) => {
    if (typeof part === 'number') return `${told}[${part}]`;
    const name = excerpt(String(part));
    return told === '' ? name : `${told}.${name}`;
  }, '');
  return text === '' ? 'the file' : text;
}

const shown = (value: unknown): string => {
  const hint = typeof value === 'string' && /^(?:yes|no|on|off|y|n)$/i.test(value) ? ' (a text to YAML 1.2)' : '';
  return `${excerpt(JSON.stringify(value))}${hint}`;
};
