import { gridIndex, gridMs, type History, overQuartiles, type Totals } from './buckets/history';
import type { CandidateFacts, FirstOfUsers } from './facts';
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

/** Rows and hits of two arms over a span in which their shares were constant. */
interface Pair {
  readonly rows: number;
  readonly hits: number;
  readonly otherRows: number;
  readonly otherHits: number;
}

/** Blocks in which a new bet begins: as many half minutes as twelve hours have. */
const beginnings = 1440;
const logOfOne = Math.log(1 / beginnings);

/**
 * Bets on one arm having more than its share of the hits, at several odds at once. Where hits fall on rows of either arm
 * alike, each bet's fortune is as likely to shrink as to grow: its expected growth is at most 1, whatever was before.
 * Half of the stake is bet at once, and the other half little by little: what was lost while both were alike must not
 * have to be won back when one turns worse.
 */
export class Bets {
  private readonly early: Float64Array;
  private readonly late: Float64Array;
  private readonly logs: readonly number[];
  private readonly beyond: readonly number[];
  private readonly logTolerated: number;
  private begun = 0;

  /** `tolerated`: odds up to which more is no matter, 1 for none. */
  constructor(odds: readonly number[], tolerated: number) {
    this.logs = odds.map(Math.log);
    this.beyond = odds.map((each) => each * tolerated);
    this.logTolerated = Math.log(tolerated);
    this.early = new Float64Array(odds.length);
    this.late = new Float64Array(odds.length).fill(Number.NEGATIVE_INFINITY);
  }

  /** No less than `logOdds`, and cheaper. */
  most = 0;

  /** The logarithm of what all stakes together, the same for each of the odds, have grown to. */
  get logOdds(): number {
    const unspent = Math.log(1 - this.begun / beginnings);
    return logMean(this.early.map((each, i) => logMean([each, logSum(this.late[i] ?? unspent, unspent)])));
  }

  /** False where the span says nothing. */
  see({ rows, hits, otherRows, otherHits }: Pair): boolean {
    const [all, bad] = [rows + otherRows, hits + otherHits];
    if (rows <= 0 || otherRows <= 0 || bad <= 0 || bad >= all) return false;
    // What luck gives at the odds that are tolerated is at least that of the mean (Jensen).
    const tolerated = ((rows * bad) / all) * this.logTolerated;
    const begins = this.begun < beginnings ? logOfOne : Number.NEGATIVE_INFINITY;
    if (this.begun < beginnings) this.begun++;
    this.most = 0;
    for (let i = 0; i < this.logs.length; i++) {
      const expected = mostExpected(rows, bad, all, this.beyond[i] ?? 1) - tolerated;
      const growth = hits * (this.logs[i] ?? 0) - expected;
      const early = (this.early[i] ?? 0) + growth;
      const late = logSum(this.late[i] ?? begins, begins) + growth;
      this.early[i] = early;
      this.late[i] = late;
      // What is left of the second half adds at most as much as one stake.
      this.most = Math.max(this.most, early, late + Math.LN2);
    }
    return true;
  }
}

/**
 * At least ln E[θ^X], where X of the `bad` rows fall on the arm's: drawing without putting back spreads less than drawing
 * with it. Seen from the bad rows, from the arm's, or from the rows that are not bad; the fewest draws bound it best.
 */
function mostExpected(rows: number, bad: number, all: number, odds: number): number {
  const good = all - bad;
  if (bad <= rows && bad <= good) return bad * Math.log1p((rows / all) * (odds - 1));
  if (rows <= good) return rows * Math.log1p((bad / all) * (odds - 1));
  return rows * Math.log(odds) + good * Math.log1p((rows / all) * (1 / odds - 1));
}

/** The logarithm of the mean of numbers that are given by theirs. */
export function logMean(logs: ArrayLike<number>): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logs.length; i++) most = Math.max(most, logs[i] ?? most);
  let sum = 0;
  for (let i = 0; i < logs.length; i++) sum += Math.exp((logs[i] ?? 0) - most);
  return most + Math.log(sum / logs.length);
}

/** ln(eᵃ + eᵇ). */
function logSum(a: number, b: number): number {
  if (Math.abs(a - b) > 40) return Math.max(a, b);
  const most = Math.max(a, b);
  return most === Number.NEGATIVE_INFINITY ? most : most + Math.log1p(Math.exp(Math.min(a, b) - most));
}
