import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnswerSink } from '@/lib/gateway/providers/relay/stream-call';
import { stalledMs } from '@/lib/http/body/held-body';
import { closedPolicy, everywhere, strictTransport } from '@/lib/http/defence/security-headers';
import type { CallerBody } from './caller-body';
import { answerHeaders } from './header-rules';
import { locate } from './locate';

/** How long a caller may go on sending what is not read, so that it gets to read its answer. */
const lingerMs = 1_000;

/** So much of an answer may wait for a caller before the provider is held back: while some is written, more is read. */
const mostUntaken = 256 * 1024;

const always = [...everywhere, ['content-security-policy', closedPolicy]].flat();
const overHttps = [...always, ...strictTransport];

interface AnswerFacts {
  readonly prefix: string;
  /** The answer has no body. */
  readonly isBare: boolean;
  /** The caller sent `Expect: 100-continue`, and waits before it sends its body. */
  readonly isExpecting: boolean;
  readonly isHttps: boolean;
  /** The key that the caller chose, as the provider was told it; null: it chose none. */
  readonly key: string | null;
}

/** What the provider answers, as it comes, with what is ours to say of it. */
export class CallerAnswer implements AnswerSink {
  status: number | null = null;
  bytes = 0;
  hasBegun = false;
  /** What all answers of this request say: who was asked, and how it was decided. */
  marks: readonly string[] = [];
  private isAsked = false;

  constructor(
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    private readonly body: CallerBody | null,
    private readonly facts: AnswerFacts,
  ) {}

  get isGone(): boolean {
    return this.response.destroyed;
  }

  /** null: no such mark is there. */
  marked(name: string): string | null {
    const at = this.marks.indexOf(name);
    return at < 0 ? null : (this.marks[at + 1] ?? null);
  }

  onGone(listener: () => void): void {
    if (this.isGone) listener();
    else
      this.response.once('close', () => {
        if (!this.response.writableFinished) listener();
      });
  }

  ready(): void {
    if (!this.facts.isExpecting || this.isAsked) return;
    this.isAsked = true;
    this.response.writeContinue();
  }

  begin(status: number, raw: readonly string[], { unkeyed, ...from }: Parameters<AnswerSink['begin']>[2]): void {
    const { response, facts } = this;
    this.status = status;
    this.hasBegun = true;
    const places = { ...from, prefix: facts.prefix };
    const passed = answerHeaders(raw, { status, locate: (location) => locate(location, places), unkeyed });
    passed.push(...this.marks, ...(facts.isHttps ? overHttps : always));
    if (facts.key !== null) passed.push('x-sluice-idempotency-key', facts.key);
    // The rest of the request was not read, so that the connection cannot be used again.
    if (!this.isRead) passed.push('connection', 'close');
    response.writeHead(status, passed);
    setImmediate(this.flush);
  }

  /** The headers go out at once: a body such as events may come much later. */
  private readonly flush = (): void => {
    const { response } = this;
    if (this.bytes === 0 && !response.writableEnded && !this.isGone) response.flushHeaders();
  };

  private get isRead(): boolean {
    // The body of a GET is dropped as it comes.
    return this.body === null ? this.facts.isBare || this.request.complete : this.body.isWhole;
  }

  write(chunk: Uint8Array): boolean {
    this.bytes += chunk.length;
    return this.response.write(chunk) || this.response.writableLength < mostUntaken || this.isGone;
  }

  drained(then: () => void): void {
    this.response.once('drain', then);
  }

  end(): void {
    const { response, body } = this;
    const { isRead } = this;
    if (isRead) response.end();
    // What the kernel of this machine has taken whole needs no deadline.
    if (!isRead || response.writableLength > 0) response.setTimeout(stalledMs, () => response.destroy());
    if (isRead) return;
    // Closing on a caller that is still sending would reset the connection, and take the answer with it.
    response.flushHeaders();
    const over = () => {
      clearTimeout(timer);
      response.end();
    };
    const timer = setTimeout(over, lingerMs);
    this.request.once('end', over).once('close', over);
    body?.discard();
  }

  break(): void {
    this.response.destroy();
  }
}
