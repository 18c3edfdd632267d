import { gridSeconds } from '@/lib/rule/buckets/bucket';
import { gridMs, type Role, slowLimitOf } from '@/lib/rule/buckets/history';
import type { LatencyBin } from '@/lib/rule/buckets/quantile';
import { longestHorizon } from '@/lib/rule/horizons';
import type { Policy } from '@/lib/split/policy/policy';
import { kinds, type Recording } from './recording';
import { Timeline } from './timeline';

const day = 8640;

/** The history that a recording builds up in order of arrival, under one policy. */
export class RecordedHistory {
  readonly timeline: Timeline;
  /** The newest bucket with anything in it. */
  newest: number;
  private next = 0;
  private readonly keep: number;

  constructor(
    private readonly recording: Recording,
    private readonly order: Int32Array,
    private readonly policy: Policy,
    origin: number,
  ) {
    const longest = Math.max(...policy.redLines.map((line) => (line.windowSeconds + line.holdSeconds) / gridSeconds));
    this.keep = Math.max(longestHorizon * longest, day) + longest;
    this.newest = origin;
    const bins = (role: Role, from: number, to: number) => this.latencies(role, from, to);
    this.timeline = new Timeline(origin, slowLimitOf(policy), this.keep, bins);
  }

  /** When the next event arrives; infinite when none is left. */
  nextArrivalMs(): number {
    const event = this.order[this.next];
    return event === undefined ? Number.POSITIVE_INFINITY : (this.recording.arrivedAt[event] ?? 0);
  }

  /** Takes what had arrived by a tick; true when buckets before the tick's own changed. */
  advance(at: number): boolean {
    this.timeline.reach(at);
    const untilMs = at * gridMs;
    for (; this.next < this.order.length; this.next++) {
      const event = this.order[this.next] ?? 0;
      if ((this.recording.arrivedAt[event] ?? 0) > untilMs) break;
      this.count(event);
    }
    return this.timeline.settle();
  }

  private count(event: number): void {
    const { timeline, recording } = this;
    const index = recording.bucket[event] ?? 0;
    if (index > this.newest) this.newest = index;
    const role = this.roleOf(event);
    const kind = recording.kind[event];
    if (kind === kinds.generated) {
      timeline.add(timeline.everyone.generated, index, 1);
      if (role !== null) timeline.add(timeline[role].generated, index, 1);
    } else if (kind === kinds.voucher) {
      timeline.add(timeline.everyone.vouchers, index, 1);
      if (role !== null) timeline.add(timeline[role].vouchers, index, 1);
      if (recording.provider[event] === 0) timeline.add(timeline.unattributed, index, 1);
    } else if (role !== null) this.countAttempt(role, event, index);
  }

  private countAttempt(role: 'candidate' | 'baseline', event: number, index: number): void {
    const { timeline, recording } = this;
    const totals = timeline[role];
    timeline.add(totals.requests, index, 1);
    if (recording.kind[event] === kinds.failure) timeline.add(totals.failures, index, 1);
    const latency = recording.latencyMs[event] ?? Number.NaN;
    if (latency >= 0) timeline.add(totals.latencies, index, 1);
    if (timeline.slowLimitMs !== null && latency >= timeline.slowLimitMs) timeline.add(totals.slow, index, 1);
    const cost = recording.costNano[event] ?? Number.NaN;
    if (!(cost >= 0)) return;
    timeline.addPrice(role, index, { key: '', priced: 1, costNano: cost, costNanoSquared: cost * cost });
  }

  private roleOf(event: number): 'candidate' | 'baseline' | null {
    const provider = this.recording.providers[this.recording.provider[event] ?? 0];
    if (provider === this.policy.candidate) return 'candidate';
    return provider === this.policy.baseline ? 'baseline' : null;
  }

  /** The latencies of a span that had arrived: an event arrives after it happens, so older arrivals are outside. */
  private latencies(role: Role, from: number, to: number): LatencyBin[] {
    const { recording } = this;
    const found: number[] = [];
    for (let i = this.next - 1; i >= 0; i--) {
      const event = this.order[i] ?? 0;
      if ((recording.arrivedAt[event] ?? 0) <= from * gridMs) break;
      const index = recording.bucket[event] ?? 0;
      const latency = recording.latencyMs[event] ?? Number.NaN;
      const kind = recording.kind[event];
      if (kind !== kinds.failure && kind !== kinds.success) continue;
      if (index > from && index <= to && latency >= 0 && this.roleOf(event) === role) found.push(latency);
    }
    return [...Float64Array.from(found).sort()].map((latency) => [latency, latency, 1]);
  }
}
