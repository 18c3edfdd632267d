import type { Bench } from './bench';
import { type LogRow, run } from './log';
import { costTable, measureLogCost } from './log-cost';
import { figure, type Table } from './report';

/** The event log: what a request pays, and what the store sustains. */
export const log: Bench = {
  name: 'log',
  about: 'logging an event on the request path, and sustained rows a second with 8 writers',
  async run({ say }) {
    const cost = await measureLogCost();
    const { rows, timesSingle } = await run({ print: say });
    const method = [
      'On the request’s path an event is queued in memory; in turns with it, single inserts that are awaited, on the same Postgres (embedded, shipped settings).',
      'Sustained: batches of 500 as one text, an event a line, stored exactly once with their buckets in the same transaction, compaction running beside it.',
    ];
    const tables = [costTable(cost), sustained(rows)];
    return { report: { title: 'log: the event log', method, tables }, data: { cost, rows, timesSingle } };
  },
};

function sustained(rows: readonly LogRow[]): Table {
  const single = rows[0]?.rowsPerSecond ?? Number.NaN;
  return {
    caption: 'Sustained, rows a second',
    head: ['', 'writers', 'rows/s', 'times a single awaited row'],
    rows: rows.map(({ what, writers, rowsPerSecond }) => {
      return [what, writers, figure(rowsPerSecond), figure(rowsPerSecond / single)];
    }),
  };
}
