import type { Dispatcher } from 'undici';
import type { Deadline } from '@/lib/kernel/deadline';
import { excerpt } from '@/lib/kernel/excerpt';
import { codeOf, isLocalFault } from '../local-fault';
import { failure, retryAfterMs, statusFault } from '../outcome';
import type { ErrorKind, ProviderFailure, ProviderResult } from '../provider';
import { isLookupFault, type Resolver } from '../resolver';
import { isTlsFault } from '../upstream';
import type { StreamCall, Unkeyed } from './stream-call';

/** The caller's side broke off. */
export class CallerGone extends Error {}

interface ExchangeParts {
  readonly provider: string;
  readonly origin: string;
  readonly pathPrefix: string;
  readonly resolver: Resolver;
  readonly deadline: Deadline;
  readonly call: StreamCall;
  readonly unkeyed?: Unkeyed | undefined;
  readonly settle: (result: ProviderResult) => void;
}

/** Of an answer whose caller has gone so much is read to its end: what it began is known then. */
const mostUnread = 256 * 1024;
const unreadWithinMs = 5000;

/** One request on its way there and back. It settles once, with what it says of the provider. */
export class Exchange implements Dispatcher.DispatchHandler {
  private readonly startedAt = performance.now();
  private controller: Dispatcher.DispatchController | null = null;
  private status: number | null = null;
  private requestId: string | null = null;
  private retryAfter: string | string[] | undefined;
  private isSettled = false;
  /** The key was refused: the answer is ours to give. */
  private isHeld = false;
  private pausedAt = 0;
  private pausedMs = 0;
  private unread = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: ExchangeParts) {
    parts.deadline.addEventListener('abort', this.onDeadline);
    if (parts.deadline.aborted) this.onDeadline();
    else parts.call.answer.onGone(this.onGone);
  }

  get isOver(): boolean {
    return this.isSettled;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.isSettled) return void controller.abort(new Error('it is over already'));
    this.controller = controller;
    this.parts.call.answer.ready();
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200 || this.isSettled) return;
    const coding = headers['transfer-encoding'];
    if (isCoded(coding)) return void this.fail('malformed', `its Transfer-Encoding is "${excerpt(String(coding))}"`);
    this.status = status;
    const id = headers['x-request-id'] ?? headers['request-id'] ?? headers['x-fal-request-id'];
    this.requestId = typeof id === 'string' ? id.slice(0, 128) : null;
    this.retryAfter = headers['retry-after'];
    this.isHeld = isKeyRefused(status);
    const { call, origin, pathPrefix, unkeyed } = this.parts;
    if (this.isHeld || call.answer.isGone) return;
    call.answer.begin(status, rawOf(controller, headers), { origin, pathPrefix, unkeyed });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { answer } = this.parts.call;
    if (this.isHeld || answer.isGone) {
      this.unread += chunk.length;
      if (this.unread <= mostUnread) return;
      if (this.isHeld) this.settle(this.outcome());
      else this.abandon();
      return;
    }
    if (answer.write(chunk)) return;
    controller.pause();
    this.pausedAt = performance.now();
    answer.drained(() => this.resume());
  }

  onResponseEnd(): void {
    if (this.isSettled) return;
    const result = this.outcome();
    if (!this.isHeld) this.parts.call.answer.end();
    this.settle(result);
  }

  onResponseError(_: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.isSettled) return;
    const code = codeOf(error);
    if (error instanceof CallerGone) this.fail('cut', 'the caller hung up while its request was being sent');
    else if (isLocalFault(error)) this.fail('local', `this machine could not reach the provider (${code})`);
    else if (isLookupFault(error)) void this.blame(code, error);
    else if (this.status !== null) this.fail('truncated', `the answer broke off (${code})`);
    else if (isNoHttp(code)) this.fail('malformed', `what came back is no HTTP (${code})`);
    else if (this.controller) this.fail('connect', `the connection broke before an answer came (${code})`);
    else if (isTlsFault(code, error.message)) this.fail('tls', `no secure connection to the provider (${code})`);
    else this.fail('connect', `no connection to the provider (${code})`);
  }

  private async blame(code: string, error: Error): Promise<void> {
    const isOurs = await this.parts.resolver.isOurs(error);
    if (isOurs) this.fail('local', `no name of a provider resolves here (${code})`);
    else this.fail('connect', `the provider's name does not resolve (${code})`);
  }

  private readonly onDeadline = (): void => {
    const { deadline } = this.parts;
    const after = `after ${Math.round(performance.now() - this.startedAt)} ms`;
    const phase = this.status !== null ? 'the answer was still arriving' : 'no answer had come';
    const what = this.controller ? phase : 'no connection had been made';
    if (deadline.isCut) this.fail('cut', `this process had to end, ${after}: ${what}`);
    else if (this.isCallerAwaited) this.fail('cut', `${what} at the deadline, ${after}: the caller was too slow`);
    else this.fail('timeout', `${what} at the deadline, ${after}`);
  };

  /** What stands still is not the provider. */
  private get isCallerAwaited(): boolean {
    const { body } = this.parts.call;
    return this.pausedAt !== 0 || (this.status === null && body?.isAwaited === true);
  }

  /** What was sent whole is not cut off: what it begins is begun, also when its caller has gone. */
  private readonly onGone = (): void => {
    if (this.isSettled) return;
    this.resume();
    const { body } = this.parts.call;
    if (this.status === null) {
      if (this.controller === null || (body !== null && !body.isWhole)) {
        this.fail('cut', 'the caller hung up while its request was being sent');
      }
      return;
    }
    // A question begins nothing whose end would have to be known.
    if (this.parts.call.method === 'GET') this.abandon();
    else this.timer = setTimeout(() => this.abandon(), unreadWithinMs);
  };

  private abandon(): void {
    this.fail('cut', 'the caller hung up before the end of its answer');
  }

  /** Also where its reader has gone: it would be held back for ever. */
  private resume(): void {
    if (this.pausedAt === 0) return;
    this.pausedMs += performance.now() - this.pausedAt;
    this.pausedAt = 0;
    this.controller?.resume();
  }

  private outcome(): ProviderResult {
    const status = this.status ?? 0;
    const facts = this.facts();
    if (status < 400) return { ok: true, ...facts, images: [], costUsd: null, costBasis: 'unknown' };
    const fault = faultOf(status);
    const message = `HTTP ${status}`;
    const wait = retryAfterMs(this.retryAfter, Date.now());
    const made = failure(facts, { ...fault, message, httpStatus: status, retryAfterMs: wait });
    return this.isHeld ? { ...made, isSpent: true } : { ...made, isPassed: true };
  }

  private fail(errorKind: ErrorKind, message: string): void {
    if (this.isSettled) return;
    const { call } = this.parts;
    const isSent = this.controller !== null;
    const fault = { errorKind, message, httpStatus: this.status, started: isSent ? 'unknown' : 'no' } as const;
    const made = failure(this.facts(), fault);
    const spent: Partial<ProviderFailure> = isSent || call.body?.isUntouched === false ? { isSpent: true } : {};
    if (this.status !== null && !this.isHeld) call.answer.break();
    this.settle({ ...made, ...(this.status !== null && !this.isHeld ? { isPassed: true } : spent) });
    this.controller?.abort(new Error(message));
  }

  private facts() {
    const { provider, call } = this.parts;
    const pausedMs = this.pausedMs + (this.pausedAt === 0 ? 0 : performance.now() - this.pausedAt);
    const waitedMs = pausedMs + (call.body?.waitedMs ?? 0);
    // How long the caller took is not the provider's.
    const latencyMs = Math.max(0, performance.now() - this.startedAt - waitedMs);
    return { provider, model: call.model, latencyMs, providerRequestId: this.requestId };
  }

  private settle(result: ProviderResult): void {
    if (this.isSettled) return;
    this.isSettled = true;
    clearTimeout(this.timer);
    this.parts.deadline.removeEventListener('abort', this.onDeadline);
    this.parts.settle(result);
    if (this.isHeld) this.controller?.abort(new Error('its key was refused'));
  }
}

/** What the client says of an answer that it cannot read. */
function isNoHttp(code: string): boolean {
  return /^(?:HPE_|HTTPParserError$|UND_ERR_HEADERS_OVERFLOW$|UND_ERR_RES_CONTENT_LENGTH_MISMATCH$)/.test(code);
}

/** A coding below the body that is not undone here: its bytes would not be what their headers say. */
function isCoded(coding: string | string[] | undefined): boolean {
  return coding !== undefined && !/^(?:chunked|identity)$/i.test(String(coding).trim());
}

/** It is our key: told as it is, a caller would think that its own were meant. */
function isKeyRefused(status: number): boolean {
  return status === 401;
}

/** A key that may not do one thing is no dead key, and which thing a caller asks for is the caller's. */
function faultOf(status: number): ReturnType<typeof statusFault> {
  return status === 403 ? { errorKind: 'rejected', started: 'no' } : statusFault(status);
}

/** As they were written, byte by byte: names twice, and what is no UTF-8. */
function rawOf(
  controller: Dispatcher.DispatchController,
  headers: Record<string, string | string[] | undefined>,
): readonly string[] {
  const { rawHeaders } = controller as { readonly rawHeaders?: readonly Buffer[] | null };
  if (rawHeaders) return rawHeaders.map((each) => each.toString('latin1'));
  return Object.entries(headers).flatMap(([name, value]) => [value ?? []].flat().flatMap((each) => [name, each]));
}
