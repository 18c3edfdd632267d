import type { IncomingMessage } from 'node:http';
import { CallerGone } from '@/lib/gateway/providers/relay/exchange';
import type { StreamBody } from '@/lib/gateway/providers/relay/stream-call';

/** A body of at most so much is taken in one piece where it is here already. */
const mostAtOnce = 64 * 1024;

/** So much may wait here before its sender is held back. */
const mostWaiting = 64 * 1024;

interface Room {
  /** Gives back what is not needed. */
  keep(bytes: number): void;
}

/** Waits for the room of a body of at most so many bytes, before one of them is read; null: it needs none. */
type TakeRoom = (most: number) => Promise<Room | null>;

type Next = IteratorResult<Uint8Array, undefined>;
const done: Next = { done: true, value: undefined };

/** What a caller sends, byte by byte, and no faster than it is taken. */
export class CallerBody implements StreamBody {
  isWhole = false;
  /** So many came. */
  bytes = 0;
  private answeredMs = 0;
  private isBegun = false;
  private held: Uint8Array | null = null;
  private room: Room | null = null;
  private isDiscarded = false;
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private fault: CallerGone | null = null;
  private asked: { resolve: (next: Next) => void; reject: (fault: Error) => void; sinceMs: number } | null = null;

  constructor(
    private readonly request: IncomingMessage,
    readonly length: number | null,
    private readonly takeRoom: TakeRoom,
  ) {}

  get isUntouched(): boolean {
    return !this.isBegun || this.held !== null;
  }

  get isAwaited(): boolean {
    return this.asked !== null;
  }

  get waitedMs(): number {
    return this.answeredMs + (this.asked === null ? 0 : performance.now() - this.asked.sinceMs);
  }

  chunks(): AsyncIterable<Uint8Array> {
    const { held } = this;
    if (held) {
      return {
        async *[Symbol.asyncIterator]() {
          yield held;
        },
      };
    }
    const iterator = { next: () => this.next(), return: async () => this.discard() };
    return {
      // Asked for when there is a connection, and not before.
      [Symbol.asyncIterator]: () => {
        this.begin();
        return iterator;
      },
    };
  }

  atOnce(): Uint8Array | null {
    const { held, request, length } = this;
    if (held !== null || this.isBegun) return held;
    if (length === null || length > mostAtOnce || request.readableLength < length) return null;
    this.held = request.read(length) as Buffer;
    this.bytes = length;
    this.isBegun = true;
    this.isWhole = true;
    request.resume();
    return this.held;
  }

  /** Throws where there is none. */
  async enter(most: number): Promise<void> {
    // One that is longer is not read.
    if (this.held !== null || (this.length ?? 0) > most) return;
    this.room = await this.takeRoom(most);
  }

  hasRoom(most: number): Promise<boolean> {
    return this.enter(most).then(
      () => true,
      () => false,
    );
  }

  async whole(most: number): Promise<Uint8Array | null> {
    if (this.held) return this.held;
    if (this.length !== null && this.length > most) return null;
    this.begin();
    const chunks: Uint8Array[] = [];
    for (let each = await this.next(); !each.done; each = await this.next()) {
      if (this.bytes > most) {
        this.room?.keep(0);
        return null;
      }
      chunks.push(each.value);
    }
    this.held = Buffer.concat(chunks);
    this.room?.keep(this.bytes);
    return this.held;
  }

  /** The rest is not wanted; unread, it would stand in the way of the answer. */
  discard(): Next {
    this.isDiscarded = true;
    this.waiting = [];
    this.begin();
    this.request.resume();
    return done;
  }

  private begin(): void {
    if (this.isBegun) return;
    this.isBegun = true;
    this.request.on('data', this.onData);
    this.request.once('end', this.onEnd);
    this.request.once('close', this.onClose);
    this.request.once('error', this.onClose);
  }

  private next(): Promise<Next> {
    const first = this.waiting.shift();
    if (first) {
      this.waitingBytes -= first.length;
      if (this.waiting.length === 0 && this.request.isPaused()) this.request.resume();
      return Promise.resolve({ done: false, value: first });
    }
    if (this.fault) return Promise.reject(this.fault);
    if (this.isWhole) return Promise.resolve(done);
    return new Promise((resolve, reject) => {
      this.asked = { resolve, reject, sinceMs: performance.now() };
    });
  }

  private readonly onData = (chunk: Buffer): void => {
    this.bytes += chunk.length;
    if (this.isDiscarded) return;
    const { asked } = this;
    if (asked) {
      this.answered(asked.sinceMs);
      return void asked.resolve({ done: false, value: chunk });
    }
    this.waiting.push(chunk);
    this.waitingBytes += chunk.length;
    if (this.waitingBytes >= mostWaiting) this.request.pause();
  };

  private readonly onEnd = (): void => {
    this.isWhole = true;
    const { asked } = this;
    if (!asked) return;
    this.answered(asked.sinceMs);
    asked.resolve(done);
  };

  private readonly onClose = (): void => {
    if (this.isWhole) return;
    this.fault = new CallerGone('the caller hung up');
    const { asked } = this;
    if (!asked) return;
    this.answered(asked.sinceMs);
    asked.reject(this.fault);
  };

  private answered(sinceMs: number): void {
    this.answeredMs += performance.now() - sinceMs;
    this.asked = null;
  }
}
