import type { Bench } from '../bench';
import type { Table } from '../report';
import { quantile } from '../statistics';
import { type Candidate, type Counted, everyMinutes, judge, ordersOf, type RolledBack } from './survivors';

const usualTrials = 10;
const minutes = 60;
const usualLevels = [2, 10];

const candidates: readonly Candidate[] = [
  { about: 'as good as the baseline', neverEnds: 0, fails: 0.01, tookMs: [90_000, 180_000] },
  { about: '30 % never end, the others as quick', neverEnds: 0.3, fails: 0.01, tookMs: [90_000, 180_000] },
  { about: '30 % never end, the others twice as quick', neverEnds: 0.3, fails: 0.01, tookMs: [45_000, 90_000] },
  { about: '10 % never end', neverEnds: 0.1, fails: 0.01, tookMs: [90_000, 180_000] },
  { about: '30 % fail', neverEnds: 0, fails: 0.3, tookMs: [90_000, 180_000] },
];

interface Row {
  readonly about: string;
  readonly perMinute: number;
  readonly found: Readonly<Record<Counted, readonly (RolledBack | null)[]>>;
}

/** A candidate looks the better the more of its bad jobs never end, where only those are counted that did. */
export const survivors: Bench = {
  name: 'survivors',
  about: `a candidate whose jobs never end, by cohorts and by finished jobs alone, side by side (--rows ${usualTrials}: trials; --levels)`,
  async run({ rows: wanted, levels, say }) {
    const trials = wanted ?? usualTrials;
    const rows = candidates.flatMap((candidate) =>
      (levels ?? usualLevels).map((perMinute) => {
        say(`survivors: ${candidate.about}, ${perMinute} a minute`);
        return rowOf(candidate, perMinute, trials);
      }),
    );
    return {
      report: {
        title: 'survivors: jobs that never end',
        method: [
          `Simulated time, the shipped rule with the lines that a split of jobs has by default (p95 of the time to done: 10 min), a look each ${everyMinutes} min for ${minutes} min, half of the orders at each arm, ${trials} trials a line, each judged both ways.`,
          'Cohorts: what is shipped; a job counts by when it was ordered, and one that has not ended when it is as old as the line allows is over it. Finished only: the same rule, shown none but jobs that have ended.',
        ],
        tables: [tableOf(rows)],
      },
      data: rows,
    };
  },
};

function rowOf(candidate: Candidate, perMinute: number, trials: number): Row {
  const found: Record<Counted, (RolledBack | null)[]> = { cohorts: [], 'finished only': [] };
  for (let seed = 1; seed <= trials; seed += 1) {
    const stories = ordersOf(candidate, perMinute, minutes, seed);
    for (const counted of ['cohorts', 'finished only'] as const) found[counted].push(judge(stories, counted, minutes));
  }
  return { about: candidate.about, perMinute, found };
}

function tableOf(rows: readonly Row[]): Table {
  return {
    caption: 'Rolled back, after how long (median), by which line',
    head: ['candidate', 'orders a minute at each arm', 'by cohorts', 'by finished jobs only'],
    rows: rows.map(({ about, perMinute, found }) => [
      about,
      perMinute,
      cellOf(found.cohorts),
      cellOf(found['finished only']),
    ]),
  };
}

function cellOf(all: readonly (RolledBack | null)[]): string {
  const found = all.filter((each) => each !== null);
  const share = `${found.length} of ${all.length}`;
  if (found.length === 0) return share;
  const after = quantile(
    found.map(({ afterMinutes }) => afterMinutes),
    0.5,
  );
  return `${share}, ${Math.round(after)} min, ${[...new Set(found.map(({ by }) => by))].sort().join(' and ')}`;
}
