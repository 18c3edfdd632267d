import type { Clock } from '@/lib/kernel/clock';
import { LastingFault } from '@/lib/kernel/lasting-fault';
import { isLate } from '@/lib/kernel/store-away';
import { within } from '@/lib/kernel/within';
import type { Sql } from '@/lib/postgres/sql';
import { lookWithinMs } from './flags-reader';

const turnEveryMs = 250;
const pollEveryMs = 1000;
/** After the store was away the listener may not hear yet: until they surely are, each turn looks. */
const unheardMs = 6000;
/** For an answer over a new connection: a server that was frozen lets in those first that came before it. */
const newWithinMs = 1500;
/** A timer that is this late did not run: the process slept, and what it knows may be old. */
const asleepAfterMs = 2500;
const wakeWithinMs = 250;

interface PollParts {
  readonly clock: Clock;
  /** A connection of its own, that nothing else can hold up. */
  readonly open: () => Sql;
  /** `isWhole`: at everything; else at what is new, which is what a notification speaks of. */
  readonly look: (sql: Sql, isWhole: boolean, withinMs: number) => Promise<void>;
  readonly onAway: (error: unknown) => void;
  readonly onBack: () => void;
}

/**
 * Looks at the store every second, every quarter of one while it is away and just after, and at once when it is asked
 * to; never twice at the same time.
 */
export class Poll {
  private isAsleep = false;
  private readonly away = new LastingFault(
    (error) => this.parts.onAway(error),
    () => this.parts.onBack(),
  );
  private reading: Promise<void> | null = null;
  private again = false;
  private isOver = false;
  private isWhole = true;
  private failedAtMs = Number.NEGATIVE_INFINITY;
  private lookedAtMs = 0;
  private turnedAtMs = 0;
  private turnedWallMs = 0;
  private timer: NodeJS.Timeout | null = null;
  private sql: Sql | null = null;

  constructor(private readonly parts: PollParts) {}

  start(): Promise<void> {
    this.turn();
    this.timer = setInterval(() => {
      if (this.hasSlept()) this.isAsleep = true;
      this.turn();
      if (this.isDue()) this.lookAtAll();
    }, turnEveryMs);
    this.timer.unref();
    return this.lookAtAll();
  }

  /** Looks no more, also when a notification still comes; resolves when the look that runs is over. */
  async stop(): Promise<void> {
    this.isOver = true;
    if (this.timer) clearInterval(this.timer);
    this.abandon();
    await this.reading;
  }

  /** null while awake: a request then waits for nothing. */
  readonly wake = (): Promise<void> | null => {
    if (!this.isAsleep && !this.hasSlept()) return null;
    this.isAsleep = true;
    this.isWhole = true;
    this.turn();
    return within(wakeWithinMs, this.read()).catch(() => undefined);
  };

  /** Reads now. Asked during a read, it reads once more afterwards: the first may have been too early. */
  read(): Promise<void> {
    if (this.isOver) return Promise.resolve();
    if (this.reading) {
      this.again = true;
      return this.reading;
    }
    this.reading = this.readUntilSettled().finally(() => {
      this.reading = null;
      this.isAsleep = false;
    });
    return this.reading;
  }

  private lookAtAll(): Promise<void> {
    this.isWhole = true;
    this.lookedAtMs = this.turnedAtMs;
    return this.read();
  }

  private isDue(): boolean {
    if (this.reading) return false;
    const wasAway = this.turnedAtMs - this.failedAtMs < unheardMs;
    // A timer that is a little early is not a turn too late.
    return wasAway || this.turnedAtMs - this.lookedAtMs >= pollEveryMs - turnEveryMs / 2;
  }

  private async readUntilSettled(): Promise<void> {
    do {
      this.again = false;
      const { isWhole } = this;
      this.isWhole = false;
      await this.ask(isWhole).then(
        () => this.away.worked(),
        (error: unknown) => {
          if (this.isOver) return;
          this.isWhole ||= isWhole;
          this.failedAtMs = this.parts.clock.monotonic();
          this.away.failed(error);
        },
      );
    } while (this.again && !this.isOver);
  }

  /**
   * A connection that falls silent is given up, and a new one asked at once: a swallowed one never says so. Each that is
   * given up while the server is frozen stands before the next when it goes on, so a new one is waited for longer.
   */
  private async ask(isWhole: boolean): Promise<void> {
    const { open, look } = this.parts;
    for (;;) {
      const isNew = this.sql === null;
      this.sql ??= open();
      try {
        return await look(this.sql, isWhole, isNew ? newWithinMs : lookWithinMs);
      } catch (error) {
        if (!isLate(error)) throw error;
        this.abandon();
        if (isNew || this.isOver) throw error;
      }
    }
  }

  private abandon(): void {
    this.sql?.end({ timeout: 0 }).catch(() => undefined);
    this.sql = null;
  }

  private turn(): void {
    this.turnedAtMs = this.parts.clock.monotonic();
    this.turnedWallMs = this.parts.clock.now();
  }

  /** On either clock: a frozen machine's monotonic clock may have stood still, its wall clock has not. */
  private hasSlept(): boolean {
    const { clock } = this.parts;
    return clock.monotonic() - this.turnedAtMs > asleepAfterMs || clock.now() - this.turnedWallMs > asleepAfterMs;
  }
}
