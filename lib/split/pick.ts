import { hash32 } from './hash';
import { placesOf } from './places';
import { shareOf, type Weights } from './weights';

/** A whole request; shares are integers of it, so that a billion picks add up without drift. */
export const whole = 1e9;

const chunkSlots = 1024;
const longestSkip = 256;

/**
 * Deals requests to n receivers so that each, at every instant, is less than one request away from its exact share;
 * any span of requests is therefore less than two away. Slots are first dealt by earliest deadline, which always
 * finds such an order; then each receiver's slots are moved to a random place of their stratum, so that no caller can
 * fall in step with them. Worked out a chunk ahead: dealing one is an array read.
 *
 * `credit` is what a receiver is owed, in billionths of a request, at the beginning of a slot. An order is fair when
 * every credit stays strictly between -1 and 1.
 */
export class EvenSchedule {
  private readonly order = new Uint16Array(chunkSlots);
  private readonly credit: Float64Array;
  private readonly largest: number;
  private readonly n: number;
  private at = 0;

  constructor(
    private readonly shares: readonly number[],
    private readonly random: () => number,
    owed: readonly number[] | null,
  ) {
    this.n = shares.length;
    this.largest = shares.indexOf(Math.max(...shares));
    this.credit = new Float64Array((chunkSlots + 1) * this.n);
    if (owed) this.credit.set(owed);
    this.deal(owed === null);
    if (owed === null) this.at = Math.floor(random() * longestSkip);
  }

  next(): number {
    if (this.at === chunkSlots) this.refill();
    const receiver = this.order[this.at] as number;
    this.at += 1;
    return receiver;
  }

  /** What each receiver is owed now; handed to the next schedule, a change of shares forgets nothing. */
  owed(): readonly number[] {
    return [...this.credit.subarray(this.at * this.n, (this.at + 1) * this.n)];
  }

  private refill(): void {
    this.credit.copyWithin(0, chunkSlots * this.n);
    this.at = 0;
    this.deal(false);
  }

  private deal(isFirst: boolean): void {
    for (let slot = 0; slot < chunkSlots; slot += 1) {
      this.order[slot] = isFirst && slot === 0 ? this.roll() : this.earliestDeadline(slot);
      this.charge(slot);
    }
    // Once each: one that moved forward would else be met again and drawn towards the front.
    const settled = new Int16Array(this.n).fill(-1);
    for (let slot = 0; slot < chunkSlots; slot += 1) {
      const receiver = this.order[slot] as number;
      if (receiver === this.largest || slot <= (settled[receiver] as number)) continue;
      settled[receiver] = this.scatter(slot, receiver);
    }
  }

  /** At the start no receiver is owed anything, and every first choice is fair. */
  private roll(): number {
    let left = this.random() * whole;
    const receiver = this.shares.findIndex((share) => {
      left -= share;
      return left < 0;
    });
    return receiver < 0 ? this.largest : receiver;
  }

  private earliestDeadline(slot: number): number {
    const { credit, shares, n } = this;
    const row = slot * n;
    let chosen = this.largest;
    let soonest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < n; i += 1) {
      const owed = credit[row + i] as number;
      const share = shares[i] as number;
      // No receiver is dealt ahead of what its share has earned; most are not, and cost no division.
      if (share <= 0 || owed + share <= 0) continue;
      const deadline = Math.ceil((whole - owed) / share);
      if (deadline < soonest) {
        chosen = i;
        soonest = deadline;
      }
    }
    return chosen;
  }

  private charge(slot: number): void {
    const { credit, shares, n } = this;
    const row = slot * n;
    const dealt = this.order[slot] as number;
    for (let i = 0; i < n; i += 1) {
      const earned = (credit[row + i] as number) + (shares[i] as number);
      credit[row + n + i] = i === dealt ? earned - whole : earned;
    }
  }

  /** Moves the slot's receiver to a random slot of its stratum, or as far towards it as fairness to others allows. */
  private scatter(slot: number, receiver: number): number {
    let first = slot;
    while (first > 0 && this.creditAt(first, receiver) > 0) first -= 1;
    let last = slot;
    while (last < chunkSlots - 1 && this.creditAt(last + 1, receiver) < 0) last += 1;
    let target = first + Math.floor(this.random() * (last - first + 1));
    while (target !== slot && !this.swap(Math.min(slot, target), Math.max(slot, target))) {
      target = slot + Math.trunc((target - slot) / 2);
    }
    return target;
  }

  /** Between the two slots the earlier receiver now waits for one request more, the later one for one less. */
  private swap(early: number, late: number): boolean {
    const delayed = this.order[early] as number;
    const advanced = this.order[late] as number;
    if (delayed === advanced) return true;
    for (let slot = early + 1; slot <= late; slot += 1) {
      if (this.creditAt(slot, delayed) >= 0 || this.creditAt(slot, advanced) <= 0) return false;
    }
    for (let slot = early + 1; slot <= late; slot += 1) {
      this.credit[slot * this.n + delayed] = this.creditAt(slot, delayed) + whole;
      this.credit[slot * this.n + advanced] = this.creditAt(slot, advanced) - whole;
    }
    this.order[early] = advanced;
    this.order[late] = delayed;
    return true;
  }

  private creditAt(slot: number, receiver: number): number {
    return this.credit[slot * this.n + receiver] as number;
  }
}

export interface PickRules {
  readonly baseline: string;
  readonly candidates: readonly string[];
  /** What the plan's last stage gives: how much room each of several candidates needs. Without it all need the same. */
  readonly room?: Weights;
  /** Keeps the users of one split apart from those of another; the same in every process. */
  readonly salt: number;
}

/** One version of the weights, compiled: a pick allocates nothing. */
export interface Picker {
  /** The next request that carries no key. */
  next(): string;
  /** The same user always gets the same provider, until a share moves over them. */
  of(user: string): string;
  /** What each provider is owed, in requests: see `compile`. */
  owed(): Readonly<Record<string, number>>;
  /** Whether it, or one that it carries on from, has dealt anything: before that no receiver is owed anything. */
  readonly hasDealt: boolean;
}

const hashes = 2 ** 32;

export function saltOf(split: string): number {
  return hash32(split, 0);
}

/**
 * Weights → picker. `before` is the picker of the version before: what it owed is carried over, so that a change of
 * weights in mid-stream does not begin the count anew. A provider of share 0 is never picked; its debt waits.
 */
export function compile(weights: Weights, rules: PickRules, random: () => number, before?: Picker): Picker {
  const debts = before?.owed() ?? {};
  const names = receivers([...Object.keys(weights), ...Object.keys(debts)], rules);
  const shares = wholeShares(names, weights);
  const carries = before?.hasDealt === true;
  const owed = names.map((name) => debts[name] ?? 0);
  const begin = () =>
    new EvenSchedule(shares, random, carries ? owed.map((requests) => Math.round(requests * whole)) : null);
  // Worked out with the first draw: of a thousand splits most are at rest, and a chunk is large.
  let schedule: EvenSchedule | null = null;
  const places = placesOf(names, shares, rules);
  const ends = Float64Array.from(places, ({ end }) => (end / whole) * hashes);
  const owners = places.map(({ receiver }) => names[receiver] as string);
  const last = owners.length - 1;
  return {
    next() {
      schedule ??= begin();
      return names[schedule.next()] as string;
    },
    of(user) {
      const hash = hash32(user, rules.salt);
      let i = 0;
      while (i < last && hash >= (ends[i] as number)) i += 1;
      return owners[i] as string;
    },
    owed: () => {
      const now = schedule === null ? owed : schedule.owed().map((billionths) => billionths / whole);
      return Object.fromEntries(names.map((name, i) => [name, now[i] ?? 0]));
    },
    get hasDealt() {
      return carries || schedule !== null;
    },
  };
}

function receivers(named: readonly string[], { baseline, candidates }: PickRules): readonly string[] {
  const others = named.filter((name) => name !== baseline && !candidates.includes(name));
  return [...new Set([...others.sort(), ...candidates, baseline])];
}

/** Shares as integers that add up to exactly one; the largest takes what rounding leaves. No shares: all baseline. */
function wholeShares(names: readonly string[], weights: Weights): readonly number[] {
  const total = sum(names.map((name) => shareOf(weights, name)));
  const shares = names.map((name) => (total > 0 ? Math.round((shareOf(weights, name) / total) * whole) : 0));
  const largest = total > 0 ? shares.indexOf(Math.max(...shares)) : names.length - 1;
  return shares.map((share, i) => (i === largest ? share + whole - sum(shares) : share));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
