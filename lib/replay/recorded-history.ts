import { gridSeconds } from '@/lib/rule/buckets/bucket';
import {
  atOnce,
  delayAtoms,
  gridMs,
  jobAgeOf,
  overQuartiles,
  type Role,
  slowLimitOf,
} from '@/lib/rule/buckets/history';
import { addJobs, type JobHistory, jobAgeSteps } from '@/lib/rule/buckets/jobs';
import type { LatencyBin, Quartiles } from '@/lib/rule/buckets/quantile';
import { longestHorizon } from '@/lib/rule/horizons';
import type { ArmPolicy } from '@/lib/split/policy/policy';
import { RecordedDelays } from './recorded-delays';
import { isOfJob, kinds, type Recording } from './recording';
import { Timeline } from './timeline';

/** A day in grid steps. */
export const day = 8640;

/** What the live rule knows of a rollout when it counts: see `HistoryBasis`. */
interface Basis {
  /** Vouchers of generations at or before this grid index are left out. */
  readonly floor: number;
  readonly quartilesMs: Quartiles | null;
}

/** The history of one candidate that a recording builds up in order of arrival, under one policy. */
export class RecordedHistory {
  readonly timeline: Timeline;
  /** The newest bucket with anything in it. */
  newest: number;
  private next = 0;
  private readonly keep: number;
  private readonly jobAgeSteps: number;
  private readonly delays = new RecordedDelays();
  private atoms = atOnce;
  private readonly keyOf: readonly string[];

  constructor(
    private readonly recording: Recording,
    private readonly order: Int32Array,
    private readonly policy: ArmPolicy,
    origin: number,
    private basis: Basis = { floor: Number.NEGATIVE_INFINITY, quartilesMs: null },
  ) {
    const longest = Math.max(...policy.redLines.map((line) => (line.windowSeconds + line.holdSeconds) / gridSeconds));
    const ageMs = jobAgeOf(policy);
    this.jobAgeSteps = ageMs === null ? 0 : jobAgeSteps(ageMs);
    this.keep = Math.max(longestHorizon * longest, day) + longest;
    this.newest = origin;
    this.keyOf = recording.usualPriceKeys();
    const bins = (role: Role, from: number, to: number) => this.latencies(role, from, to);
    const took: JobHistory['took'] = (role, from, to) => this.took(role, from, to);
    const jobs = ageMs === null ? null : { ageMs, took };
    this.timeline = new Timeline(origin, slowLimitOf(policy), this.keep, bins, 'every role', jobs);
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
      this.count(event, 1);
    }
    const learnt = this.delays.learntBy(at);
    if (learnt !== undefined) {
      this.atoms = delayAtoms(learnt) ?? atOnce;
      this.timeline.expect(this.atoms, this.basis.floor);
    }
    return this.timeline.settle();
  }

  /** Counts by another basis from now on: what lies after this grid index is counted anew, what is older is not asked for. */
  rebase(basis: Basis, from: number): void {
    const { bucket, kind } = this.recording;
    // A job counts until it is judged.
    const until = (event: number) => (bucket[event] ?? 0) + (isOfJob(kind[event]) ? this.jobAgeSteps : 0);
    const events = [...this.arrivedAfter(from - this.jobAgeSteps)].filter((event) => until(event) > from);
    for (const event of events) this.count(event, -1);
    this.basis = basis;
    this.timeline.expect(this.atoms, basis.floor);
    for (const event of events) this.count(event, 1);
    this.timeline.settle();
  }

  /** What had arrived and came after a grid instant, newest first; an event arrives after it happens. */
  *arrivedAfter(from: number): Generator<number> {
    for (let i = this.next - 1; i >= 0; i--) {
      const event = this.order[i] ?? 0;
      if ((this.recording.arrivedAt[event] ?? 0) <= from * gridMs) return;
      yield event;
    }
  }

  /** First attempts of a role in the grid span (from, to] that had arrived, newest arrival first. */
  *attempts(role: Role, from: number, to: number): Generator<number> {
    const { bucket, kind } = this.recording;
    for (const event of this.arrivedAfter(from)) {
      const index = bucket[event] ?? 0;
      if (index <= from || index > to) continue;
      if (kind[event] !== kinds.failure && kind[event] !== kinds.success) continue;
      if (this.roleOf(event) === role) yield event;
    }
  }

  private count(event: number, times: 1 | -1): void {
    const { timeline, recording } = this;
    const index = recording.bucket[event] ?? 0;
    if (index > this.newest) this.newest = index;
    const role = this.roleOf(event);
    const kind = recording.kind[event];
    if (kind === kinds.generated) {
      timeline.add(timeline.everyone.generated, index, times);
      if (role !== null) timeline.add(timeline[role].generated, index, times);
    } else if (isOfJob(kind)) this.countJob(role, event, index, times);
    else if (kind === kinds.voucher) this.countVoucher(role, event, index, times);
    else if (role !== null) this.countAttempt(role, event, index, times);
  }

  private countVoucher(role: 'candidate' | 'baseline' | null, event: number, index: number, times: 1 | -1): void {
    const { timeline, recording } = this;
    const seconds = recording.ageSeconds[event] ?? Number.NaN;
    timeline.add(timeline.everyone.vouchers, index, times);
    if (recording.provider[event] === 0) timeline.add(timeline.unattributed, index, times);
    if (role === null) return;
    if (role === 'baseline') this.delays.add(index, seconds, times);
    const isStale = seconds >= (index - this.basis.floor) * gridSeconds;
    if (!isStale) timeline.add(timeline[role].vouchers, index, times);
  }

  private countAttempt(role: 'candidate' | 'baseline', event: number, index: number, times: 1 | -1): void {
    const { timeline, recording } = this;
    const totals = timeline[role];
    timeline.add(totals.requests, index, times);
    if (recording.kind[event] === kinds.failure) timeline.add(totals.failures, index, times);
    const latency = recording.latencyMs[event] ?? Number.NaN;
    if (latency >= 0) timeline.add(totals.latencies, index, times);
    if (timeline.slowLimitMs !== null && latency >= timeline.slowLimitMs) timeline.add(totals.slow, index, times);
    for (const [i, edge] of (this.basis.quartilesMs ?? []).entries())
      if (latency >= edge) timeline.add(totals[overQuartiles[i] as (typeof overQuartiles)[number]], index, times);
    this.countCost(role, event, index, times);
  }

  /** Of an arm's jobs: those that began after the floor. What they cost is compared whenever they began. */
  private countJob(role: 'candidate' | 'baseline' | null, event: number, index: number, times: 1 | -1): void {
    const { timeline, recording } = this;
    const kind = recording.kind[event];
    if (kind === kinds.jobDone) timeline.add(timeline.everyone.generated, index, times);
    if (role === null) return;
    if (kind === kinds.jobDone) timeline.add(timeline[role].generated, index, times);
    this.countCost(role, event, index, times);
    const { jobs } = timeline;
    if (jobs === undefined || index <= this.basis.floor) return;
    const took = recording.latencyMs[event] ?? Number.NaN;
    const counted = {
      begun: kind === kinds.jobBegun ? times : 0,
      done: kind === kinds.jobDone ? times : 0,
      failed: kind === kinds.jobFailed ? times : 0,
      cancelled: kind === kinds.jobCancelled ? times : 0,
      took: kind !== kinds.jobBegun && took >= 0 ? ([[took, times]] as const) : [],
    };
    addJobs(jobs[role], counted, index, jobs.ageMs, (column, at, amount) => {
      if (amount !== 0) timeline.add(column, at, amount);
    });
  }

  private countCost(role: 'candidate' | 'baseline', event: number, index: number, times: 1 | -1): void {
    const { timeline, recording } = this;
    const cost = recording.costNano[event] ?? Number.NaN;
    if (recording.kind[event] === kinds.jobBegun || !(cost >= 0)) return;
    const key = this.keyOf[recording.priceKey[event] ?? 0] ?? '';
    const [priced, costNano, costNanoSquared] = [times, times * cost, times * cost * cost];
    timeline.addPrice(role, index, { key, priced, costNano, costNanoSquared });
  }

  private roleOf(event: number): 'candidate' | 'baseline' | null {
    const provider = this.recording.providers[this.recording.provider[event] ?? 0];
    if (provider === this.policy.candidate) return 'candidate';
    return provider === this.policy.baseline ? 'baseline' : null;
  }

  /** How long the jobs took that are judged in a span, as far as that had arrived. */
  private took(role: Role, from: number, to: number): LatencyBin[] {
    const { bucket, kind, latencyMs } = this.recording;
    const found: number[] = [];
    for (const event of this.arrivedAfter(from - this.jobAgeSteps)) {
      const judged = (bucket[event] ?? 0) + this.jobAgeSteps;
      if (kind[event] === kinds.jobBegun || !isOfJob(kind[event]) || judged <= from || judged > to) continue;
      const took = latencyMs[event] ?? Number.NaN;
      if (took >= 0 && this.roleOf(event) === role) found.push(took);
    }
    return inOrder(found);
  }

  /** The latencies of a span that had arrived. */
  private latencies(role: Role, from: number, to: number): LatencyBin[] {
    const found: number[] = [];
    for (const event of this.attempts(role, from, to)) {
      const latency = this.recording.latencyMs[event] ?? Number.NaN;
      if (latency >= 0) found.push(latency);
    }
    return inOrder(found);
  }
}

const inOrder = (found: readonly number[]): LatencyBin[] =>
  [...Float64Array.from(found).sort()].map((each) => [each, each, 1]);
