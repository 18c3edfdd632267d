import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stalledMs } from '@/lib/http/body/held-body';
import type { Outgoing } from '@/lib/http/message';

export type Streaming = Outgoing & { readonly body: ReadableStream<Uint8Array> };

export const isStreaming = (outgoing: Outgoing): outgoing is Streaming => outgoing.body instanceof ReadableStream;

/**
 * Writes an answer as it comes. Whoever takes nothing of it for long has gone; whoever hangs up ends its source, and a
 * source that breaks off breaks the connection, so that half an answer is never taken for a whole one.
 */
export async function sendStream(
  response: ServerResponse,
  method: string | undefined,
  { status, headers, body, release }: Streaming,
  own: readonly (readonly [string, string])[],
): Promise<void> {
  try {
    if (!response.req.complete) response.shouldKeepAlive = false;
    for (const [name, value] of [...own, ...Object.entries(headers)]) response.setHeader(name, value);
    response.writeHead(status);
    if (method === 'HEAD' || response.destroyed) {
      response.end();
      return await body.cancel();
    }
    response.setTimeout(stalledMs, () => response.destroy());
    response.flushHeaders();
    await pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]), response);
  } catch {
    // Either side has ended it: there is nobody to tell.
    response.destroy();
  } finally {
    release?.();
  }
}
