import { scanJson } from './json-scan';
import type { Incoming } from './message';
import { Problem } from './problem';

const maxBytes = 16 * 1024;
const maxDepth = 8;

/** The JSON body of a control-plane write, parsed strictly; `invalid` is the code of what parses but is wrong. */
export function controlBody(incoming: Incoming, invalid = 'body-invalid'): unknown {
  const type = incoming.header('content-type');
  if (!/^application\/json\s*(;|$)/i.test(type ?? '')) {
    const shown = type === null ? 'missing' : JSON.stringify(type.slice(0, 64));
    throw new Problem(415, 'content-type', `Content-Type is ${shown}; it must be application/json.`);
  }
  const body = incoming.body ?? new Uint8Array();
  if (body.byteLength > maxBytes) {
    throw new Problem(413, 'body-too-large', `The body has ${body.byteLength} bytes; at most ${maxBytes} are read.`);
  }
  const text = utf8(body);
  const value = parse(text);
  const { depth, duplicate, proto } = scanJson(text);
  if (depth > maxDepth) throw new Problem(422, invalid, `The body nests ${depth} deep; at most ${maxDepth} is read.`);
  if (duplicate !== null) throw fault(invalid, duplicate, 'appears twice; each key may appear once');
  if (proto !== null) throw fault(invalid, proto, 'is not a key that is read');
  return value;
}

/** The same, and an object at the top. */
export function controlObject(incoming: Incoming, invalid = 'body-invalid'): Readonly<Record<string, unknown>> {
  const value = controlBody(incoming, invalid);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const shown = JSON.stringify(value).slice(0, 64);
    throw new Problem(422, invalid, `The body is ${shown}; it must be a JSON object.`);
  }
  return value as Readonly<Record<string, unknown>>;
}

function fault(code: string, pointer: string, rule: string): Problem {
  const detail = `${JSON.stringify(pointer.slice(0, 64))} ${rule}.`;
  return new Problem(422, code, detail, { errors: [{ pointer, detail }] });
}

function utf8(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch (cause) {
    throw new Problem(400, 'malformed-json', 'The body is not valid UTF-8.', { cause });
  }
}

function parse(text: string): unknown {
  if (text.trim() === '') throw new Problem(400, 'malformed-json', 'The body is empty; it must be a JSON object.');
  try {
    return JSON.parse(text);
  } catch (cause) {
    const shown = JSON.stringify(text.slice(0, 40));
    throw new Problem(400, 'malformed-json', `The body is not JSON; it begins with ${shown}.`, { cause });
  }
}
