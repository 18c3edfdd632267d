import type { Bench } from './bench';
import { benchDashboard } from './dashboard';
import { figure, type Table } from './report';
import { benchSeries, defaults } from './series';

/** The dashboard: its panels over ten days of history, and the overview in a real browser. */
export const dashboard: Bench = {
  name: 'dashboard',
  about:
    'every panel over up to ten days (--rows 10_000_000) against the plan’s SQL by the minute; the overview in a browser',
  async run({ rows, say }) {
    const series = await benchSeries({ rows: rows ?? defaults.rows, print: say });
    const browser = await benchDashboard();
    const tables = [
      panels(series),
      { caption: 'The overview in a browser', head: ['', 'median', 'p95', 'runs'], rows: browser.rows },
      {
        caption: 'Tasks over 50 ms in the browser, the processor four times slower',
        head: ['', 'tasks', 'longest, ms', 'tasks of processor', 'longest, ms'],
        rows: browser.tasks,
      },
    ];
    const method = [
      `${(rows ?? defaults.rows).toLocaleString('en')} rows spread over ${defaults.days} days; medians of ${defaults.repeats}. Beside the panels the plan’s SQL, grouped by the minute over the same days.`,
      'The browser: the built web process and a browser on one machine; 20 navigations and 20 rollbacks by raw SQL.',
    ];
    return { report: { title: 'dashboard: panels and pixels', method, tables }, data: { series, browser } };
  },
};

function panels({ rows, planMs, timesPlan }: Awaited<ReturnType<typeof benchSeries>>): Table {
  const none = ['', '', '', '', ''];
  return {
    caption: 'Panels, milliseconds',
    head: ['span', 'points', 'chart', 'failures', 'costs', 'examples', 'all of /api/metrics', 'times'],
    rows: [
      ...rows.map(({ hours, points, chartMs, failuresMs, costsMs, examplesMs, allMs }, i) => {
        const times = i === rows.length - 1 ? figure(timesPlan) : '';
        return [`${hours} h`, points, ...[chartMs, failuresMs, costsMs, examplesMs, allMs].map(figure), times];
      }),
      ['the plan’s SQL by the minute', ...none, figure(planMs), '1'],
    ],
  };
}
