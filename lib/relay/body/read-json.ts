import { Problem } from '@/lib/http/problem';
import { excerpt } from '@/lib/kernel/excerpt';
import { duplicateKey, scanJson } from '@/lib/kernel/json-text';
import { blamed } from '../refusal';

const deepest = 64;
// A byte order mark is left in, and makes it no JSON: other readers differ in what they make of one.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const plain = /^application\/(?:[\w.-]+\+)?json(?: *; *(?:charset="?utf-?8"?|(?!charset\b)[\w-]+=[\w.+-]*))* *;?$/i;

/** What another reader could take for something else than this JSON, and find another model or job in it. */
export function refuseOtherTypes(rawHeaders: readonly string[]): void {
  const said = (name: string) =>
    rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name);
  const types = said('content-type');
  const isPacked = said('content-encoding').some((coding) => coding.toLowerCase() !== 'identity');
  if (!isPacked && types.length <= 1 && types.every((type) => plain.test(type))) return;
  const was = isPacked ? 'Its body is packed' : `Its Content-Type is "${excerpt(types.join(', '))}"`;
  const detail = `${was}, and what its body says decides what becomes of this: it must be one application/json in UTF-8, not packed. Nothing was sent.`;
  throw blamed(new Problem(415, 'unsupported-media-type', detail), 'caller');
}

/** One that cannot be read is refused: a provider that reads it in another way could find another caller's job in it. */
export function readJson(bytes: Uint8Array): unknown {
  let text: string;
  let value: unknown;
  try {
    text = decoder.decode(bytes);
    refuseDepth(text);
    value = JSON.parse(text);
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw unreadable('it must be JSON in UTF-8, and not packed', cause);
  }
  const twice = duplicateKey(text);
  if (twice === null) return value;
  throw unreadable(`${excerpt(twice)} is written twice, and each key may appear once`);
}

/** Checked before anything is built for each level. */
function refuseDepth(text: string): void {
  let depth = 0;
  scanJson(text, (sign) => {
    if (sign === '{' || sign === '[') depth += 1;
    else if (sign === '}' || sign === ']') depth -= 1;
    if (depth > deepest) throw unreadable(`it nests deeper than ${deepest} levels`);
  });
}

function unreadable(why: string, cause?: unknown): Problem {
  const detail = `Its body says what this request is, so it was read, and nothing was sent: ${why}.`;
  return blamed(new Problem(400, 'malformed-json', detail, { cause }), 'caller');
}
