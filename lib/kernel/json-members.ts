/** One member of a JSON object as it was written: duplicates stay apart and `1e400` stays `1e400`. */
export interface JsonMember {
  readonly key: string;
  readonly literal: string;
}

/**
 * The members of the object that `json` holds, in order. JSON.parse keeps only the last of two equal keys and turns
 * 1e400 into Infinity; what a person wrote must be judged before that. `json` has already been parsed without error;
 * null when it is not an object.
 */
export function readMembers(json: string): readonly JsonMember[] | null {
  let at = skipBlank(json, 0);
  if (json[at] !== '{') return null;
  const members: JsonMember[] = [];
  at = skipBlank(json, at + 1);
  while (json[at] === '"') {
    const keyEnd = endOfString(json, at);
    const key = JSON.parse(json.slice(at, keyEnd)) as string;
    const start = skipBlank(json, skipBlank(json, keyEnd) + 1);
    const end = endOfValue(json, start);
    members.push({ key, literal: json.slice(start, end).trimEnd() });
    at = json[end] === ',' ? skipBlank(json, end + 1) : end;
  }
  return members;
}

function skipBlank(json: string, from: number): number {
  let at = from;
  while (at < json.length && ' \t\r\n'.includes(json[at] ?? '')) at += 1;
  return at;
}

function endOfString(json: string, from: number): number {
  let at = from + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** Just past the value: the comma or the bracket that ends it. */
function endOfValue(json: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < json.length) {
    const character = json[at];
    if (character === '"') {
      at = endOfString(json, at);
      continue;
    }
    if (depth === 0 && (character === ',' || character === '}')) return at;
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth -= 1;
    at += 1;
  }
  return at;
}
