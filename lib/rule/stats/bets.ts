/** Rows and hits of two arms over a span in which their shares were constant. */
export interface Pair {
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
