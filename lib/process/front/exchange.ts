import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stalledMs } from '@/lib/http/body/held-body';
import { refuseLength, tooLarge, tooSlow, watchArrival } from '@/lib/http/body/read-body';
import { callerAddress } from '@/lib/http/defence/addresses';
import { closedPolicy, everywhere, strictTransport } from '@/lib/http/defence/security-headers';
import type { Arriving, Incoming, Outgoing } from '@/lib/http/message';

/**
 * Reads a body up to its limit and within a deadline that grows with what has come. One that is larger is refused at the
 * byte that makes it so. The promise does not hold the body: the request's listeners hold the promise to its end.
 */
function receive<T>(
  request: IncomingMessage,
  limitBytes: number,
  withinMs: number,
  take: (body: Uint8Array | null) => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    refuseLength(request.headers['content-length'] ?? null, limitBytes);
    let chunks: Buffer[] = [];
    let size = 0;
    const refuse = (problem: Error) => {
      stop();
      request.removeAllListeners('data');
      request.pause();
      chunks = [];
      reject(problem);
    };
    const stop = watchArrival(
      withinMs,
      () => size,
      (afterMs) => refuse(tooSlow(afterMs)),
    );
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limitBytes) return refuse(tooLarge(limitBytes));
      chunks.push(chunk);
    });
    request.once('end', () => {
      stop();
      const taken = take(chunks.length === 1 ? (chunks[0] as Buffer) : size === 0 ? null : Buffer.concat(chunks, size));
      chunks = [];
      resolve(taken);
    });
    request.once('error', (error) => {
      stop();
      reject(error);
    });
  });
}

/** A node request as the handlers see it; only what a handler asks for is read and parsed. */
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

  received(): Promise<Incoming> {
    const hasBody = this.method !== 'GET' && this.method !== 'HEAD';
    if (!hasBody) return Promise.resolve(this);
    return receive(this.request, this.limitBytes, this.withinMs, (body) => {
      this.body = body;
      return this;
    });
  }

  letGo(): void {
    this.body = null;
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

/** How long a caller may go on sending what is not read, so that it gets to read its answer. */
const lingerMs = 1_000;

const always = [...everywhere, ['content-security-policy', closedPolicy]] as const;
const overHttps = [...always, strictTransport] as const;
const flat = { always: always.flat(), overHttps: overHttps.flat() };

/** Writes an answer: in one piece, or as it comes. */
export function send(response: ServerResponse, method: string | undefined, outgoing: Outgoing): void {
  const { status, headers, body, release } = outgoing;
  const isSecure = isHttps(response.req);
  if (isStreaming(outgoing)) return void sendStream(response, method, outgoing, isSecure ? overHttps : always);
  if (release) releaseWhenOver(response, release);
  const text = typeof body === 'string' || body instanceof Uint8Array ? body : '';
  const length = typeof text === 'string' ? Buffer.byteLength(text) : text.length;
  const more = ['content-length', String(length), ...(isSecure ? flat.overHttps : flat.always)];
  for (const name in headers) more.push(name, headers[name] as string);
  const content = method === 'HEAD' ? '' : text;
  if (response.req.complete) {
    response.writeHead(status, more);
    response.end(content);
  } else {
    // What was not read of the request stands in the connection's way.
    response.writeHead(status, [...more, 'connection', 'close']);
    linger(response, content);
  }
}

/** Also for a caller that has hung up before its answer was there, or that takes none of it any more. */
function releaseWhenOver(response: ServerResponse, release: () => void): void {
  const { socket } = response.req;
  const over = () => {
    socket.off('close', over);
    release();
  };
  // An answer that waits behind others on its connection hears nothing of that connection's end.
  socket.once('close', over);
  response.once('close', over);
  response.setTimeout(stalledMs, () => response.destroy());
  if (socket.destroyed || response.destroyed) over();
}

/** Closing on a caller that is still sending would reset the connection, and take the answer with it. */
function linger(response: ServerResponse, content: string | Uint8Array): void {
  if (content.length === 0) response.flushHeaders();
  else response.write(content);
  const end = () => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, lingerMs);
  response.req.once('end', end).once('close', end).resume();
}

type Streaming = Outgoing & { readonly body: ReadableStream<Uint8Array> };

export const isStreaming = (outgoing: Outgoing): outgoing is Streaming => outgoing.body instanceof ReadableStream;

/**
 * Writes an answer as it comes. A caller who takes nothing of it for long has gone; one who hangs up ends its source; a
 * source that breaks off breaks the connection, so that half an answer is never taken for a whole one.
 */
async function sendStream(
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
    // Either side has ended it: the caller cannot be told.
    response.destroy();
  } finally {
    release?.();
  }
}
