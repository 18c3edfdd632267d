import type { Bench } from './bench';
import { figure } from './report';
import { run, type SplitsRow } from './splits';

/** What one tick of the watchdog costs, as there are more splits. */
export const splits: Bench = {
  name: 'splits',
  about: 'one tick for 1, 100 and 1,000 splits at rest, and for 100 under way (--levels 1,100 --rows events an hour)',
  async run({ rows: events, levels, say }) {
    const rows = await run({
      resting: levels ?? [1, 100, 1000],
      underWay: 100,
      events: events ?? 1_000_000,
      repeats: 15,
      say,
    });
    const table = { caption: 'Milliseconds a tick', head, rows: rows.map(cells) };
    return { report: { title: 'splits: one tick for many splits', method, tables: [table] }, data: rows };
  },
};

const method = [
  'One process that ticked before; each tick has a slot of its own: claim, reading, judging, rows, commit. Medians of 15.',
  'Under way: a rollout in each split, begun five hours ago, with so many events in the last hour in all, and ten seconds more of them before each tick.',
];

const head = ['splits', 'a tick', 'the slowest', 'target'];

function cells({ what, tickMs, slowestMs, targetMs }: SplitsRow): string[] {
  return [what, figure(tickMs), figure(slowestMs), targetMs === null ? '' : figure(targetMs)];
}
