import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Head } from '@/lib/http/message';

/** A request before anything of its body is read, and where its answer goes. */
export interface RawExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly remote: string | null;
  readonly requestId: string;
  /** It waits for leave to send its body. */
  readonly isExpecting: boolean;
  readonly isHttps: boolean;
}

/** Only what is asked for is worked out. */
export class RawHead implements Head {
  readonly method: string;
  readonly remote: string | null;
  readonly requestId: string;

  constructor(private readonly raw: RawExchange) {
    this.method = raw.request.method ?? 'GET';
    this.remote = raw.remote;
    this.requestId = raw.requestId;
  }

  get path(): string {
    return this.raw.request.url?.split('?', 1)[0] ?? '/';
  }

  get query(): URLSearchParams {
    return new URLSearchParams(this.raw.request.url?.split('?', 2)[1] ?? '');
  }

  header(name: string): string | null {
    const value = this.raw.request.headers[name];
    return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value;
  }
}
