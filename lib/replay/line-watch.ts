import { barOf, contextOf, rolloutFloor } from '@/lib/rule/decide';
import { comesAndGoes, isRare } from '@/lib/rule/evidence';
import type { CandidateFacts } from '@/lib/rule/facts';
import type { Gauge } from '@/lib/rule/gauges/gauge';
import { type Bar, gaugesOf, kindOf } from '@/lib/rule/gauges/red-lines';
import { clip, runBegan, type Span, spanOf } from '@/lib/rule/hold';
import type { VerdictKind } from '@/lib/rule/verdict';
import type { RedLine } from '@/lib/split/policy/policy';

/** What a line says at an instant; only `held_not_luck` can act, and only `decide` knows whether it does. */
export type Seen = VerdictKind | 'held_not_luck';

/**
 * Follows the lines of one candidate from tick to tick at the price of a few look-ups each, for the replay, the
 * preflight and the bench. It remembers where each run began, which the log would tell again: `decide` is asked
 * whenever it matters, and never disagrees. `late`: rows came for buckets before this tick's, so runs are walked again.
 */
export interface LinesWatch {
  look(at: number, late: boolean): readonly Seen[];
}

/** `facts` but its time and neighbours' answers must stay the same; make a new one when the state or policy changes. */
export function watchLines(facts: CandidateFacts, from: number): LinesWatch {
  const context = contextOf(facts);
  const bar = { ...barOf(facts) };
  const followed = facts.policy.redLines.map((line) => {
    const span = spanOf(line, rolloutFloor(facts, from));
    return gaugesOf(context, line).map(({ candidate }) => new Run(line, candidate, span, bar));
  });
  const seen: Seen[] = followed.map(() => 'no_traffic');
  return {
    look(at, late) {
      bar.at = at;
      for (let i = 0; i < followed.length; i++) seen[i] = worst(followed[i] ?? [], at, late);
      return seen;
    },
  };
}

const order: Readonly<Record<Seen, number>> = {
  no_traffic: 0,
  insufficient: 1,
  ok: 2,
  blind: 3,
  breach: 4,
  held: 5,
  shared_cause: 5,
  held_not_luck: 6,
};

function worst(runs: readonly Run[], at: number, late: boolean): Seen {
  let worst: Seen = 'no_traffic';
  for (let i = 0; i < runs.length; i++) {
    const look = (runs[i] as Run).look(at, late);
    if (order[look] > order[worst]) worst = look;
  }
  return worst;
}

class Run {
  private began: number | null = null;
  private last: number | null = null;

  constructor(
    private readonly line: RedLine,
    private readonly gauge: Gauge,
    private readonly span: Span,
    private readonly bar: Bar,
  ) {}

  look(at: number, late: boolean): Seen {
    const from = clip(at - this.span.window, this.span);
    const side = this.gauge.side(from, at);
    if (late || this.last !== at - 1) this.began = runBegan(this.gauge, this.span, at);
    else if (side === 'under') this.began = null;
    else if (side === 'over') this.began ??= at;
    this.last = at;
    const isHeld = side === 'over' && at - (this.began ?? at) >= this.span.hold;
    if (isHeld && this.bar.canRollBack && this.isNotLuck(at)) return 'held_not_luck';
    if (this.comesAndGoes(at)) return this.bar.canRollBack ? 'held_not_luck' : 'held';
    if (side !== 'over') return kindOf(this.line, this.gauge, from, this.bar, null);
    return isHeld ? 'held' : 'breach';
  }

  private isNotLuck(at: number): boolean {
    return this.bar.literal || isRare(this.gauge, this.span, at, this.bar.luck.healthy);
  }

  private comesAndGoes(at: number): boolean {
    const { literal, luck } = this.bar;
    return !literal && comesAndGoes(this.gauge, this.span, at, luck) !== null;
  }
}
