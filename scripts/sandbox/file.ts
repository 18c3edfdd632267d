import type { IncomingMessage, ServerResponse } from 'node:http';

/** A file, whole or the one part of it that was asked for. */
export function sendFile(message: IncomingMessage, response: ServerResponse, type: string, bytes: Buffer): void {
  const headers = { 'content-type': type, 'accept-ranges': 'bytes' };
  const asked = /^bytes=(\d*)-(\d*)$/.exec(message.headers.range ?? '');
  const part = asked && partOf(asked[1] ?? '', asked[2] ?? '', bytes.length);
  if (asked && part === null) {
    response.writeHead(416, { ...headers, 'content-range': `bytes */${bytes.length}` }).end();
    return;
  }
  const [from, to] = part ?? [0, bytes.length - 1];
  const range = part ? { 'content-range': `bytes ${from}-${to}/${bytes.length}` } : {};
  response.writeHead(part ? 206 : 200, { ...headers, ...range, 'content-length': to - from + 1 });
  response.end(message.method === 'HEAD' ? undefined : bytes.subarray(from, to + 1));
}

/** First and last byte; null: there is no such part. */
function partOf(first: string, last: string, length: number): readonly [number, number] | null {
  if (first === '') return last === '' || last === '0' ? null : [Math.max(0, length - Number(last)), length - 1];
  const from = Number(first);
  const to = last === '' ? length - 1 : Math.min(Number(last), length - 1);
  return from >= length || to < from ? null : [from, to];
}
