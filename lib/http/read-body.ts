import { Problem } from './problem';

export function tooLarge(limit: number): Problem {
  return new Problem(413, 'too-large', `The body is larger than ${limit} bytes, the most this route reads.`);
}

/** Refuses a declared length before a byte is read. */
export function refuseLength(contentLength: string | null, limit: number): void {
  if (contentLength !== null && Number(contentLength) > limit) throw tooLarge(limit);
}

/** Reads a web stream up to `limit` bytes and not one more chunk. */
export async function readBody(stream: ReadableStream<Uint8Array> | null, limit: number): Promise<Uint8Array | null> {
  if (!stream) return null;
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > limit) {
      await reader.cancel();
      throw tooLarge(limit);
    }
    chunks.push(value);
  }
  return size === 0 ? null : Buffer.concat(chunks, size);
}
