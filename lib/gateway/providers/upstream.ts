import { brotliDecompressSync, unzipSync } from 'node:zlib';
import { type Dispatcher, Pool } from 'undici';
import type { Deadline } from '@/lib/kernel/deadline';
import { connector } from './connector';
import { codeOf, isLocalFault } from './local-fault';
import type { ErrorKind } from './provider';
import { isLookupFault, type Resolve, Resolver } from './resolver';

export const longestBody = 2 * 1024 * 1024;

/** The text of an answer; null when it was packed and cannot be unpacked whole. */
function textOf(
  chunks: readonly Buffer[],
  encoding: string | string[] | undefined,
  longest = longestBody,
): string | null {
  const [first] = chunks;
  const bytes = first && chunks.length === 1 ? first : Buffer.concat(chunks);
  if (encoding === undefined || encoding === 'identity') return bytes.toString('utf8');
  return unpack(bytes, String(encoding).trim().toLowerCase(), longest);
}

function unpack(bytes: Buffer, encoding: string, longest: number): string | null {
  const options = { maxOutputLength: longest };
  try {
    if (/^(?:x-)?gzip$|^deflate$/.test(encoding)) return unzipSync(bytes, options).toString('utf8');
    if (encoding === 'br') return brotliDecompressSync(bytes, options).toString('utf8');
  } catch {
    return null;
  }
  return bytes.toString('utf8');
}

export interface UpstreamCall {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
  /** The answer is wanted as its bytes, of which there are at most so many; left out: as text. */
  readonly bytes?: number;
  /** An answer that is longer is given up. */
  readonly longestAnswer?: number | undefined;
}

/** A whole answer, or how the call broke. `sent`: the first byte of the request left for the peer. */
export type UpstreamAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string | string[] | undefined>>;
      readonly text: string;
      /** Where they were wanted; the text is empty then. */
      readonly bytes?: Buffer;
      readonly latencyMs: number;
    }
  | {
      readonly kind: 'broken';
      readonly errorKind: ErrorKind;
      readonly message: string;
      readonly sent: boolean;
      readonly status: number | null;
      readonly latencyMs: number;
    };

/** One origin, its keep-alive connections, and no second try. */
export interface Upstream {
  readonly origin: string;
  /** Never throws. `deadline` covers connect, TLS, headers and body alike. */
  call(call: UpstreamCall, deadline: Deadline): Promise<UpstreamAnswer>;
  close(): Promise<void>;
}

/** Some fronts turn away callers without a name. Packed answers are not asked for, and read where they come. */
export const jsonHeaders = {
  accept: 'application/json',
  'accept-encoding': 'identity',
  'content-type': 'application/json',
  'user-agent': 'sluice',
} as const;

interface UpstreamOptions {
  /** Extra certificate authorities, PEM. */
  readonly ca?: string | undefined;
  /** Names of other providers, see `Resolver`. */
  readonly witnesses?: readonly string[] | undefined;
  /** Looks names up; the system's when left out. */
  readonly resolve?: Resolve | undefined;
}

export function openUpstream(origin: string, options: UpstreamOptions = {}): Upstream {
  const resolver = new Resolver(options.witnesses, options.resolve);
  const pool = new Pool(origin, {
    // As many as there are calls: how many may run at once is for the lane to say, which tells waiting from calling.
    connections: null,
    pipelining: 1,
    // The deadline of the call rules; undici's own timers stop when headers arrive, and a slow drip would outlive them.
    headersTimeout: 0,
    bodyTimeout: 0,
    // Ends the connection attempts of calls that have long given up.
    connect: connector({
      timeout: 30_000,
      lookup: resolver.lookup as never,
      ...(options.ca ? { ca: options.ca } : {}),
    }),
  });
  return {
    origin,
    call: (call, deadline) => new Promise((resolve) => new Exchange(deadline, resolver, resolve).start(pool, call)),
    close: () => pool.destroy(),
  };
}

export type Answered = Extract<UpstreamAnswer, { kind: 'answer' }>;

/** One call in flight. It settles once; what arrives afterwards is cut off and forgotten. */
class Exchange implements Dispatcher.DispatchHandler {
  private readonly startedAt = performance.now();
  private readonly chunks: Buffer[] = [];
  private controller: Dispatcher.DispatchController | null = null;
  private status: number | null = null;
  private headers: Readonly<Record<string, string | string[] | undefined>> = {};
  private size = 0;
  private longest = longestBody;
  private isSettled = false;
  /** The deadline passed while the name was being looked up; whose fault that is, is being asked. */
  private isGivenUp = false;
  /** Bytes are wanted, so many at most. */
  private most: number | undefined;

  constructor(
    private readonly deadline: Deadline,
    private readonly resolver: Resolver,
    private readonly resolve: (answer: UpstreamAnswer) => void,
  ) {}

  start(pool: Pool, call: UpstreamCall): void {
    this.most = call.bytes;
    if (this.deadline.aborted) {
      this.onDeadline();
      return;
    }
    this.longest = call.longestAnswer ?? longestBody;
    this.deadline.addEventListener('abort', this.onDeadline);
    try {
      pool.dispatch({ method: call.method, path: call.path, headers: call.headers, body: call.body }, this);
    } catch (error) {
      this.break('connect', error instanceof Error ? error.message : String(error));
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // The deadline passed while the connection was being made: nothing is sent.
    if (this.isSettled || this.isGivenUp) controller.abort(new Error('deadline passed'));
    else this.controller = controller;
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.status = status;
    this.headers = headers;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.size += chunk.length;
    const most = this.most ?? this.longest;
    if (this.size > most) this.break('malformed', `the answer is longer than ${most} bytes`);
    else this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.most !== undefined) {
      const bytes = Buffer.concat(this.chunks);
      const took = performance.now() - this.startedAt;
      const { status, headers } = this;
      this.settle({ kind: 'answer', status: status ?? 0, headers, text: '', bytes, latencyMs: took });
      return;
    }
    const text = textOf(this.chunks, this.headers['content-encoding'], this.longest);
    if (text === null) {
      this.break('truncated', `the packed answer ends in the middle, after ${this.size} bytes`);
      return;
    }
    const latencyMs = performance.now() - this.startedAt;
    this.settle({ kind: 'answer', status: this.status ?? 0, headers: this.headers, text, latencyMs });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.isGivenUp) return;
    const code = codeOf(error);
    if (isLocalFault(error)) {
      this.break('local', `this machine could not reach the provider (${code})`);
    } else if (isLookupFault(error)) {
      void this.blame(error);
    } else if (this.status !== null) {
      this.break('truncated', `the answer broke off after ${this.size} bytes (${code})`);
    } else if (this.controller) {
      this.break('connect', `the connection broke before an answer came (${code})`);
    } else if (isTlsFault(code, error.message)) {
      this.break('tls', `no secure connection to the provider (${code})`);
    } else {
      this.break('connect', `no connection to the provider (${code})`);
    }
  }

  private async blame(error: Error): Promise<void> {
    const isOurs = await this.resolver.isOurs(error);
    if (isOurs) this.break('local', `no name of a provider resolves here (${codeOf(error)})`);
    else this.break('connect', `the provider's name does not resolve (${codeOf(error)})`);
  }

  private async blameSilence(message: string): Promise<void> {
    const silence = Object.assign(new Error(message), { code: 'EAI_AGAIN' });
    this.break((await this.resolver.isOurs(silence)) ? 'local' : 'connect', message);
  }

  private readonly onDeadline = (): void => {
    const after = `after ${Math.round(performance.now() - this.startedAt)} ms`;
    const phase = this.status !== null ? 'the answer was still arriving' : 'no answer had come';
    const what = this.controller ? phase : 'no connection had been made';
    if (this.deadline.isCut) this.break('cut', `this process had to end, ${after}: ${what}`);
    else if (!this.controller && this.resolver.isWaiting) {
      this.isGivenUp = true;
      void this.blameSilence(`the name of the provider was still being looked up at the deadline, ${after}`);
    } else this.break('timeout', `${what} at the deadline, ${after}`);
  };

  private break(errorKind: ErrorKind, message: string): void {
    const latencyMs = performance.now() - this.startedAt;
    this.settle({ kind: 'broken', errorKind, message, sent: this.controller !== null, status: this.status, latencyMs });
    this.controller?.abort(new Error(message));
  }

  private settle(answer: UpstreamAnswer): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.deadline.removeEventListener('abort', this.onDeadline);
    this.resolve(answer);
  }
}

export function isTlsFault(code: string, message: string): boolean {
  return (
    /^(?:ERR_TLS|ERR_SSL|EPROTO|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH)/.test(code) ||
    /TLS|SSL/.test(message)
  );
}
