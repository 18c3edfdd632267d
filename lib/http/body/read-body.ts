import { Problem } from '../problem';

export function tooLarge(limit: number): Problem {
  return new Problem(413, 'too-large', `The body is larger than ${limit} bytes, the most this route reads.`);
}

/** What the largest body takes on a bad line; who sends slower holds a connection and a buffer for nothing. */
export const bodyWithinMs = 10_000;

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
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow(withinMs)), withinMs);
  });
  try {
    return await Promise.race([readAll(reader, limit), late]);
  } catch (error) {
    // Whoever still sends is not waited for.
    void reader.cancel().catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>, limit: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(value);
  }
  return size === 0 ? null : Buffer.concat(chunks, size);
}
