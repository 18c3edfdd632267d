/** A whole request; shares are integers of it, so that a billion picks add up without drift. */
export const whole = 1e9;

const chunkSlots = 1024;
const longestSkip = 256;

/**
 * Deals requests to n receivers so that each, at every instant, is less than one request away from its exact share;
 * any span of requests is therefore less than two away. Slots are first dealt by earliest deadline, which always
 * finds such an order; then each receiver's slots are moved to a random place of their stratum, so that nobody can
 * fall in step. Worked out a chunk ahead: dealing one is an array read.
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

  /** From a standing start nobody is owed anything, and every first choice is fair. */
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
      // Nobody is dealt ahead of what the share has earned; most are not, and cost no division.
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
