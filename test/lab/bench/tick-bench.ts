import type { Bench } from './bench';
import { figure } from './report';
import { defaults, run, type TickRow } from './tick';

/** What one tick costs, as the log grows. */
export const tick: Bench = {
  name: 'tick',
  about: 'one tick against the plan’s four statements on the same rows (--rows 10_000_000)',
  async run({ rows: most, say }) {
    const sizes = most === null ? defaults.sizes : [...decades.filter((size) => size < most), most];
    const { rows } = await run({ sizes, print: say });
    const table = { caption: 'Milliseconds', head, rows: rows.map(cells) };
    return { report: { title: 'tick: one tick of the watchdog', method, tables: [table] }, data: rows };
  },
};

const decades = [100_000, 1_000_000, 10_000_000, 100_000_000];

const method = [
  'The plan’s four statements on the raw rows, beside what one tick takes on the same rows: both providers, all four red lines, the whole look-back of the evidence. Five minutes hold one row in a hundred; medians.',
  'Evaluation: reading what is new by a process that read ten seconds ago, and judging it. Whole tick: with the claim of its slot, its state, its row and the commit. Cold: the read of a process that has just started.',
];

const head = ['rows', 'the plan', 'evaluation', 'whole tick', 'cold read', 'plan / evaluation', 'plan / tick'];

function cells({ rows, planMs, evaluationMs, tickMs, coldMs }: TickRow): string[] {
  const ratios = [planMs / evaluationMs, planMs / tickMs];
  return [rows.toLocaleString('en'), ...[planMs, evaluationMs, tickMs, coldMs, ...ratios].map(figure)];
}
