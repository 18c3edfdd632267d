import type { Log } from '@/lib/config/log';
import { LastGood } from '@/lib/control/flags/stored-flags';
import type { Sql } from '@/lib/postgres/sql';
import { readNames } from './names-reader';
import type { WeightsInMemory } from './weights-in-memory';

const everyMs = 10_000;

/** Keeps baseline, candidate and the registry up to date; they change once in months, and never need a restart. */
export class FollowNames {
  private readonly lastGood = new LastGood();
  private timer: NodeJS.Timeout | null = null;
  private isReading = false;
  private isAway = false;

  constructor(
    private readonly sql: Sql,
    private readonly weights: WeightsInMemory,
    private readonly log: Log,
  ) {}

  start(): void {
    void this.read();
    this.timer = setInterval(() => void this.read(), everyMs);
    this.timer.unref();
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
  }

  async read(): Promise<void> {
    if (this.isReading) return;
    this.isReading = true;
    try {
      this.weights.learn(await readNames(this.sql, this.lastGood));
      this.isAway = false;
    } catch (error) {
      if (!this.isAway) this.log.warn({ err: error }, 'policy and registry cannot be read; what was known stays');
      this.isAway = true;
    } finally {
      this.isReading = false;
    }
  }
}
