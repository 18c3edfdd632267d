import { EvenSchedule, whole } from './even-schedule';
import { hash32 } from './hash';
import { shareOf, type Weights } from './weights';

export interface PickRules {
  readonly baseline: string;
  readonly candidate: string;
  /** Keeps the users of one split apart from those of another; the same in every process. */
  readonly salt: number;
}

/** One version of the weights, compiled: a pick allocates nothing. */
export interface Picker {
  /** The next request of nobody in particular. */
  next(): string;
  /** The same user always gets the same provider, until a share moves over them. */
  of(user: string): string;
  /** What each provider is owed, in requests: see `compile`. */
  owed(): Readonly<Record<string, number>>;
}

const hashes = 2 ** 32;

export function saltOf(split: string): number {
  return hash32(split, 0);
}

/**
 * Weights → picker. `before` is the picker of the version before: what it owed is carried over, so that a change of
 * weights in mid-stream does not begin the count anew. A provider of share 0 is never picked; its debt waits.
 */
export function compile(weights: Weights, rules: PickRules, random: () => number, before?: Picker): Picker {
  const debts = before?.owed() ?? {};
  const names = receivers([...Object.keys(weights), ...Object.keys(debts)], rules);
  const shares = wholeShares(names, weights);
  const owed = before ? names.map((name) => Math.round((debts[name] ?? 0) * whole)) : null;
  const schedule = new EvenSchedule(shares, random, owed);
  const ends = Float64Array.from(shares, (_, i) => (sum(shares.slice(0, i + 1)) / whole) * hashes);
  const last = names.length - 1;
  return {
    next: () => names[schedule.next()] as string,
    of(user) {
      const hash = hash32(user, rules.salt);
      let i = 0;
      while (i < last && hash >= (ends[i] as number)) i += 1;
      return names[i] as string;
    },
    owed: () => Object.fromEntries(schedule.owed().map((owed, i) => [names[i], owed / whole])),
  };
}

/**
 * In the order in which they lie on the hash: others, candidate, baseline. The only border that moves when the
 * candidate's share rises at the baseline's cost is the one between the two.
 */
function receivers(named: readonly string[], { baseline, candidate }: PickRules): readonly string[] {
  const others = named.filter((name) => name !== baseline && name !== candidate);
  return [...new Set([...others.sort(), candidate, baseline])];
}

/** Shares as integers that add up to exactly one; the largest takes what rounding leaves. No shares: all baseline. */
function wholeShares(names: readonly string[], weights: Weights): readonly number[] {
  const total = sum(names.map((name) => shareOf(weights, name)));
  const shares = names.map((name) => (total > 0 ? Math.round((shareOf(weights, name) / total) * whole) : 0));
  const largest = total > 0 ? shares.indexOf(Math.max(...shares)) : names.length - 1;
  return shares.map((share, i) => (i === largest ? share + whole - sum(shares) : share));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
