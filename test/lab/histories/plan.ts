import { type Random, seeded } from '@/lib/replay/simulate/chance';
import type { OpName } from './history';

/** One operation as it is planned; what it meets when it runs is real, and differs from run to run. */
export interface PlannedOp {
  readonly n: number;
  readonly client: number;
  readonly op: OpName;
  /** The key of the split that it concerns. */
  readonly split: string;
  /** One candidate, for what can be done to one alone; null: the whole split. */
  readonly arm: string | null;
  /** By which web process. */
  readonly web: number;
  /** Acts on what it reads now, on what this client saw last, or on what it saw long ago. */
  readonly seen: 'now' | 'last' | 'old';
  readonly override: boolean;
  /** The candidates' shares, for writes of weights. */
  readonly weights: Readonly<Record<string, number>>;
}

export const faultNames = ['freeze', 'kill', 'black-hole', 'half-open', 'reset', 'sick-candidate'] as const;

export interface PlannedFault {
  /** It strikes when this operation is invoked. */
  readonly n: number;
  readonly what: (typeof faultNames)[number];
  /** A web process, or past those a watchdog. */
  readonly target: number;
  readonly ms: number;
}

export interface HistoryPlan {
  readonly ops: readonly PlannedOp[];
  readonly faults: readonly PlannedFault[];
}

export const clients = 10;
export const webs = 3;
export const watchdogs = 2;

const shares: readonly (readonly [OpName, number])[] = [
  ...([
    ['generate', 0.36],
    ['read', 0.2],
    ['weights', 0.09],
    ['rearm', 0.09],
    ['advance', 0.08],
  ] as const),
  ...([
    ['rollback', 0.05],
    ['sql', 0.06],
    ['pause', 0.03],
    ['resume', 0.03],
  ] as const),
  ...([
    ['cli', 0.006],
    ['script', 0.004],
  ] as const),
];

/** A split as a history begins with it. */
export interface PlannedSplit {
  readonly key: string;
  readonly slug: string;
  readonly baseline: string;
  readonly candidates: readonly string[];
}

const first: PlannedSplit = { key: 'GEN_PROVIDER_WEIGHTS', slug: 'gen', baseline: 'fal', candidates: ['runware'] };

/** The first split alone, or so many others of three arms each. */
export function plannedSplits(count: number): readonly PlannedSplit[] {
  if (count === 1) return [first];
  const names = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'].slice(0, count);
  return names.map((slug) => ({
    ...{ key: `${slug.toUpperCase()}_WEIGHTS`, slug, baseline: 'old', candidates: ['new', 'other'] },
  }));
}

/** What everybody tries and what breaks, from the seed alone. */
export function drawHistoryPlan(seed: number, operations: number, splits = plannedSplits(1)): HistoryPlan {
  const random = seeded(seed);
  const oneOf = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const ops = Array.from({ length: operations }, (_, n): PlannedOp => {
    const op = drawOp(random);
    const seen = oneOf(['now', 'now', 'last', 'last', 'old'] as const);
    const who = { client: Math.floor(random() * clients), web: Math.floor(random() * webs) };
    const override = random() < 0.9;
    const shares = [oneOf([0, 0.05, 0.1, 0.1, 0.1])];
    const split = splits.length === 1 ? (splits[0] as PlannedSplit) : oneOf(splits);
    while (shares.length < split.candidates.length) shares.push(oneOf([0, 0.1, 0.1]));
    const arm = split.candidates.length > 1 && random() < 0.7 ? oneOf(split.candidates) : null;
    return { n, op, seen, ...who, override, split: split.key, arm, weights: weightsOf(split, shares) };
  });
  const faults: PlannedFault[] = [];
  for (let n = 30; n < operations; n += 20 + Math.floor(random() * 60)) {
    const what = oneOf(faultNames);
    faults.push({
      n,
      what,
      target: Math.floor(random() * (webs + watchdogs)),
      ms: 300 + Math.floor(random() ** 2 * 4000),
    });
  }
  return { ops, faults };
}

function weightsOf({ baseline, candidates }: PlannedSplit, shares: readonly number[]): Record<string, number> {
  const rest = 1 - shares.reduce((sum, share) => sum + share, 0);
  return { [baseline]: rest, ...Object.fromEntries(candidates.map((name, i) => [name, shares[i] ?? 0])) };
}

function drawOp(random: Random): OpName {
  let left = random();
  for (const [op, share] of shares) {
    left -= share;
    if (left < 0) return op;
  }
  return 'generate';
}
