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
  atMs: Float64Array;
  step: Int32Array;
  candidate: Uint8Array;
  failed: Uint8Array;
  latencyMs: Float64Array;
  user: Int32Array;
  price: Uint8Array;
  costNano: Float64Array;
  voucherMs: Float64Array;

  /** `room` for so many; more are found room for. */
  constructor(room: number) {
    this.atMs = new Float64Array(room);
    this.step = new Int32Array(room);
    this.candidate = new Uint8Array(room);
    this.failed = new Uint8Array(room);
    this.latencyMs = new Float64Array(room);
    this.user = new Int32Array(room);
    this.price = new Uint8Array(room);
    this.costNano = new Float64Array(room);
    this.voucherMs = new Float64Array(room);
  }

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
    const size = 2 * this.count + 64;
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
