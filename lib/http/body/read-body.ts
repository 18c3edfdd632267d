import { isAscii } from 'node:buffer';
import { excerpt } from '@/lib/kernel/excerpt';
import { duplicateKey, scanJson } from '@/lib/kernel/json-text';
import type { Incoming } from '../message';
import { Problem } from '../problem';

export function tooLarge(limit: number): Problem {
  return new Problem(413, 'too-large', `The body is larger than ${limit} bytes, the most this route reads.`);
}

/** What the largest body takes on a bad line; who sends slower holds a connection and a buffer for nothing. */
export const bodyWithinMs = 10_000;

/** Of a large body: so much a millisecond must come, after that time. */
const leastPerMs = 256;

/** Calls `late` when less of a body has come than by then must have; what it returns ends the watch. */
export function watchArrival(withinMs: number, received: () => number, late: (afterMs: number) => void): () => void {
  const startedMs = performance.now();
  const look = () => {
    const passedMs = performance.now() - startedMs;
    const leftMs = withinMs + received() / leastPerMs - passedMs;
    if (leftMs > 1) timer = setTimeout(look, leftMs);
    else late(passedMs);
  };
  let timer = setTimeout(look, withinMs);
  return () => clearTimeout(timer);
}

export function tooSlow(withinMs: number): Problem {
  const seconds = Math.round(withinMs / 100) / 10;
  return new Problem(
    408,
    'body-too-slow',
    `The body did not arrive within ${seconds} s; nothing was done. Send it again.`,
  );
}

/** Refuses a declared length before a byte is read. */
export function refuseLength(contentLength: string | null, limit: number): void {
  if (contentLength !== null && Number(contentLength) > limit) throw tooLarge(limit);
}

/** Reads a web stream up to `limit` bytes and not one more chunk, within one deadline for all of it. */
export async function readBody(
  stream: ReadableStream<Uint8Array> | null,
  limit: number,
  withinMs = bodyWithinMs,
): Promise<Uint8Array | null> {
  if (!stream) return null;
  const reader = stream.getReader();
  const seen = { bytes: 0 };
  let stop = () => {};
  const late = new Promise<never>((_, reject) => {
    stop = watchArrival(
      withinMs,
      () => seen.bytes,
      (afterMs) => reject(tooSlow(afterMs)),
    );
  });
  try {
    return await Promise.race([readAll(reader, limit, seen), late]);
  } catch (error) {
    // The answer does not wait for a caller that is still sending.
    void reader.cancel().catch(() => undefined);
    throw error;
  } finally {
    stop();
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

async function readAll(reader: Reader, limit: number, seen: { bytes: number }): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    seen.bytes = size;
    if (size > limit) throw tooLarge(limit);
    chunks.push(value);
  }
  return size === 0 ? null : Buffer.concat(chunks, size);
}

const decoder = new TextDecoder('utf-8', { fatal: true });
const json = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;
const deepest = 8;

/** How a route takes its JSON. */
export interface Reading {
  /** The code of what parses but is wrong. */
  readonly invalid?: string;
  /** A member whose own keys the handler judges, in words of its own. */
  readonly judgedAsWritten?: string;
}

export interface Json {
  readonly value: unknown;
  /** As it was written: for readers that must see `1e400`. */
  readonly text: string;
}

/** The JSON body of a write, or the refusal that says what is wrong with it. */
export function parseJson(incoming: Incoming, { invalid = 'request-invalid', judgedAsWritten }: Reading = {}): Json {
  const { text, value, keys } = read(incoming);
  // Of a key written twice JSON.parse keeps the last, without a word. Counting tells that cheaply, not which.
  const twice = keys === countKeys(value) ? null : duplicateKey(text);
  if (twice === null || twice.startsWith(`/${judgedAsWritten}/`)) return { text, value };
  throw fieldFault(invalid, twice, 'is written twice; each key may appear once');
}

/** What is wrong with one member. */
export function fieldFault(code: string, pointer: string, rule: string): Problem {
  const detail = `${excerpt(pointer)} ${rule}.`;
  return new Problem(422, code, detail, { errors: [{ pointer: excerpt(pointer), detail }] });
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) for (const part of value) count += countKeys(part);
  else
    for (const key in value) {
      const part: unknown = (value as Record<string, unknown>)[key];
      count += typeof part === 'object' ? 1 + countKeys(part) : 1;
    }
  return count;
}

/** `keys`: as many as are written. */
function read(incoming: Incoming): Json & { readonly keys: number } {
  const type = incoming.header('content-type');
  if (!type || (type !== 'application/json' && !json.test(type))) {
    const was = type ? `is "${excerpt(type)}"` : 'is missing';
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

/** The depth is judged on the way, before parsing: a megabyte of brackets must not reach a recursive reader. */
function keysIn(text: string): number {
  let keys = 0;
  let depth = 0;
  scanJson(text, (sign) => {
    if (sign === ':') keys += 1;
    else if (sign === '{' || sign === '[') depth += 1;
    else if (sign === '}' || sign === ']') depth -= 1;
    if (depth > deepest) throw new Problem(422, 'too-deep', `The body nests deeper than ${deepest} levels.`);
  });
  return keys;
}
