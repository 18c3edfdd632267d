/** The last requests this process served: a voucher names one of them before its event has reached the store. */
export class RecentRequests {
  #providers = new Map<string, string>();
  #older = new Map<string, string>();
  #vouchers = new Set<string>();

  constructor(private readonly most: number) {}

  add(requestId: string, provider: string): void {
    this.#providers.set(requestId, provider);
    if (this.#providers.size < this.most) return;
    this.#older = this.#providers;
    this.#providers = new Map();
    this.#vouchers = new Set();
  }

  providerOf(requestId: string): string | null {
    return this.#providers.get(requestId) ?? this.#older.get(requestId) ?? null;
  }

  /** false when this request already has its voucher. */
  addVoucher(requestId: string): boolean {
    if (this.#vouchers.has(requestId)) return false;
    this.#vouchers.add(requestId);
    return true;
  }
}
