import type { IncomingMessage } from 'node:http';
import { refuseLength, tooLarge, tooSlow } from '@/lib/http/body/read-body';
import { callerAddress } from '@/lib/http/defence/caller-address';
import type { Arriving, Incoming } from '@/lib/http/message';

/** Reads a body up to its limit and within one deadline. One that is larger is refused at the byte that makes it so. */
export function receive(request: IncomingMessage, limitBytes: number, withinMs: number): Promise<Uint8Array | null> {
  return new Promise((resolve, reject) => {
    refuseLength(request.headers['content-length'] ?? null, limitBytes);
    let chunks: Buffer[] = [];
    let size = 0;
    const refuse = (problem: Error) => {
      clearTimeout(timer);
      request.removeAllListeners('data');
      request.pause();
      chunks = [];
      reject(problem);
    };
    const timer = setTimeout(() => refuse(tooSlow(withinMs)), withinMs);
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limitBytes) return refuse(tooLarge(limitBytes));
      chunks.push(chunk);
    });
    request.once('end', () => {
      clearTimeout(timer);
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : size === 0 ? null : Buffer.concat(chunks, size));
    });
    request.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

/** A node request as the handlers see it; nothing is read or parsed that nobody asks for. */
export class FrontIncoming implements Arriving, Incoming {
  body: Uint8Array | null = null;

  constructor(
    private readonly request: IncomingMessage,
    readonly path: string,
    readonly remote: string | null,
    readonly requestId: string,
    private readonly limitBytes: number,
    private readonly withinMs: number,
  ) {}

  async received(): Promise<Incoming> {
    const hasBody = this.method !== 'GET' && this.method !== 'HEAD';
    if (hasBody) this.body = await receive(this.request, this.limitBytes, this.withinMs);
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

/** Whether the caller's side is https: the proxy that ends TLS says so. */
export function isHttps(request: IncomingMessage): boolean {
  return request.headers['x-forwarded-proto'] === 'https';
}

/** Whose request it is. */
export function remoteOf(request: IncomingMessage, trustedHops: number): string | null {
  const said = request.headers['x-forwarded-for'];
  const joined = Array.isArray(said) ? said.join(',') : (said ?? null);
  return callerAddress(joined, request.socket.remoteAddress ?? null, trustedHops);
}
