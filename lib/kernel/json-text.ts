/** One member of a JSON object as it was written: duplicates stay apart and `1e400` stays `1e400`. */
interface JsonMember {
  readonly key: string;
  readonly literal: string;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A sign outside of every text. With `:` come the bounds of the key before it. */
type See = (sign: string, at: number, keyFrom: number, keyTo: number) => void;

/** Walks JSON as it was written; JSON.parse hides equal keys and turns 1e400 into Infinity. Never recurses. */
export function scanJson(json: string, see: See): void {
  let [from, to] = [0, 0];
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === 34) {
      from = at;
      at = endOfText(json, at);
      to = at + 1;
    } else if (code === 58 || code === 44 || code === 123 || code === 125 || code === 91 || code === 93) {
      see(json[at] as string, at, from, to);
    }
  }
}

/** Where the closing quote stands. */
function endOfText(json: string, from: number): number {
  for (let at = from + 1; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === 92) at += 1;
    else if (code === 34) return at;
  }
  return json.length;
}

/** The members of the object that `json` holds, in order; null when it holds none. Valid JSON only. */
export function readMembers(json: string): readonly JsonMember[] | null {
  if (json.trimStart()[0] !== '{') return null;
  const members: JsonMember[] = [];
  let depth = 0;
  let key: string | null = null;
  let start = 0;
  const end = (at: number) => {
    if (key !== null) members.push({ key, literal: json.slice(start, at).trim() });
    key = null;
  };
  scanJson(json, (sign, at, keyFrom, keyTo) => {
    if (sign === '{' || sign === '[') depth += 1;
    else if (sign === '}' || sign === ']') depth -= 1;
    if (sign === ':' && depth === 1) {
      key = JSON.parse(json.slice(keyFrom, keyTo));
      start = at + 1;
    } else if ((sign === ',' && depth === 1) || depth === 0) end(at);
  });
  return members;
}

/** Pointer of the first key that is written twice in one object. Valid JSON only. */
export function duplicateKey(json: string): string | null {
  const open: { readonly keys: Set<string>; last: string }[] = [];
  let twice: string | null = null;
  scanJson(json, (sign, _, keyFrom, keyTo) => {
    if (sign === '{' || sign === '[') open.push({ keys: new Set(), last: '' });
    else if (sign === '}' || sign === ']') open.pop();
    const inside = open.at(-1);
    if (sign !== ':' || inside === undefined || twice !== null) return;
    inside.last = String(JSON.parse(json.slice(keyFrom, keyTo)));
    if (inside.keys.has(inside.last)) twice = open.map(({ last }) => (last === '' ? '' : `/${last}`)).join('');
    inside.keys.add(inside.last);
  });
  return twice;
}

/** JSON that jsonb takes: it refuses NUL and half a surrogate pair, which other people's error messages may hold. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  // Nearly no text has them, and what merely looks so is only cleaned for nothing.
  return /\\u(?:0000|d[89a-f])/i.test(text) ? JSON.stringify(value, cleaned) : text;
}

/** Both become the replacement character. */
function cleaned(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return clean(value);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [clean(key), each]));
}

const clean = (text: string) => text.replace(/\p{Surrogate}/gu, '\ufffd').replaceAll('\u0000', '\ufffd');
