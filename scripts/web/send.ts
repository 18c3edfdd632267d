import type { ServerResponse } from 'node:http';
import type { Outgoing } from '@/lib/http/message';

/** Writes an answer in one piece; streams are Next's business. */
export function send(response: ServerResponse, method: string | undefined, { status, headers, body }: Outgoing): void {
  const text = typeof body === 'string' || body instanceof Uint8Array ? body : '';
  const more: Record<string, string | number> = {
    ...headers,
    'content-length': typeof text === 'string' ? Buffer.byteLength(text) : text.length,
    'x-content-type-options': 'nosniff',
  };
  // What was not read of the request stands in the connection's way.
  if (!response.req.complete) more.connection = 'close';
  response.writeHead(status, more);
  response.end(method === 'HEAD' ? undefined : text);
}
