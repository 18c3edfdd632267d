import { readWeights, type Weights } from '@/lib/split/weights';
import type { WeightsRow } from './flags-reader';
import { compileRouting, type Routing, type RoutingRules } from './routing';

/** A store that says an older version for so long was restored; a late answer is followed by a newer one at once. */
const restoredAfterMs = 3000;

/** Who is who: by the policy in force, and whom weights may name; all of it may change while we run. */
export interface Names {
  readonly baseline: string;
  readonly candidates: readonly string[];
  /** What the plan's last stage gives. */
  readonly room?: Weights | undefined;
  readonly registered: readonly string[];
  readonly deprecated: readonly string[];
}

export type Offered = 'taken' | 'same' | 'older' | 'rejected' | 'missing';

/**
 * The weights this process routes by: the last good ones it has seen. Reading them costs a request nothing.
 * What was read from the store is offered here, and what does not hold is refused, whatever the database let through.
 */
export class WeightsInMemory {
  /** Swapped whole: a request reads it once. */
  routing: Routing;
  private confirmedAtMs: number | null = null;
  private rejectedCount = 0;
  private lastFault: string | null = null;
  private isMissing = false;
  /** The text that was taken or rejected last. */
  private text: string | null = null;
  private older: { readonly version: number; readonly sinceMs: number } | null = null;
  private known: Names;
  private good: WeightsRow | null = null;
  private configured: readonly string[];

  constructor(
    names: Names,
    private readonly constant: Omit<RoutingRules, 'baseline' | 'candidates' | 'room'>,
    private readonly monotonic: () => number,
  ) {
    this.known = names;
    this.configured = constant.configured;
    const rules = this.rules();
    const weights = allToBaseline(rules);
    this.routing = compileRouting({ version: null, weights, stage: null, source: 'default' }, rules, null);
  }

  get names(): Names {
    return this.known;
  }

  /** The policy or the registry says something new about who is who; the weights stay what they are. */
  learn(names: Names): void {
    if (JSON.stringify(names) === JSON.stringify(this.known)) return;
    this.known = names;
    const { version, stage, source } = this.routing;
    const weights = source === 'default' ? allToBaseline(names) : this.routing.weights;
    this.routing = compileRouting({ version, weights, stage, source }, this.rules(), this.routing);
  }

  /** Which arms may be called now. */
  equip(configured: readonly string[]): void {
    if (configured.join(' ') === this.configured.join(' ')) return;
    this.configured = configured;
    const { version, weights, stage, source } = this.routing;
    this.routing = compileRouting({ version, weights, stage, source }, this.rules(), this.routing);
  }

  /** The store has said that nothing changed. */
  confirm(): void {
    this.confirmedAtMs = this.monotonic();
  }

  /** What is offered again may be judged otherwise: by other names, or after a while. */
  get isUnsettled(): boolean {
    return this.lastFault !== null || this.older !== null;
  }

  /** The row that is routed by, as it was written; null: none was ever taken. */
  get goodRow(): WeightsRow | null {
    return this.good;
  }

  /** Since the store last said what the weights are; null before it ever did. */
  ageMs(): number | null {
    return this.confirmedAtMs === null ? null : this.monotonic() - this.confirmedAtMs;
  }

  get rejected(): number {
    return this.rejectedCount;
  }

  /** Why what the store holds is not served; null when it is. */
  get fault(): string | null {
    return this.lastFault;
  }

  get missing(): boolean {
    return this.isMissing;
  }

  /** What a file of the last run says. Any row of the store replaces it, whatever its version. */
  offerFile(row: WeightsRow): Offered {
    return this.routing.source === 'store' ? 'older' : this.take(row, 'file');
  }

  /** What the store says now. null: the row is gone, and the last good weights stay. */
  offer(row: WeightsRow | null): Offered {
    this.confirmedAtMs = this.monotonic();
    this.isMissing = row === null;
    if (row === null) return 'missing';
    const { version, source } = this.routing;
    if (source === 'store' && version !== null && row.version < version) {
      if (!this.isRestored(row.version)) return 'older';
    } else this.older = null;
    const isSame = row.version === version && row.text === this.text && this.lastFault === null;
    if (source === 'store' && isSame) return 'same';
    return this.take(row, 'store');
  }

  /** Versions only grow, except by a restore or a failover that lost writes: then the store is right and we are not. */
  private isRestored(version: number): boolean {
    const nowMs = this.monotonic();
    if (this.older?.version !== version) this.older = { version, sinceMs: nowMs };
    return nowMs - this.older.sinceMs >= restoredAfterMs;
  }

  private take(row: WeightsRow, source: 'store' | 'file'): Offered {
    const reading = readWeights(row.text ?? '', this.known);
    this.text = row.text;
    if (!reading.ok) {
      const fault = `version ${row.version}: ${reading.sentence}`;
      if (fault !== this.lastFault) this.rejectedCount += 1;
      this.lastFault = fault;
      return 'rejected';
    }
    this.lastFault = null;
    const facts = { version: row.version, weights: reading.weights, stage: row.stage, source };
    this.good = row;
    this.routing = compileRouting(facts, this.rules(), this.routing);
    return 'taken';
  }

  private rules(): RoutingRules {
    const { baseline, candidates, room } = this.known;
    return { ...this.constant, configured: this.configured, baseline, candidates, ...(room && { room }) };
  }
}

const allToBaseline = ({ baseline, candidates }: Pick<Names, 'baseline' | 'candidates'>): Weights => ({
  ...Object.fromEntries(candidates.map((arm) => [arm, 0])),
  [baseline]: 1,
});
