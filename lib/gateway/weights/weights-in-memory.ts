import { readWeights } from '@/lib/split/weights';
import type { Names } from './names-reader';
import { compileRouting, type Routing, type RoutingRules } from './routing';
import type { WeightsRow } from './weights-reader';

/** A store that says an older version for so long was restored; a late answer is followed by a newer one at once. */
const restoredAfterMs = 3000;

type Offered = 'taken' | 'same' | 'older' | 'rejected' | 'missing';

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
  /** The text that was taken or rejected last. */
  #text: string | null = null;
  #older: { readonly version: number; readonly sinceMs: number } | null = null;
  #names: Names;

  constructor(
    names: Names,
    private readonly constant: Omit<RoutingRules, 'baseline' | 'candidate'>,
    private readonly monotonic: () => number,
  ) {
    this.#names = names;
    const rules = this.#rules();
    const weights = { [rules.baseline]: 1, [rules.candidate]: 0 };
    this.#routing = compileRouting({ version: null, weights, stage: null, source: 'default' }, rules, null);
  }

  get routing(): Routing {
    return this.#routing;
  }

  get names(): Names {
    return this.#names;
  }

  /** The policy or the registry says something new about who is who; the weights stay what they are. */
  learn(names: Names): void {
    if (JSON.stringify(names) === JSON.stringify(this.#names)) return;
    this.#names = names;
    const { version, stage, source } = this.#routing;
    const weights = source === 'default' ? { [names.baseline]: 1, [names.candidate]: 0 } : this.#routing.weights;
    this.#routing = compileRouting({ version, weights, stage, source }, this.#rules(), this.#routing);
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
    if (source === 'store' && version !== null && row.version < version) {
      if (!this.#isRestored(row.version)) return 'older';
    } else this.#older = null;
    const isSame = row.version === version && row.text === this.#text && this.#fault === null;
    if (source === 'store' && isSame) return 'same';
    return this.#take(row, 'store');
  }

  /** Versions only grow, except by a restore or a failover that lost writes: then the store is right and we are not. */
  #isRestored(version: number): boolean {
    const nowMs = this.monotonic();
    if (this.#older?.version !== version) this.#older = { version, sinceMs: nowMs };
    return nowMs - this.#older.sinceMs >= restoredAfterMs;
  }

  #take(row: WeightsRow, source: 'store' | 'file'): Offered {
    const reading = readWeights(row.text ?? '', this.#names);
    this.#text = row.text;
    if (!reading.ok) {
      const fault = `version ${row.version}: ${reading.sentence}`;
      if (fault !== this.#fault) this.#rejected += 1;
      this.#fault = fault;
      return 'rejected';
    }
    this.#fault = null;
    const facts = { version: row.version, weights: reading.weights, stage: row.stage, source };
    this.#routing = compileRouting(facts, this.#rules(), this.#routing);
    return 'taken';
  }

  #rules(): RoutingRules {
    const { baseline, candidate } = this.#names;
    return { ...this.constant, baseline, candidate };
  }
}
