import { shareOf, type Weights } from './weights';

/** Where a receiver lies on the hash: from where the place before it ends. */
interface Place {
  readonly receiver: number;
  readonly end: number;
}

interface Layout {
  readonly baseline: string;
  readonly candidates: readonly string[];
  readonly room?: Weights;
}

/** A stretch of the hash that is the baseline's but for what the candidates take from its two ends. */
class Gap {
  constructor(
    private from: number,
    private to: number,
    private readonly taken: Taken[],
  ) {}

  /** Gives what it still has, and says what it could not give. */
  give(receiver: number, amount: number, side: 'front' | 'back'): number {
    const given = Math.min(amount, this.to - this.from);
    if (given <= 0) return amount;
    const [from, to] = side === 'front' ? [this.from, this.from + given] : [this.to - given, this.to];
    this.taken.push({ receiver, from, to });
    if (side === 'front') this.from = to;
    else this.to = from;
    return amount - given;
  }
}

interface Taken {
  readonly receiver: number;
  readonly from: number;
  readonly to: number;
}

const whole = 1e9;

/**
 * Others lie first, by name. What is left belongs to the baseline, and the candidates grow into it two by two from the
 * ends of a stretch that has room for what the plan gives the pair in the end; the last pair's is all that remains. So
 * no candidate's users move when another's share changes at the baseline's cost: with one or two candidates never, with
 * more as long as no pair outgrows its stretch. What does not fit there is taken from the other stretches, last first.
 */
export function placesOf(names: readonly string[], shares: readonly number[], layout: Layout): readonly Place[] {
  const share = (receiver: number) => shares[receiver] ?? 0;
  const isCandidate = (receiver: number) => layout.candidates.includes(names[receiver] ?? '');
  const everyone = names.map((_, receiver) => receiver).filter((receiver) => names[receiver] !== layout.baseline);
  const taken: Taken[] = [];
  let at = 0;
  for (const receiver of everyone.filter((each) => !isCandidate(each))) {
    taken.push({ receiver, from: at, to: at + share(receiver) });
    at += share(receiver);
  }
  const pairs = pairsOf(everyone.filter(isCandidate));
  const unplaced: { readonly receiver: number; left: number }[] = [];
  const gaps = pairs.map((pair, i) => {
    const room = pair.reduce((sum, receiver) => sum + roomOf(names[receiver] ?? '', layout), 0);
    const end = i === pairs.length - 1 ? whole : Math.min(whole, at + room);
    const gap = new Gap(at, end, taken);
    for (const [side, receiver] of pair.entries())
      unplaced.push({ receiver, left: gap.give(receiver, share(receiver), side === 0 ? 'front' : 'back') });
    at = end;
    return gap;
  });
  for (const gap of gaps.reverse()) for (const rest of unplaced) rest.left = gap.give(rest.receiver, rest.left, 'back');
  return withBaseline(taken, names.indexOf(layout.baseline));
}

function withBaseline(taken: readonly Taken[], baseline: number): readonly Place[] {
  const places: { receiver: number; end: number }[] = [];
  let at = 0;
  for (const { receiver, from, to } of taken.filter((each) => each.to > each.from).sort((a, b) => a.from - b.from)) {
    if (from > at) places.push({ receiver: baseline, end: from });
    places.push({ receiver, end: to });
    at = to;
  }
  return at < whole || places.length === 0 ? [...places, { receiver: baseline, end: whole }] : places;
}

function pairsOf(candidates: readonly number[]): readonly (readonly number[])[] {
  return candidates.flatMap((_, i) => (i % 2 === 0 ? [candidates.slice(i, i + 2)] : []));
}

function roomOf(name: string, { candidates, room }: Layout): number {
  return Math.round((room ? shareOf(room, name) : 1 / candidates.length) * whole);
}
