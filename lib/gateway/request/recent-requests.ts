import type { Served } from '../reported/request-finder';

const isSame = (a: Served, b: Served) =>
  a.provider === b.provider && a.caller === b.caller && a.split === b.split && a.arm === b.arm;

/** The last requests this process served: a voucher names one of them before its event has reached the store. */
export class RecentRequests {
  private served = new Map<string, Served>();
  private older = new Map<string, Served>();
  private vouchers = new Set<string>();
  private last: Served | null = null;

  constructor(private readonly most: number) {}

  add(requestId: string, served: Served): void {
    // Most say the same, of whom one is kept.
    if (this.last === null || !isSame(this.last, served)) this.last = served;
    this.served.set(requestId, this.last);
    if (this.served.size < this.most) return;
    this.older = this.served;
    this.served = new Map();
    this.vouchers = new Set();
  }

  /** What was served under this id; with `caller`, to that one. */
  find(requestId: string, caller: string | null = null): Served | null {
    const served = this.served.get(requestId) ?? this.older.get(requestId) ?? null;
    return caller === null || served?.caller === caller ? served : null;
  }

  /** false when this request already has its voucher. */
  addVoucher(requestId: string): boolean {
    if (this.vouchers.has(requestId)) return false;
    this.vouchers.add(requestId);
    return true;
  }
}
