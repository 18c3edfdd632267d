import type { AnswerSink } from '@/lib/gateway/providers/relay/stream-call';
import type { Copied } from './read-create';

/** What is read of an answer at most; a longer one passes unread. */
export const mostRead = 256 * 1024;

type Begun = Parameters<AnswerSink['begin']>;

/**
 * An answer that waits here until it is released, so that its caller has its last byte when what it says is written
 * down. One that is longer than what is held goes on as it comes, and nothing is known of it. It is held to its end
 * even if the caller hangs up: what was begun at the provider is begun.
 */
export class HeldAnswer implements AnswerSink {
  private begun: Begun | null = null;
  private chunks: Uint8Array[] = [];
  private bytes = 0;
  private state: 'held' | 'passing' | 'whole' | 'broken' = 'held';
  private gone: (() => void) | null = null;

  constructor(private readonly inner: AnswerSink) {}

  get isGone(): boolean {
    return this.state === 'passing' && this.inner.isGone;
  }

  onGone(listener: () => void): void {
    this.inner.onGone(() => {
      if (this.state === 'passing') listener();
      else this.gone = listener;
    });
  }

  ready(): void {
    this.inner.ready();
  }

  begin(...begun: Begun): void {
    this.begun = begun;
  }

  write(chunk: Uint8Array): boolean {
    if (this.state === 'passing') return this.inner.write(chunk);
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    if (this.bytes <= mostRead) return true;
    this.state = 'passing';
    if (this.gone) this.gone();
    return this.flush();
  }

  drained(then: () => void): void {
    this.inner.drained(then);
  }

  end(): void {
    if (this.state === 'passing') this.inner.end();
    else this.state = 'whole';
  }

  break(): void {
    if (this.state === 'passing') this.inner.break();
    else this.state = 'broken';
  }

  /** null: it did not come whole, or was too long. */
  get copied(): Copied {
    const bytes = this.state === 'whole' ? Buffer.concat(this.chunks) : null;
    return { bytes, encoding: headerOf(this.begun?.[1] ?? [], 'content-encoding') };
  }

  get status(): number | null {
    return this.begun?.[0] ?? null;
  }

  /** To its caller, or to another that asked the same; an answer that broke off goes to neither. */
  release(to: AnswerSink = this.inner): boolean {
    if (this.state !== 'whole' || this.begun === null) return false;
    if (to.isGone) return true;
    to.begin(...this.begun);
    for (const chunk of this.chunks) to.write(chunk);
    to.end();
    return true;
  }

  private flush(): boolean {
    if (this.begun) this.inner.begin(...this.begun);
    const took = this.chunks.map((chunk) => this.inner.write(chunk));
    this.chunks = [];
    return took.every(Boolean);
  }
}

function headerOf(headers: readonly string[], name: string): string {
  const at = headers.findIndex((each, index) => index % 2 === 0 && each.toLowerCase() === name);
  return at === -1 ? '' : (headers[at + 1] ?? '').toLowerCase();
}
