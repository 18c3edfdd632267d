import { isAscii } from 'node:buffer';
import type { Incoming } from '../message';
import { Problem } from '../problem';
import { duplicateKey } from './duplicate-key';

const decoder = new TextDecoder('utf-8', { fatal: true });
const json = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;
const deepest = 8;

/** The JSON body of a write, or the refusal that says what is wrong with it. */
export function parseJson(incoming: Incoming): unknown {
  const { text, value, keys } = read(incoming);
  // Of a key written twice JSON.parse keeps the last, without a word. Counting tells that cheaply, not which.
  const twice = keys === countKeys(value) ? null : duplicateKey(text);
  if (twice === null) return value;
  const detail = `${twice.slice(0, 64)} is written twice; each key may appear once.`;
  throw new Problem(422, 'request-invalid', detail, { errors: [{ pointer: twice.slice(0, 64), detail }] });
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const parts = Object.values(value);
  let count = Array.isArray(value) ? 0 : parts.length;
  for (const part of parts) count += countKeys(part);
  return count;
}

/** The body as it was written, already known to be JSON: for readers that must see duplicate keys or `1e400`. */
export function readJsonText(incoming: Incoming): string {
  return read(incoming).text;
}

interface Read {
  readonly text: string;
  readonly value: unknown;
  /** As many as are written. */
  readonly keys: number;
}

function read(incoming: Incoming): Read {
  const type = incoming.header('content-type');
  if (!type || (type !== 'application/json' && !json.test(type))) {
    const was = type ? `is "${type.slice(0, 64)}"` : 'is missing';
    throw new Problem(415, 'unsupported-media-type', `The Content-Type ${was}; it must be application/json.`);
  }
  if (!incoming.body || incoming.body.length === 0) {
    throw new Problem(400, 'malformed-json', 'The body is empty; it must be a JSON object.');
  }
  const text = decode(incoming.body);
  const keys = keysIn(text);
  try {
    return { text, value: JSON.parse(text), keys };
  } catch (error) {
    throw new Problem(400, 'malformed-json', `The body is not JSON: ${reasonOf(error)}.`, { cause: error });
  }
}

function decode(body: Uint8Array): string {
  // The same as below for what nearly every body is, without a TextDecoder's cost.
  if (Buffer.isBuffer(body) && isAscii(body)) return body.toString('latin1');
  try {
    return decoder.decode(body);
  } catch (cause) {
    throw new Problem(400, 'malformed-json', 'The body is not valid UTF-8.', { cause });
  }
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : 'syntax';
  return message.replace(/,? *"[\s\S]*$/, '').slice(0, 80);
}

/**
 * How many keys are written: each is followed by the only kind of colon outside a text. The depth is judged on the way,
 * before parsing: a megabyte of brackets must not reach a recursive reader.
 */
function keysIn(text: string): number {
  let keys = 0;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === 92) at += 1;
      else if (code === 34) quoted = false;
    } else if (code === 34) quoted = true;
    else if (code === 58) keys += 1;
    else if (code === 123 || code === 91) depth += 1;
    else if (code === 125 || code === 93) depth -= 1;
    if (depth > deepest) {
      throw new Problem(422, 'too-deep', `The body nests deeper than ${deepest} levels.`);
    }
  }
  return keys;
}
