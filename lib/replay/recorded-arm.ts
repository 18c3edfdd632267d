import { barOf, candidateFacts, contextOf, judgeLine } from '@/lib/rule/decide';
import type { ArmFacts, Facts } from '@/lib/rule/facts';
import type { LineVerdict } from '@/lib/rule/verdict';
import { type Policy, policyFor, type RedLine } from '@/lib/split/policy/policy';
import { standingOf } from '@/lib/split/stages';
import type { RolloutState } from '@/lib/split/state';
import { type LinesWatch, type Seen, watchLines } from './line-watch';
import { RecordedBeside } from './recorded-beside';
import { RecordedHistory } from './recorded-history';
import type { Recording } from './recording';
import { verdictKey } from './replay-report';

/** The recording that a replay goes through, from which grid index on. */
export interface Source {
  readonly recording: Recording;
  readonly order: Int32Array;
  readonly origin: number;
}

/** One candidate of a replay: its history as far as it had arrived, and its lines from tick to tick. */
export class RecordedArm {
  history: RecordedHistory;
  late = false;
  private readonly beside: RecordedBeside;
  private startMs: number | null = null;
  private watch: LinesWatch | null = null;
  private seen: Seen[] = [];
  private keys: string[] = [];

  constructor(
    readonly name: string,
    private readonly source: Source,
    policy: Policy,
  ) {
    this.beside = new RecordedBeside(source.recording);
    this.history = new RecordedHistory(source.recording, source.order, policyFor(policy, name), source.origin);
  }

  /** Of a rollout that began before the recording only its start is assumed. */
  assume(state: RolloutState, policy: Policy): void {
    this.startMs = standingOf({ state, policy }, this.name).startedAtMs;
    if (this.startMs !== null) this.beside.assume(this.startMs, this.history);
  }

  /** The same events under another policy. */
  judgedBy(policy: Policy, at: number): void {
    const { recording, order, origin } = this.source;
    this.history = new RecordedHistory(recording, order, policyFor(policy, this.name), origin, this.beside.basis());
    this.history.advance(at);
    this.keys = [];
    this.watch = null;
  }

  /** After a write; true when this candidate's rollout begins with it. */
  follow(state: RolloutState, policy: Policy): boolean {
    const { startedAtMs } = standingOf({ state, policy }, this.name);
    this.watch = null;
    if (startedAtMs === null || startedAtMs === this.startMs) return false;
    this.startMs = startedAtMs;
    this.beside.begin(startedAtMs, this.history);
    return true;
  }

  reach(at: number): void {
    this.beside.reach(at, this.history);
  }

  get pricesBefore() {
    return this.beside.pricesBefore;
  }

  facts(at: number): ArmFacts {
    return {
      ...this.beside.facts(at, this.history),
      history: this.history.timeline,
      neighbours: () => null,
      blind: false,
    };
  }

  /** The lines whose verdict has changed by this tick, and whether one of them could act. */
  look(facts: () => Facts, policy: Policy, at: number): { readonly changed: LineVerdict[]; readonly mayAct: boolean } {
    const isFresh = this.watch === null;
    this.watch ??= watchLines(candidateFacts(facts(), this.name), at);
    const lines = this.watch.look(at, this.late);
    const changed: LineVerdict[] = [];
    for (let i = 0; i < lines.length; i++) {
      const seen = lines[i] as Seen;
      if (!isFresh && seen === this.seen[i] && seen !== 'held_not_luck') continue;
      this.seen[i] = seen;
      const line = this.judge(policy.redLines[i] as RedLine, facts());
      if (this.keys[i] === verdictKey(line)) continue;
      this.keys[i] = verdictKey(line);
      changed.push(line);
    }
    return { changed, mayAct: lines.includes('held_not_luck') };
  }

  private judge(line: RedLine, all: Facts): LineVerdict {
    const facts = candidateFacts(all, this.name);
    return judgeLine(line, contextOf(facts), facts, barOf(facts));
  }
}
