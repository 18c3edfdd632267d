const string = /"(?:[^"\\]|\\.)*"/y;

/** Pointer of the first key written twice in one object: JSON.parse keeps the last without a word. Valid JSON only. */
export function duplicateKey(text: string): string | null {
  const open: { readonly keys: Set<string> | null; last: string }[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '{' || char === '[') open.push({ keys: char === '{' ? new Set() : null, last: '' });
    else if (char === '}' || char === ']') open.pop();
    else if (char === '"') {
      string.lastIndex = at;
      const literal = string.exec(text)?.[0] ?? '"';
      at += literal.length - 1;
      const inside = open.at(-1);
      if (!inside?.keys || !isKey(text, at + 1)) continue;
      inside.last = String(JSON.parse(literal));
      if (inside.keys.has(inside.last)) return open.map(({ last }) => (last === '' ? '' : `/${last}`)).join('');
      inside.keys.add(inside.last);
    }
  }
  return null;
}

function isKey(text: string, from: number): boolean {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\t' || text[at] === '\r') at++;
  return text[at] === ':';
}
