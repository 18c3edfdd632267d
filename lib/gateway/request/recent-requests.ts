import type { Served } from '../reported/request-finder';

/** As long as an id may be. */
const longest = 64;
/** Distinct things that are said of requests: few, unless arms and callers are many. */
const mostAlike = 64;

const isAlike = (a: Served, b: Served) =>
  a.provider === b.provider && a.caller === b.caller && a.split === b.split && a.arm === b.arm;

/**
 * The last requests this process served: a voucher names one of them before its event has reached the store. Every
 * request is put down and hardly one is looked for: ids stand in one piece of memory, which no collection walks, and
 * are put in order when one is looked for.
 */
export class RecentRequests {
  private readonly ids: Buffer;
  private readonly lengths: Uint8Array;
  private readonly served: (Served | null)[];
  private readonly alike: Served[] = [];
  /** So many were put down, and so many of them are in order. */
  private added = 0;
  private ordered = 0;
  private places = new Map<string, number>();
  private vouchers = new Set<string>();

  constructor(private readonly most: number) {
    this.ids = Buffer.alloc(most * longest);
    this.lengths = new Uint8Array(most);
    this.served = new Array<Served | null>(most).fill(null);
  }

  add(requestId: string, served: Served): void {
    if (requestId.length > longest) return;
    const at = this.added % this.most;
    this.ids.write(requestId, at * longest, 'latin1');
    this.lengths[at] = requestId.length;
    this.served[at] = this.kept(served);
    this.added += 1;
    if (this.added % this.most === 0) this.vouchers = new Set();
  }

  /** What was served under this id, last of all; with `caller`, to that one. */
  find(requestId: string, caller: string | null = null): Served | null {
    this.putInOrder();
    const at = this.places.get(requestId);
    // Another may stand in its place by now.
    const served = at !== undefined && this.idAt(at) === requestId ? (this.served[at] ?? null) : null;
    return caller === null || served?.caller === caller ? served : null;
  }

  /** false when this request already has its voucher. */
  addVoucher(requestId: string): boolean {
    if (this.vouchers.has(requestId)) return false;
    this.vouchers.add(requestId);
    return true;
  }

  private putInOrder(): void {
    if (this.places.size > 2 * this.most) {
      this.places = new Map();
      this.ordered = 0;
    }
    for (let n = Math.max(this.ordered, this.added - this.most); n < this.added; n += 1) {
      this.places.set(this.idAt(n % this.most), n % this.most);
    }
    this.ordered = this.added;
  }

  private idAt(at: number): string {
    const from = at * longest;
    return this.ids.toString('latin1', from, from + (this.lengths[at] ?? 0));
  }

  /** One of each is kept. */
  private kept(served: Served): Served {
    for (const each of this.alike) if (isAlike(each, served)) return each;
    if (this.alike.length >= mostAlike) this.alike.shift();
    this.alike.push(served);
    return served;
  }
}
