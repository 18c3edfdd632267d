import type { Log } from '@/lib/config/log';
import type { Clock } from '@/lib/kernel/clock';
import { LastingFault } from '@/lib/kernel/lasting-fault';
import { isLate } from '@/lib/kernel/store-away';
import { within } from '@/lib/kernel/within';
import type { Sql } from '@/lib/postgres/sql';
import type { WeightsFile } from './weights-file';
import type { WeightsInMemory } from './weights-in-memory';
import { readWeightsRow, type WeightsRow } from './weights-reader';

const pollEveryMs = 1000;
const readWithinMs = 700;
/** A timer that is this late did not run: the process slept, and its weights may be old. */
const asleepAfterMs = 2500;
const wakeWithinMs = 250;

/** Brings what the store says into memory: every second, and at once when a notification hints that there is news. */
export class FollowWeights {
  private isAsleep = false;
  private readonly away = new LastingFault(
    (error) => this.parts.log.warn({ err: error }, 'the store does not answer; routing by the last good weights'),
    () => this.parts.log.info('the store answers again'),
  );
  private reading: Promise<void> | null = null;
  private again = false;
  private turnedAtMs = 0;
  private turnedWallMs = 0;
  private timer: NodeJS.Timeout | null = null;
  private sql: Sql | null = null;

  constructor(
    private readonly parts: {
      readonly clock: Clock;
      readonly open: () => Sql;
      readonly split: string;
      readonly weights: WeightsInMemory;
      readonly file: WeightsFile | null;
      readonly log: Log;
    },
  ) {}

  /** The last run's weights at once; the store's as soon as it answers. */
  start(): Promise<void> {
    const { file, weights, log } = this.parts;
    const kept = file?.read() ?? null;
    if (kept && weights.offerFile(kept) === 'taken') {
      log.info({ version: kept.version }, 'routing by the weights of the last run until the store answers');
    }
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
      await this.readOnce();
    } while (this.again);
  }

  private async readOnce(): Promise<void> {
    const { weights, file, log } = this.parts;
    try {
      const row = await this.ask();
      this.away.worked();
      const before = { rejected: weights.rejected, missing: weights.missing };
      const offered = weights.offer(row);
      const { version, stage } = weights.routing;
      if (offered === 'taken') {
        log.info({ version, stage, weights: weights.routing.weights }, 'routing by new weights');
        if (row) await file?.write(row).catch((error: unknown) => log.warn({ err: error }, 'weights file not written'));
      }
      if (weights.rejected > before.rejected)
        log.warn({ version, fault: weights.fault }, 'weights rejected; the last good ones stay');
      if (weights.missing && !before.missing) log.warn({ version }, missingText(weights));
    } catch (error) {
      this.away.failed(error);
    }
  }

  /** A connection that stays silent is given up at once, and a new one asked: a swallowed one never says so. */
  private async ask(): Promise<WeightsRow | null> {
    const { open, split } = this.parts;
    this.sql ??= open();
    try {
      return await readWeightsRow(this.sql, split, readWithinMs);
    } catch (error) {
      if (!isLate(error)) throw error;
      this.abandon();
      this.sql = open();
      return readWeightsRow(this.sql, split, readWithinMs);
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

/** What never was is not gone: an adopted table has no weights before the first ones are written. */
function missingText({ routing }: WeightsInMemory): string {
  return routing.source === 'default'
    ? 'there is no weights row yet; everything goes to the baseline'
    : 'the weights row is gone; the last good ones stay';
}
