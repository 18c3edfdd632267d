import type { Bins } from '@/lib/rule/buckets/quantile';

/** A span's bins as the p95 line sees them: how many on either side of it, and the bin next to it on each. */
export class Sides {
  private readonly limitMs: number;
  private fast = 0;
  private slow = 0;
  private below = 0;
  private atOrAbove = Number.POSITIVE_INFINITY;

  constructor(limitMs: number | null) {
    this.limitMs = limitMs ?? Number.POSITIVE_INFINITY;
  }

  add(edge: number, count: number): void {
    if (edge < this.limitMs) {
      this.fast += count;
      if (edge > this.below) this.below = edge;
    } else {
      this.slow += count;
      if (edge < this.atOrAbove) this.atOrAbove = edge;
    }
  }

  bins(): Bins {
    const both = [[this.below, this.fast] as const, [this.atOrAbove, this.slow] as const];
    return both.filter(([, count]) => count > 0);
  }
}
