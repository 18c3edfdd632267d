import type { Clock } from '@/lib/kernel/clock';
import { LastingFault } from '@/lib/kernel/lasting-fault';
import { isLate } from '@/lib/kernel/store-away';
import { within } from '@/lib/kernel/within';
import type { Sql } from '@/lib/postgres/sql';

const pollEveryMs = 1000;
/** A timer that is this late did not run: the process slept, and what it knows may be old. */
const asleepAfterMs = 2500;
const wakeWithinMs = 250;

interface PollParts {
  readonly clock: Clock;
  /** A connection of its own, that nothing else can hold up. */
  readonly open: () => Sql;
  readonly look: (sql: Sql) => Promise<void>;
  readonly onAway: (error: unknown) => void;
  readonly onBack: () => void;
}

/** Looks at the store every second, and at once when it is asked to; never twice at the same time. */
export class Poll {
  private isAsleep = false;
  private readonly away = new LastingFault(
    (error) => this.parts.onAway(error),
    () => this.parts.onBack(),
  );
  private reading: Promise<void> | null = null;
  private again = false;
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
      void this.read();
    }, pollEveryMs);
    this.timer.unref();
    return this.read();
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.abandon();
  }

  /** null while awake: a request then waits for nothing. */
  readonly wake = (): Promise<void> | null => {
    if (!this.isAsleep && !this.hasSlept()) return null;
    this.isAsleep = true;
    this.turn();
    return within(wakeWithinMs, this.read()).catch(() => undefined);
  };

  /** Reads now. Asked during a read, it reads once more afterwards: the first may have been too early. */
  read(): Promise<void> {
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

  private async readUntilSettled(): Promise<void> {
    do {
      this.again = false;
      await this.ask().then(
        () => this.away.worked(),
        (error: unknown) => this.away.failed(error),
      );
    } while (this.again);
  }

  /** A connection that stays silent is given up at once, and a new one asked: a swallowed one never says so. */
  private async ask(): Promise<void> {
    const { open, look } = this.parts;
    this.sql ??= open();
    try {
      await look(this.sql);
    } catch (error) {
      if (!isLate(error)) throw error;
      this.abandon();
      this.sql = open();
      await look(this.sql);
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
