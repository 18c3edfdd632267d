import { bodyWithinMs, tooSlow, watchArrival } from '@/lib/http/body/read-body';
import { Problem } from '@/lib/http/problem';
import { excerpt } from '@/lib/kernel/excerpt';
import { duplicateKey, scanJson } from '@/lib/kernel/json-text';
import type { CallerBody } from '../caller-body';
import { blamed } from '../refusal';
import type { Incoming } from '../send-on';

const deepest = 64;
// A mark at the start stays, and is no JSON: other readers differ in what they make of it.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** All of a body that says what its request is; null: there is none. */
export async function readWhole({ body, answer }: Incoming, most: number): Promise<Buffer | null> {
  if (body === null) return null;
  if ((body.length ?? 0) > most) throw tooLarge(most);
  answer.ready();
  const bytes = await arrived(body, most);
  if (bytes !== null) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  body.discard();
  throw tooLarge(most);
}

/** Within the time that every route gives a body. */
async function arrived(body: CallerBody, most: number): Promise<Uint8Array | null> {
  let stop = () => {};
  const late = new Promise<never>((_, reject) => {
    stop = watchArrival(
      bodyWithinMs,
      () => body.bytes,
      (afterMs) => reject(blamed(tooSlow(afterMs), 'caller')),
    );
  });
  const whole = body.whole(most).catch(() => null);
  try {
    return await Promise.race([whole, late]);
  } catch (error) {
    body.discard();
    throw error;
  } finally {
    stop();
  }
}

/** One that cannot be read is refused, as whoever reads it otherwise could find another's job in it. */
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

/** Before anything is kept for each level. */
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

function tooLarge(most: number): Problem {
  const detail = `A request whose body says what it is has at most ${most / 1024} kB there; nothing was sent.`;
  return blamed(new Problem(413, 'too-large', detail), 'caller');
}
