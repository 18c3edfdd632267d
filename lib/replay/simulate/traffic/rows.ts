export type Arm = 'candidate' | 'baseline';

/** One first attempt; a maker fills the same object again and again. */
export interface Row {
  /** Since the rollout's start; before it only the baseline has traffic. */
  atMs: number;
  step: number;
  arm: Arm;
  failed: boolean;
  latencyMs: number;
  /** 0: nobody is named. */
  user: number;
  /** Which of the model's prices. */
  price: number;
  costNano: number;
  /** When its voucher comes; infinite when none does. */
  voucherMs: number;
}

/** Many rows in the order of their steps, column by column: a trace of three hours at 1,000 a minute is 180,000. */
export class Rows {
  count = 0;
  atMs = new Float64Array(1024);
  step = new Int32Array(1024);
  candidate = new Uint8Array(1024);
  failed = new Uint8Array(1024);
  latencyMs = new Float64Array(1024);
  user = new Int32Array(1024);
  price = new Uint8Array(1024);
  costNano = new Float64Array(1024);
  voucherMs = new Float64Array(1024);

  add(row: Row): void {
    if (this.count === this.step.length) this.grow();
    const i = this.count++;
    this.atMs[i] = row.atMs;
    this.step[i] = row.step;
    this.candidate[i] = row.arm === 'candidate' ? 1 : 0;
    this.failed[i] = row.failed ? 1 : 0;
    this.latencyMs[i] = row.latencyMs;
    this.user[i] = row.user;
    this.price[i] = row.price;
    this.costNano[i] = row.costNano;
    this.voucherMs[i] = row.voucherMs;
  }

  private grow(): void {
    const larger = <T extends Float64Array | Int32Array | Uint8Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    const size = 2 * this.count;
    this.atMs = larger(this.atMs, new Float64Array(size));
    this.step = larger(this.step, new Int32Array(size));
    this.candidate = larger(this.candidate, new Uint8Array(size));
    this.failed = larger(this.failed, new Uint8Array(size));
    this.latencyMs = larger(this.latencyMs, new Float64Array(size));
    this.user = larger(this.user, new Int32Array(size));
    this.price = larger(this.price, new Uint8Array(size));
    this.costNano = larger(this.costNano, new Float64Array(size));
    this.voucherMs = larger(this.voucherMs, new Float64Array(size));
  }
}
