export interface JsonScan {
  readonly depth: number;
  /** Pointer of the first key that appears twice in one object; null when none does. */
  readonly duplicate: string | null;
  /** Pointer of the first `__proto__` key. */
  readonly proto: string | null;
}

const string = /"(?:[^"\\]|\\.)*"/y;

/**
 * What JSON.parse forgives: it keeps the last of two equal keys without a word and nests without end.
 * The text must already be valid JSON.
 */
export function scanJson(text: string): JsonScan {
  const open: { readonly keys: Set<string> | null; last: string }[] = [];
  let depth = 0;
  let duplicate: string | null = null;
  let proto: string | null = null;
  const pointer = () => open.map(({ last }) => (last === '' ? '' : `/${last}`)).join('');
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '{' || char === '[') {
      open.push({ keys: char === '{' ? new Set() : null, last: '' });
      depth = Math.max(depth, open.length);
    } else if (char === '}' || char === ']') open.pop();
    else if (char === '"') {
      string.lastIndex = at;
      const literal = string.exec(text)?.[0] ?? '"';
      at += literal.length - 1;
      const inside = open.at(-1);
      if (!inside?.keys || !isKey(text, at + 1)) continue;
      const key = String(JSON.parse(literal));
      inside.last = key;
      if (key === '__proto__') proto ??= pointer();
      if (inside.keys.has(key)) duplicate ??= pointer();
      inside.keys.add(key);
    }
  }
  return { depth, duplicate, proto };
}

function isKey(text: string, from: number): boolean {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\t' || text[at] === '\r') at++;
  return text[at] === ':';
}
