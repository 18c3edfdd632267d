import type { IncomingMessage } from 'node:http';
import type { Arriving, Incoming } from '@/lib/http/message';
import { receive } from './receive';

/** A node request as the handlers see it; nothing is read or parsed that nobody asks for. */
export class FrontIncoming implements Arriving, Incoming {
  body: Uint8Array | null = null;

  constructor(
    private readonly request: IncomingMessage,
    readonly path: string,
    readonly remote: string | null,
    readonly requestId: string,
    private readonly limitBytes: number,
  ) {}

  async received(): Promise<Incoming> {
    const hasBody = this.method !== 'GET' && this.method !== 'HEAD';
    if (hasBody) this.body = await receive(this.request, this.limitBytes);
    return this;
  }

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
