import { type SideBySide, sumOf, type Tally, tallyRound } from '../simulation/side-by-side';

export interface SplitsReport {
  readonly many: Tally;
  readonly one: Tally;
}

interface SplitsJob extends SideBySide {
  readonly first: number;
  readonly every: number;
  readonly last: number;
}

const { first, every, last, ...beside } = JSON.parse(process.argv[2] ?? '{}') as SplitsJob;
const rounds: SplitsReport[] = [];
for (let round = first; round <= last; round += every) rounds.push(tallyRound(beside, round));
const report: SplitsReport = { many: sumOf(rounds.map(({ many }) => many)), one: sumOf(rounds.map(({ one }) => one)) };
process.send?.(report, () => process.disconnect());
