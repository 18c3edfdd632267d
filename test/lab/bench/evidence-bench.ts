import type { EvidenceRow } from '@/test/lab/bench/evidence/table';
import { regimes } from '@/test/lab/regimes/regimes';
import type { Bench } from './bench';
import { defaults, run } from './evidence';
import { cellOf, type Figures, type TrafficRow, tryTraffic } from './evidence/traffic';
import { ruleNames } from './evidence/try-regime';
import { figure, type Table } from './report';

const stages = 200;
const traces = 100;
/** The five rules on independent failures, one candidate at a time; a name beside the regimes'. */
const competitors = 'competitors';

/** How often the rule is wrong, and how long it takes when it is right. */
export const evidence: Bench = {
  name: 'evidence',
  about: `false rollbacks and times to detect on the same traces (--rows: traces a level; --levels; --only ${competitors} or a kind of traffic)`,
  async run({ rows: wanted, only, levels, say }) {
    const chosen = only === null ? regimes : regimes.filter(({ name }) => only.includes(name));
    const unknown = only?.find((name) => name !== competitors && !regimes.some((regime) => regime.name === name));
    if (unknown !== undefined)
      throw new Error(
        `There is no traffic "${unknown}": ${[competitors, ...regimes.map(({ name }) => name)].join(', ')}.`,
      );
    const { seed } = defaults;
    const traffic = tryTraffic({ regimes: chosen, levels, traces: wanted ?? traces, seed, say });
    const isCompeting = only === null || only.includes(competitors);
    const rows = isCompeting ? await run({ stages: wanted ?? stages, ...(levels ? { levels } : {}), print: say }) : [];
    const kinds = [...new Set(rows.map(({ what }) => what))];
    return {
      report: {
        title: 'evidence: the rule of the red lines',
        method: [
          `Simulated traces, judged every 10 s: ${wanted ?? traces} traces of each kind of traffic and level, seed ${seed}, both arms; healthy: 1 % failures, 2 % latencies over the line and 2.5 % vouchers. False rollbacks with their 95 % interval, or minutes from the onset (median / ninth decile) and how many are found.`,
          'Literal: the plan to the letter. Old rule: the rule that took failures to be independent.',
          `The tables of five rules: ${wanted ?? stages} one-hour stages a level, the candidate alone, half an hour of healthy traffic before each fault. Flagger: five failed checks of a minute, no data is failed. Min 50: windows of 50 requests or more only. Wilson: the lower end of the 95 % interval is over the line.`,
        ],
        tables: [
          trafficTable(
            'Must not roll back: false rollbacks',
            traffic.filter(({ sick }) => !sick),
          ),
          trafficTable(
            'Must roll back: minutes, found',
            traffic.filter(({ sick }) => sick),
          ),
          ...kinds.map((what) => tableOf(what, rows)),
        ].filter((table) => table.rows.length > 0),
      },
      data: { traffic, rows },
    };
  },
};

function trafficTable(caption: string, rows: readonly TrafficRow[]): Table {
  return {
    caption,
    head: ['traffic', 'requests a minute', ...ruleNames],
    rows: rows.map((row) => [
      `${row.regime}: ${row.about}`,
      row.perMinute,
      ...ruleNames.map((rule) => cellOf(row.rules[rule] as Figures, row.sick)),
    ]),
  };
}

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
