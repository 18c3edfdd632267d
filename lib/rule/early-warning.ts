import { gridIndex, gridMs, type History, overQuartiles, type Totals } from './buckets/history';
import type { CandidateFacts, FirstOfUsers } from './facts';
import { Bets, logMean, type Pair } from './stats/bets';
import type { Warning } from './verdict';

/**
 * How much likelier "worse" must have become than "assigned by luck", each of the two warnings of each candidate:
 * together 1,000 : 1.
 */
const alarmOf = (among: number): number => Math.log(2000 * among);
/** Grid steps that are judged together: half a minute. */
const block = 3;
/** How many times the odds of failing, and of being slow, the warning bets on; each with the same stake. */
const failureOdds = [1.3, 1.8, 3, 8, 30] as const;
const latencyOdds = [1.25, 1.9, 3.5] as const;

/** It begins with the rollout, and anew so often. */
const everyMs = 12 * 3_600_000;

export const warningBeganMs = (startMs: number, nowMs: number): number =>
  startMs + Math.floor((nowMs - startMs) / everyMs) * everyMs;

/** What each watch sees of a span (from, to]: the failures, and the rows over each quartile. */
type BlockReader = (from: number, to: number) => readonly (readonly Pair[])[];

/**
 * Candidate against baseline on the randomised assignment, since the rollout began: what was worse with the candidate
 * beyond luck, however often one looks (a betting e-process; by Ville's inequality its odds pass 1,000 : 1 with a chance
 * of one in a thousand at most when the two are alike). It blocks advance and alerts; it never rolls back.
 */
export function earlyWarnings(facts: CandidateFacts): Warning[] {
  const rows = warningsOf(facts, columnsOf(facts.history));
  const firsts = rows.length === 0 ? null : facts.users();
  if (firsts === null) return rows;
  // Rows of one user share a fate: what the rows say, the first rows of all users must say too.
  const users = warningsOf(facts, usersOf(firsts));
  return rows.flatMap((each) => users.find(({ metric }) => metric === each.metric) ?? []);
}

function warningsOf(facts: CandidateFacts, read: BlockReader): Warning[] {
  const { warning, policy } = facts;
  if (warning === null) return [];
  const changed = new Set(facts.weightsChangedAtMs.map((each) => Math.floor(gridIndex(each) / block)));
  const tolerated = 1 + policy.warningTolerance;
  const alarm = alarmOf(facts.among);
  const watches = [
    new Watch('failure_rate', [new Bets(failureOdds, tolerated)], alarm),
    new Watch('p95_latency_ms', warning.quartilesMs?.map(() => new Bets(latencyOdds, tolerated)) ?? [], alarm),
  ];
  const first = Math.floor(gridIndex(warning.sinceMs) / block) + 1;
  const last = Math.floor(gridIndex(facts.nowMs) / block);
  for (let index = first; index < last; index++) {
    // While the shares change, and until all route by the new ones, a block says nothing.
    if (changed.has(index) || changed.has(index - 1)) continue;
    const pairs = read(index * block, (index + 1) * block);
    for (let i = 0; i < watches.length; i++) watches[i]?.see(pairs[i] ?? [], (index + 1) * block);
  }
  return watches.flatMap((watch) => watch.told(policy.candidate));
}

/** One metric's bets, and since when they have been beyond chance; they clear once all that was won is lost again. */
class Watch {
  private since: number | null = null;
  private odds = 0;

  constructor(
    private readonly metric: Warning['metric'],
    private readonly bets: readonly Bets[],
    private readonly alarm: number,
  ) {}

  see(pairs: readonly Pair[], at: number): void {
    let moved = false;
    for (let i = 0; i < this.bets.length; i++) moved = this.bets[i]?.see(pairs[i] ?? nobody) || moved;
    if (!moved) return;
    if (this.since === null && this.bets.every(({ most }) => most < this.alarm)) return;
    this.odds = logMean(this.bets.map(({ logOdds }) => logOdds));
    if (this.since === null && this.odds >= this.alarm) this.since = at;
    if (this.since !== null && this.odds <= 0) this.since = null;
  }

  told(arm: string): Warning[] {
    if (this.since === null) return [];
    return [{ arm, metric: this.metric, sinceMs: this.since * gridMs, odds: Math.exp(Math.min(this.odds, 60)) }];
  }
}

const nobody: Pair = { rows: 0, hits: 0, otherRows: 0, otherHits: 0 };

function columnsOf({ origin, end, candidate, baseline }: History): BlockReader {
  const placeOf = (index: number) => Math.min(Math.max(index, origin), end) - origin;
  return (from, to) => {
    const [low, high] = [placeOf(from), placeOf(to)];
    const requests = pairOf(candidate, baseline, 'requests', 'failures', low, high);
    const slow = overQuartiles.map((hits) => pairOf(candidate, baseline, 'latencies', hits, low, high));
    return [[requests], slow];
  };
}

function pairOf(own: Totals, other: Totals, rows: keyof Totals, hits: keyof Totals, low: number, high: number): Pair {
  return {
    rows: between(own[rows], low, high),
    hits: between(own[hits], low, high),
    otherRows: between(other[rows], low, high),
    otherHits: between(other[hits], low, high),
  };
}

const between = (column: Float64Array, low: number, high: number) => (column[high] ?? 0) - (column[low] ?? 0);

function usersOf({ buckets }: FirstOfUsers): BlockReader {
  const byBlock = new Map<number, FirstOfUsers['buckets'][number][]>();
  for (const each of buckets) {
    // A bucket ends at its index: the one that ends where a block begins belongs to the block before.
    const index = Math.floor((each.index - 1) / block);
    byBlock.set(index, [...(byBlock.get(index) ?? []), each]);
  }
  return (from) => {
    const inside = byBlock.get(from / block) ?? [];
    const sum = (role: 'candidate' | 'baseline', place: number) =>
      inside.reduce((all, each) => all + (each[role][place] ?? 0), 0);
    const pair = (rows: number, hits: number): Pair => ({
      rows: sum('candidate', rows),
      hits: sum('candidate', hits),
      otherRows: sum('baseline', rows),
      otherHits: sum('baseline', hits),
    });
    return [[pair(0, 1)], [2, 3, 4].map((place) => pair(0, place))];
  };
}
