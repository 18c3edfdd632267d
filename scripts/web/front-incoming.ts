import type { IncomingMessage } from 'node:http';
import type { Incoming } from '@/lib/http/message';

/** A node request as the handlers see it; nothing is parsed that nobody asks for. */
export class FrontIncoming implements Incoming {
  constructor(
    private readonly request: IncomingMessage,
    readonly path: string,
    readonly body: Uint8Array | null,
    readonly remote: string | null,
    readonly requestId: string,
  ) {}

  get method(): string {
    return this.request.method ?? 'GET';
  }

  get query(): URLSearchParams {
    return new URLSearchParams(this.request.url?.split('?')[1] ?? '');
  }

  header(name: string): string | null {
    const value = this.request.headers[name];
    return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value;
  }
}

/** The peer, or what a proxy says it was: only when there is a proxy, since anybody may send the header. */
export function remoteOf(request: IncomingMessage, trustProxy: boolean): string | null {
  const said = trustProxy ? request.headers['x-forwarded-for'] : undefined;
  const first = (Array.isArray(said) ? said[0] : said)?.split(',')[0]?.trim();
  return first || (request.socket.remoteAddress ?? null);
}
