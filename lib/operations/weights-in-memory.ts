import { readWeights } from '@/lib/rollout/weights';
import type { WeightsRow } from './ports/data-plane';
import { compileRouting, type Routing, type RoutingRules } from './routing';

export type Offered = 'taken' | 'same' | 'older' | 'rejected' | 'missing';

/**
 * The weights this process routes by: the last good ones it has seen. Reading them costs a request nothing; whoever
 * reads the store offers what it found, and what does not hold is refused here, whatever the database let through.
 */
export class WeightsInMemory {
  #routing: Routing;
  #confirmedAtMs: number | null = null;
  #rejected = 0;
  #fault: string | null = null;
  #missing = false;

  constructor(
    private readonly rules: RoutingRules & { readonly registered: readonly string[] },
    private readonly monotonic: () => number,
  ) {
    const weights = { [rules.baseline]: 1, [rules.candidate]: 0 };
    this.#routing = compileRouting({ version: null, weights, stage: null, source: 'default' }, rules, null);
  }

  get routing(): Routing {
    return this.#routing;
  }

  /** Since the store last said what the weights are; null before it ever did. */
  ageMs(): number | null {
    return this.#confirmedAtMs === null ? null : this.monotonic() - this.#confirmedAtMs;
  }

  get rejected(): number {
    return this.#rejected;
  }

  /** Why what the store holds is not served; null when it is. */
  get fault(): string | null {
    return this.#fault;
  }

  get missing(): boolean {
    return this.#missing;
  }

  /** What a file of the last run says. Any row of the store replaces it, whatever its version. */
  offerFile(row: WeightsRow): Offered {
    return this.#routing.source === 'store' ? 'older' : this.#take(row, 'file');
  }

  /** What the store says now. null: the row is gone, and the last good weights stay. */
  offer(row: WeightsRow | null): Offered {
    this.#confirmedAtMs = this.monotonic();
    this.#missing = row === null;
    if (row === null) return 'missing';
    const { version, source } = this.#routing;
    if (source === 'store' && version !== null && row.version < version) return 'older';
    if (source === 'store' && row.version === version && this.#fault === null) return 'same';
    return this.#take(row, 'store');
  }

  #take(row: WeightsRow, source: 'store' | 'file'): Offered {
    const reading = readWeights(row.text ?? '', this.rules);
    if (!reading.ok) {
      const fault = `version ${row.version}: ${reading.sentence}`;
      if (fault !== this.#fault) this.#rejected += 1;
      this.#fault = fault;
      return 'rejected';
    }
    this.#fault = null;
    const facts = { version: row.version, weights: reading.weights, stage: row.stage, source };
    this.#routing = compileRouting(facts, this.rules, this.#routing);
    return 'taken';
  }
}
