import type { EvidenceRow } from '@/test/lab/bench/evidence/table';
import type { Bench } from './bench';
import { defaults, run } from './evidence';
import { figure, type Table } from './report';

const stages = 200;

/** How often the rule is wrong, and how long it takes when it is right. */
export const evidence: Bench = {
  name: 'evidence',
  about: 'false rollbacks and times to detect of five rules on the same traces (--rows: stages a level)',
  async run({ rows: wanted, say }) {
    const rows = await run({ stages: wanted ?? stages, print: say });
    const kinds = [...new Set(rows.map(({ what }) => what))];
    return {
      report: {
        title: 'evidence: the rule of the red lines',
        method: [
          `Simulated traces, judged every 10 s: ${wanted ?? stages} one-hour stages a level, seed ${defaults.seed}; a candidate with 1 % failures, 2 % latencies over the line and 2.5 % vouchers unless a table says otherwise, half an hour of it before each fault.`,
          'Literal: the plan to the letter. Flagger: five failed checks of a minute, no data is failed. Min 50: windows of 50 requests or more only. Wilson: the lower end of the 95 % interval is over the line.',
        ],
        tables: kinds.map((what) => tableOf(what, rows)),
      },
      data: rows,
    };
  },
};

function tableOf(what: string, all: readonly EvidenceRow[]): Table {
  const rows = all.filter((row) => row.what === what);
  const names = Object.keys(rows[0]?.values ?? {});
  return {
    caption: what[0]?.toUpperCase() + what.slice(1),
    head: ['requests a minute', ...names],
    rows: rows.map(({ perMinute, values }) => [perMinute, ...names.map((name) => cell(values[name]))]),
  };
}

function cell(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  return Number.isFinite(value) ? figure(value) : 'never';
}
