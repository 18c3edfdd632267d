import type { Bins } from '@/lib/rule/buckets/quantile';
import { minute } from '@/lib/rule/minutes';

/** Grid steps of an hour; in the minute after it its last rows come. */
const hour = 60 * minute;
const hours = 7 * 24;

/** How long the baseline's vouchers took, hour by hour, as the live rule learns it from the seven days before the last full one. */
export class RecordedDelays {
  private readonly byHour = new Map<number, Map<number, number>>();
  private learnt: number | null = null;

  /** A voucher of the bucket that ends at this grid index; NaN where its generation is not known. */
  add(index: number, seconds: number, times: number): void {
    if (Number.isNaN(seconds)) return;
    const place = Math.ceil(index / hour);
    const bins = this.byHour.get(place) ?? new Map<number, number>();
    this.byHour.set(place, bins);
    bins.set(seconds, (bins.get(seconds) ?? 0) + times);
  }

  /** What is known at a tick, when that is another than at the last: undefined else. */
  learntBy(at: number): Bins | undefined {
    const last = Math.floor((at - minute) / hour);
    if (last === this.learnt) return undefined;
    this.learnt = last;
    const merged = new Map<number, number>();
    for (const [place, bins] of this.byHour) {
      if (place <= last - hours) this.byHour.delete(place);
      if (place > last || place <= last - hours) continue;
      for (const [seconds, count] of bins) merged.set(seconds, (merged.get(seconds) ?? 0) + count);
    }
    return [...merged];
  }
}
