import { brotliDecompressSync, unzipSync } from 'node:zlib';

export const longestBody = 2 * 1024 * 1024;

/** The text of an answer; null when it was packed and cannot be unpacked whole. */
export function textOf(chunks: readonly Buffer[], encoding: string | string[] | undefined): string | null {
  const [first] = chunks;
  const bytes = first && chunks.length === 1 ? first : Buffer.concat(chunks);
  if (encoding === undefined || encoding === 'identity') return bytes.toString('utf8');
  return unpack(bytes, String(encoding).trim().toLowerCase());
}

function unpack(bytes: Buffer, encoding: string): string | null {
  const options = { maxOutputLength: longestBody };
  try {
    if (/^(?:x-)?gzip$|^deflate$/.test(encoding)) return unzipSync(bytes, options).toString('utf8');
    if (encoding === 'br') return brotliDecompressSync(bytes, options).toString('utf8');
  } catch {
    return null;
  }
  return bytes.toString('utf8');
}
