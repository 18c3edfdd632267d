import type { Bench } from './bench';
import { figure } from './report';
import { defaults, run } from './tick';

/** What one tick reads, as the log grows. */
export const tick: Bench = {
  name: 'tick',
  about: 'one tick against the plan’s four statements on the same rows (--rows 10_000_000)',
  async run({ rows: most, say }) {
    const sizes = most === null ? defaults.sizes : [...defaults.sizes.filter((size) => size < most), most];
    const { rows } = await run({ sizes, print: say });
    return {
      report: {
        title: 'tick: what one tick reads',
        method: [
          'The plan’s four statements on the raw rows, beside everything that one tick reads of the same rows: both providers, all four red lines, the whole look-back of the evidence.',
          'Cold: an evaluator that has just started. Warm: one that read ten seconds ago, after ten more seconds of rows. Five minutes hold one row in a hundred; medians.',
        ],
        tables: [
          {
            caption: 'Milliseconds',
            head: ['rows', 'the plan', 'cold', 'warm', 'plan / warm'],
            rows: rows.map(({ rows: size, planMs, coldMs, warmMs }) => {
              return [
                size.toLocaleString('en'),
                figure(planMs),
                figure(coldMs),
                figure(warmMs),
                figure(planMs / warmMs),
              ];
            }),
          },
        ],
      },
      data: rows,
    };
  },
};
