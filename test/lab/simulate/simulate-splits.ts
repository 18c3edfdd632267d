import { chanceIfAlike, rateOf, type SideBySide, sumOf, type Tally } from '../simulation/side-by-side';
import { runWorker } from './run-worker';
import type { SplitsReport } from './splits-worker';

export interface SplitsRun extends SideBySide {
  readonly rounds: number;
  readonly from: number;
  readonly workers: number;
}

/** Rarer than this by luck, and many splits are rolled back more often than one. */
const alikeAbove = 0.01;

/** False rollbacks per split and hour: of many splits, and in the same run of one with one candidate. */
export async function simulateSplits({ rounds, from, workers, ...beside }: SplitsRun): Promise<number> {
  const started = performance.now();
  const count = Math.max(1, Math.min(workers, rounds));
  const reports = await Promise.all(
    Array.from({ length: count }, (_, n) =>
      runWorker<SplitsReport>('splits-worker', { ...beside, first: from + n, every: count, last: from + rounds - 1 }),
    ),
  );
  const many = sumOf(reports.map((report) => report.many));
  const one = sumOf(reports.map((report) => report.one));
  const chance = chanceIfAlike(many, one);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(
    `False rollbacks per split and hour where nothing is wrong, by the shipped lines and the live rule:\n` +
      `  ${beside.splits} splits, 1 to 3 candidates each: ${told(many)}\n` +
      `  1 split, 1 candidate: ${told(one)}\n` +
      `  as many or more of the former by chance if both are alike: ${chance.toPrecision(2)}\n` +
      `${rounds} rounds of ${beside.hours} h in ${seconds} s by ${count} processes, seeds from ${from}\n`,
  );
  return chance < alikeAbove ? 1 : 0;
}

function told(tally: Tally): string {
  const { rate, low, high } = rateOf(tally);
  const percent = (share: number) => `${(share * 100).toFixed(3)} %`;
  const hours = Math.round(tally.hours).toLocaleString('en');
  return `${percent(rate)} (95 %: ${percent(low)} to ${percent(high)}; ${tally.rollbacks} in ${hours} split-hours)`;
}
