import { isLate, StoreAway } from '@/lib/kernel/store-away';
import type { Sql } from './sql';
import { queryWithin } from './transaction';

const lateAfterMs = 1000;
const pulseWithinMs = 1000;

/**
 * Tells a slow store from a silent one. Work that takes long is waited for as long as a look on a connection of its
 * own is answered meanwhile; when that is not, the database is silent, and each waiting call fails at once.
 */
export class Pulse {
  private sql: Sql | null = null;
  private looking: Promise<boolean> | null = null;

  constructor(private readonly open: () => Sql) {}

  async whileAnswering<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    let isOver = false;
    const silence = new Promise<never>((_resolve, reject) => {
      const look = async () => {
        const answers = await this.answers();
        if (isOver) return;
        if (answers) timer = setTimeout(look, lateAfterMs);
        else reject(StoreAway.late('nothing else is answered either', lateAfterMs + pulseWithinMs));
      };
      timer = setTimeout(look, lateAfterMs);
    });
    // A failure that comes after the caller was told must not be an unhandled rejection.
    work.catch(() => undefined);
    try {
      return await Promise.race([work, silence]);
    } finally {
      isOver = true;
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    await this.sql?.end({ timeout: 0 }).catch(() => undefined);
  }

  private answers(): Promise<boolean> {
    this.looking ??= this.look().finally(() => {
      this.looking = null;
    });
    return this.looking;
  }

  private async look(): Promise<boolean> {
    this.sql ??= this.open();
    try {
      await queryWithin(pulseWithinMs, this.sql`select`, 'pulse');
      return true;
    } catch (error) {
      // An error is an answer: the work gets its own.
      if (!isLate(error)) return true;
      void this.close();
      this.sql = null;
      return false;
    }
  }
}
