import { isoOf } from '@/lib/kernel/instant';
import { meanPriceUsd } from '@/lib/rule/buckets/bucket';
import { gridMs } from '@/lib/rule/buckets/history';
import { barOf, contextOf, decide, judgeLine } from '@/lib/rule/decide';
import type { Facts } from '@/lib/rule/facts';
import type { LineVerdict } from '@/lib/rule/verdict';
import type { Policy, RedLine } from '@/lib/split/policy/policy';
import { isLive } from '@/lib/split/stages';
import type { RolloutState } from '@/lib/split/state';
import { stateAfter, stateBefore } from '@/lib/split/state-after';
import { readWeights, sameWeights, type Weights } from '@/lib/split/weights';
import { arrivals, extremes } from './arrivals';
import { type LinesWatch, type Seen, watchLines } from './line-watch';
import { RecordedBeside } from './recorded-beside';
import { RecordedHistory } from './recorded-history';
import { type FlagLine, Recording } from './recording';
import { type FlagWriteSeen, type ReplayReport, type VerdictChange, verdictChange, verdictKey } from './replay-report';

export interface ReplayOptions {
  readonly policy: Policy;
  readonly policySource: 'default' | 'given';
  /** Reads a recorded GEN_ROLLOUT_POLICY; lives in lib/config, which this must not import. */
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
  const recording = new Recording((provider) => registered.has(provider));
  return {
    read: (line) => recording.read(line),
    finish: () => new Replay(options, recording, [...registered]).run(),
  };
}

/** Recorded events through the live rule, tick by tick. */
class Replay {
  private readonly order: Int32Array;
  private readonly flags: FlagLine[];
  private readonly changes: VerdictChange[] = [];
  private readonly rollbacks: { at: string; red_line: VerdictChange['red_line']; explanation: string }[] = [];
  private readonly writes: FlagWriteSeen[] = [];
  private readonly keys: string[] = [];
  private readonly seen: Seen[] = [];
  private policy: Policy;
  private policyVersion = 0;
  private state: RolloutState;
  private history: RecordedHistory;
  private watch: LinesWatch | null = null;
  private readonly beside: RecordedBeside;
  private readonly first: number;
  private readonly last: number;

  constructor(
    private readonly options: ReplayOptions,
    private readonly recording: Recording,
    private readonly registered: readonly string[],
  ) {
    recording.attribute();
    const untilMs = options.untilMs ?? Number.POSITIVE_INFINITY;
    this.order = arrivals(recording, untilMs);
    this.flags = recording.flags.filter((flag) => flag.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
    this.policy = options.policy;
    const times = [...this.flags.map((flag) => flag.atMs / gridMs), ...extremes(recording, this.order)];
    this.first = Math.ceil(times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY));
    const end = options.untilMs === null ? times.reduce((a, b) => Math.max(a, b), 0) : Math.floor(untilMs / gridMs);
    this.last = Math.ceil(end);
    this.state = this.stateAtFirst();
    this.history = new RecordedHistory(recording, this.order, this.policy, this.first - 1);
    this.beside = new RecordedBeside(recording);
    if (this.state.rolloutStartedAtMs !== null) this.beside.assume(this.state.rolloutStartedAtMs, this.history);
  }

  run(): ReplayReport {
    let flag = 0;
    for (let at = this.first; at <= this.last; at++) {
      const late = this.history.advance(at);
      for (; (this.flags[flag]?.atMs ?? Number.POSITIVE_INFINITY) <= at * gridMs; flag++)
        this.write(this.flags[flag] as FlagLine, at);
      this.tick(at, late);
      at = this.skipQuiet(at, this.flags[flag]?.atMs ?? Number.POSITIVE_INFINITY);
    }
    return this.report();
  }

  /** One tick of the watchdog: `decide` is asked whenever it could act, a verdict is told whenever it changes. */
  private tick(at: number, late: boolean): void {
    this.beside.reach(at, this.history);
    const fresh = this.watch === null;
    this.watch ??= watchLines(this.facts(at), at);
    const lines = this.watch.look(at, late);
    for (let i = 0; i < lines.length; i++) {
      const seen = lines[i] as Seen;
      if (!fresh && seen === this.seen[i] && seen !== 'held_not_luck') continue;
      this.seen[i] = seen;
      this.judge(i, at);
    }
    if (!lines.includes('held_not_luck')) return;
    const { action } = decide(this.facts(at));
    if (action.kind === 'rollback') this.rollBack(action.line, at);
  }

  private judge(i: number, at: number): void {
    const facts = this.facts(at);
    const line = judgeLine(this.policy.redLines[i] as RedLine, contextOf(facts), facts, barOf(facts));
    const key = verdictKey(line);
    if (this.keys[i] === key) return;
    this.keys[i] = key;
    this.changes.push(verdictChange(line, this.policy, at * gridMs));
  }

  private rollBack(line: LineVerdict, at: number): void {
    const { explanation } = verdictChange(line, this.policy, at * gridMs);
    this.rollbacks.push({ at: isoOf(at * gridMs), red_line: line.metric, explanation });
    this.state = stateAfter(this.state, this.policy.rollback, this.policy, at * gridMs);
    this.beside.changed(at * gridMs);
    this.watch = null;
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
    if (flag.key === 'GEN_PROVIDER_WEIGHTS') {
      if (flag.text === null) return `the row was deleted${flag.by === undefined ? '' : ` by ${flag.by}`}`;
      const reading = readWeights(flag.text, { registered: this.registered, ...this.policy });
      if (!reading.ok) return reading.sentence;
      this.setWeights(reading.weights, flag.atMs);
      return null;
    }
    if (flag.key !== 'GEN_ROLLOUT_POLICY') return null;
    const reading =
      flag.text === null
        ? { ok: true as const, policy: this.options.fallbackPolicy }
        : this.options.readPolicy(flag.text);
    if (!reading.ok) return reading.faults.join('; ');
    if (this.options.policySource === 'given') return 'the replay judges by the policy it was given';
    this.setPolicy(reading.policy, at);
    return null;
  }

  private setWeights(weights: Weights, atMs: number): void {
    const { rolloutStartedAtMs: was, weights: before } = this.state;
    this.state = stateAfter(this.state, weights, this.policy, atMs);
    if (!sameWeights(before, weights)) this.beside.changed(atMs);
    const startMs = this.state.rolloutStartedAtMs;
    if (startMs !== null && startMs !== was) {
      this.beside.begin(startMs, this.history);
      this.state = { ...this.state, baselineCostUsd: meanPriceUsd(this.beside.pricesBefore) };
    }
    this.watch = null;
  }

  private setPolicy(policy: Policy, at: number): void {
    this.policy = policy;
    this.policyVersion++;
    this.history = new RecordedHistory(this.recording, this.order, policy, this.first - 1, this.beside.basis());
    this.history.advance(at);
    this.keys.length = 0;
    this.watch = null;
  }

  /**
   * Before the first recorded write: a recording without one is of a candidate that is live, and so is one whose first
   * write takes the candidate out. Otherwise the baseline has everything until the first write.
   */
  private stateAtFirst(): RolloutState {
    const before = stateBefore(this.policy);
    const write = this.flags.find((flag) => flag.key === 'GEN_PROVIDER_WEIGHTS');
    const reading = write && readWeights(write.text ?? '', { registered: this.registered, ...this.policy });
    if (reading?.ok && isLive(reading.weights, this.policy)) return before;
    const weights = this.policy.stages[0]?.weights ?? this.policy.rollback;
    return stateAfter(before, weights, this.policy, (this.first - 1) * gridMs);
  }

  /** Once every window is empty nothing changes until something happens. */
  private skipQuiet(at: number, nextFlagMs: number): number {
    const longest = Math.max(...this.policy.redLines.map((line) => (line.windowSeconds * 1000) / gridMs));
    if (at <= this.history.newest + longest) return at;
    const nextMs = Math.min(nextFlagMs, this.history.nextArrivalMs(), this.last * gridMs);
    return Math.max(at, Math.ceil(nextMs / gridMs) - 1);
  }

  private facts(at: number): Facts {
    // Not spread: `users` is read when it is asked for.
    return Object.assign(this.beside.facts(at, this.history), {
      state: this.state,
      policy: this.policy,
      policyVersion: this.policyVersion,
      history: this.history.timeline,
      neighbours: () => null,
      nowMs: at * gridMs,
      blind: false,
      baseline: { configured: true, probeOk: true },
      environmentCostUsd: this.options.environmentCostUsd,
      lastTickMs: null,
      gate: null,
    });
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
      events: this.order.length,
      ...recording.backfilledOf(this.order),
      lines: recording.lines,
      flag_writes: this.writes,
      bad_lines: { count: recording.badCount, first: recording.badLines },
      policy: this.policyVersion > 0 ? 'recorded' : this.options.policySource,
    };
  }
}
