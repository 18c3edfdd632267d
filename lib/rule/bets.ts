/** Rows and hits of two arms over a span in which their shares were constant. */
export interface Pair {
  readonly rows: number;
  readonly hits: number;
  readonly otherRows: number;
  readonly otherHits: number;
}

/**
 * Bets on one arm having more than its share of the hits, at several odds at once. Where hits fall on rows of either arm
 * alike, each bet's fortune is as likely to shrink as to grow: its expected growth is at most 1, whatever was before.
 */
export class Bets {
  private readonly fortunes: Float64Array;

  /** `tolerated`: odds up to which more is no matter, 1 for none. */
  constructor(
    private readonly odds: readonly number[],
    private readonly tolerated: number,
  ) {
    this.fortunes = new Float64Array(odds.length);
  }

  /** The logarithm of what all stakes together, the same for each bet, have grown to. */
  get logOdds(): number {
    return logMean(this.fortunes);
  }

  /** False where the span says nothing. */
  see({ rows, hits, otherRows, otherHits }: Pair): boolean {
    const [all, bad] = [rows + otherRows, hits + otherHits];
    if (rows <= 0 || otherRows <= 0 || bad <= 0 || bad >= all) return false;
    // What luck gives at the odds that are tolerated is at least that of the mean (Jensen).
    const tolerated = ((rows * bad) / all) * Math.log(this.tolerated);
    for (const [i, odds] of this.odds.entries()) {
      const expected = mostExpected(rows, bad, all, odds * this.tolerated) - tolerated;
      this.fortunes[i] = (this.fortunes[i] ?? 0) + hits * Math.log(odds) - expected;
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
