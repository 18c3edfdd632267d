import type { Clock } from '@/lib/kernel/clock';
import type { Sql } from '@/lib/postgres/sql';
import { readChangedRegistry } from '@/lib/registry/read-registry';
import type { Registry } from '@/lib/registry/registry';
import { shippedRegistry } from '@/lib/registry/shipped-registry';

const wholeEveryMs = 60_000;

interface Look {
  readonly version: number;
  /** It was read whatever its version is. */
  readonly isWhole: boolean;
}

/**
 * The registry as the store last said it, read where its version moved. A replica that takes over may lack the last change
 * and come to the same version by another: after a look that failed, and now and then, it is read whatever its version is.
 */
export class WatchedRegistry {
  private version: number | null = null;
  private wholeAtMs = Number.NEGATIVE_INFINITY;
  current: Pick<Registry, 'providers' | 'dialects'> = shippedRegistry;

  constructor(
    private readonly sql: Sql,
    private readonly clock: Pick<Clock, 'monotonic'>,
  ) {}

  async look(): Promise<Look> {
    const nowMs = this.clock.monotonic();
    const known = nowMs - this.wholeAtMs < wholeEveryMs ? this.version : null;
    try {
      const changed = await readChangedRegistry(this.sql, known);
      if (changed === null) return { version: known as number, isWhole: false };
      this.current = changed;
      this.version = changed.version;
      if (known === null) this.wholeAtMs = nowMs;
      return { version: changed.version, isWhole: known === null };
    } catch (error) {
      this.version = null;
      throw error;
    }
  }
}
