import { isoOf } from '@/lib/kernel/instant';
import { meanPriceUsd } from '@/lib/rule/buckets/bucket';
import { gridMs, jobAgeOf } from '@/lib/rule/buckets/history';
import { jobAgeSteps } from '@/lib/rule/buckets/jobs';
import { decide } from '@/lib/rule/decide';
import type { Facts } from '@/lib/rule/facts';
import type { Action, LineVerdict } from '@/lib/rule/verdict';
import type { Policy } from '@/lib/split/policy/policy';
import { policyKeyOf } from '@/lib/split/split-key';
import { afterRollbackOf, isLive, judgedArms } from '@/lib/split/stages';
import type { RolloutState } from '@/lib/split/state';
import { stateAfter, stateBefore } from '@/lib/split/state-after';
import { readWeights, sameWeights, type Weights } from '@/lib/split/weights';
import { arrivals, extremes } from './arrivals';
import { RecordedArm, type Source } from './recorded-arm';
import { type FlagLine, Recording } from './recording';
import { type FlagWriteSeen, type ReplayReport, type VerdictChange, verdictChange } from './replay-report';

export interface ReplayOptions {
  readonly policy: Policy;
  readonly policySource: 'default' | 'given';
  /** Whose weights, policy and events are replayed. */
  readonly split: string;
  /** Reads a recorded policy; lives in lib/config, which this must not import. */
  readonly readPolicy: (text: string) => { ok: true; policy: Policy } | { ok: false; faults: readonly string[] };
  /** The policy in force once a recorded policy row is deleted. */
  readonly fallbackPolicy: Policy;
  /** What came after is not read; null replays everything. */
  readonly untilMs: number | null;
  readonly registered: readonly string[];
  readonly environmentCostUsd: number | null;
}

/** Reads a recording line by line, then judges it: `read` each line, `finish` once. */
export function startReplay(options: ReplayOptions): { read(line: string): void; finish(): ReplayReport } {
  const registered = new Set([...options.registered, options.policy.baseline, ...options.policy.candidates]);
  const recording = new Recording((provider) => registered.has(provider), options.split);
  return {
    read: (line) => recording.read(line),
    finish: () => new Replay(options, recording, [...registered]).run(),
  };
}

/** Recorded events through the live rule, tick by tick. */
class Replay {
  private readonly source: Source;
  private readonly flags: FlagLine[];
  private readonly changes: VerdictChange[] = [];
  private readonly rollbacks: ReplayReport['rollbacks'][number][] = [];
  private readonly writes: FlagWriteSeen[] = [];
  private arms: readonly RecordedArm[];
  private changesMs: readonly number[] = [];
  private policy: Policy;
  private policyVersion = 0;
  private state: RolloutState;
  private readonly first: number;
  private readonly last: number;

  constructor(
    private readonly options: ReplayOptions,
    private readonly recording: Recording,
    private readonly registered: readonly string[],
  ) {
    recording.attribute();
    const untilMs = options.untilMs ?? Number.POSITIVE_INFINITY;
    const order = arrivals(recording, untilMs);
    this.flags = recording.flags.filter((flag) => flag.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
    this.policy = options.policy;
    const times = [...this.flags.map((flag) => flag.atMs / gridMs), ...extremes(recording, order)];
    this.first = Math.ceil(times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY));
    const end = options.untilMs === null ? times.reduce((a, b) => Math.max(a, b), 0) : Math.floor(untilMs / gridMs);
    this.last = Math.ceil(end);
    this.source = { recording, order, origin: this.first - 1 };
    this.state = this.stateAtFirst();
    this.arms = this.policy.candidates.map((name) => new RecordedArm(name, this.source, this.policy));
    for (const arm of this.arms) arm.assume(this.state, this.policy);
  }

  run(): ReplayReport {
    let flag = 0;
    for (let at = this.first; at <= this.last; at++) {
      for (const arm of this.arms) arm.late = arm.history.advance(at);
      for (; (this.flags[flag]?.atMs ?? Number.POSITIVE_INFINITY) <= at * gridMs; flag++)
        this.write(this.flags[flag] as FlagLine, at);
      this.tick(at);
      at = this.skipQuiet(at, this.flags[flag]?.atMs ?? Number.POSITIVE_INFINITY);
    }
    return this.report();
  }

  /** One tick of the watchdog: `decide` is asked whenever it could act, a verdict is told whenever it changes. */
  private tick(at: number): void {
    for (const arm of this.arms) arm.reach(at);
    const facts = () => this.facts(at);
    const judged = judgedArms({ state: this.state, policy: this.policy });
    let mayAct = false;
    for (const arm of this.arms) {
      if (!judged.includes(arm.name)) continue;
      const seen = arm.look(facts, this.policy, at);
      mayAct ||= seen.mayAct;
      for (const line of seen.changed) this.changes.push(verdictChange(line, this.policy, at * gridMs));
    }
    if (!mayAct) return;
    const { action } = decide(facts());
    if (action.kind === 'rollback') this.rollBack(action, at);
  }

  private rollBack({ arms, lines }: Extract<Action, { kind: 'rollback' }>, at: number): void {
    for (const arm of arms) {
      const line = lines.find((each) => each.arm === arm) as LineVerdict;
      const { explanation } = verdictChange(line, this.policy, at * gridMs);
      this.rollbacks.push({ at: isoOf(at * gridMs), arm, red_line: line.metric, explanation });
    }
    this.changed(afterRollbackOf(this.state.weights, this.policy, arms), at * gridMs, true);
  }

  private write(flag: FlagLine, at: number): void {
    const fault = this.apply(flag, at);
    this.writes.push({
      at: isoOf(flag.atMs),
      flag_key: flag.key,
      stage: fault === null ? this.state.stage : null,
      fault,
    });
  }

  /** A recorded write takes effect exactly where the database's guard would have let it. */
  private apply(flag: FlagLine, at: number): string | null {
    if (flag.key === this.options.split) {
      if (flag.text === null) return `the row was deleted${flag.by === undefined ? '' : ` by ${flag.by}`}`;
      const reading = readWeights(flag.text, { registered: this.registered, ...this.policy });
      if (!reading.ok) return reading.sentence;
      this.changed(reading.weights, flag.atMs);
      return null;
    }
    if (flag.key !== policyKeyOf(this.options.split)) return null;
    const reading =
      flag.text === null
        ? { ok: true as const, policy: this.options.fallbackPolicy }
        : this.options.readPolicy(flag.text);
    if (!reading.ok) return reading.faults.join('; ');
    if (this.options.policySource === 'given') return 'the replay judges by the policy it was given';
    this.setPolicy(reading.policy, at);
    return null;
  }

  private changed(weights: Weights, atMs: number, isRollback = false): void {
    const { weights: before } = this.state;
    this.state = stateAfter(this.state, weights, this.policy, atMs, isRollback);
    if (!sameWeights(before, weights)) this.changesMs = [...this.changesMs, atMs];
    for (const arm of this.arms) {
      const begins = arm.follow(this.state, this.policy);
      if (begins && this.state.rolloutStartedAtMs === atMs)
        this.state = { ...this.state, baselineCostUsd: meanPriceUsd(arm.pricesBefore) };
    }
  }

  private setPolicy(policy: Policy, at: number): void {
    this.policy = policy;
    this.policyVersion++;
    const armOf = (name: string) =>
      this.arms.find((arm) => arm.name === name) ?? new RecordedArm(name, this.source, policy);
    this.arms = policy.candidates.map(armOf);
    for (const arm of this.arms) arm.judgedBy(policy, at);
  }

  /**
   * Before the first recorded write: a recording without one is of a candidate that is live, and so is one whose first
   * write takes the candidate out. Otherwise the baseline has everything until the first write.
   */
  private stateAtFirst(): RolloutState {
    const before = stateBefore(this.policy);
    const write = this.flags.find((flag) => flag.key === this.options.split);
    const reading = write && readWeights(write.text ?? '', { registered: this.registered, ...this.policy });
    if (reading?.ok && isLive(reading.weights, this.policy)) return before;
    const weights = this.policy.stages[0]?.weights ?? this.policy.rollback;
    return stateAfter(before, weights, this.policy, (this.first - 1) * gridMs);
  }

  /** Once every window is empty nothing changes until something happens. */
  private skipQuiet(at: number, nextFlagMs: number): number {
    const windows = this.policy.redLines.map((line) => (line.windowSeconds * 1000) / gridMs);
    // Jobs come into their windows when they are old.
    const longest = Math.max(...windows) + jobAgeSteps(jobAgeOf(this.policy) ?? 0);
    const newest = Math.max(...this.arms.map(({ history }) => history.newest));
    if (at <= newest + longest) return at;
    const nextMs = Math.min(nextFlagMs, this.arms[0]?.history.nextArrivalMs() ?? nextFlagMs, this.last * gridMs);
    return Math.max(at, Math.ceil(nextMs / gridMs) - 1);
  }

  private facts(at: number): Facts {
    return {
      state: this.state,
      policy: this.policy,
      policyVersion: this.policyVersion,
      arms: Object.fromEntries(this.arms.map((arm) => [arm.name, arm.facts(at)])),
      weightsChangedAtMs: this.changesMs,
      nowMs: at * gridMs,
      baseline: { configured: true, probeOk: true },
      environmentCostUsd: this.options.environmentCostUsd,
      lastTickMs: null,
      gate: null,
    };
  }

  private report(): ReplayReport {
    const { recording, rollbacks } = this;
    const isEmpty = this.first > this.last || !Number.isFinite(this.first);
    return {
      rollback_at: rollbacks[0]?.at ?? null,
      red_line: rollbacks[0]?.red_line ?? null,
      verdicts: this.changes,
      rollbacks,
      from: isEmpty ? null : isoOf(this.first * gridMs),
      to: isEmpty ? null : isoOf(this.last * gridMs),
      events: this.source.order.length,
      ...recording.backfilledOf(this.source.order),
      lines: recording.lines,
      flag_writes: this.writes,
      bad_lines: { count: recording.badCount, first: recording.badLines },
      policy: this.policyVersion > 0 ? 'recorded' : this.options.policySource,
    };
  }
}
