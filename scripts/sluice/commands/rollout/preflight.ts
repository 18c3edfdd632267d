import { excerpt } from '@/lib/kernel/excerpt';
import { seeded } from '@/lib/replay/simulate/chance';
import type { PreflightRow } from '@/lib/replay/simulate/preflight';
import { runPreflight, usualLevels } from '@/lib/replay/simulate/run-preflight';
import { defaultPolicy } from '@/lib/split/policy/policy';
import { type Command, type Invocation, integerOption, textOption, UsageError } from '../../command';
import { readPolicyFile } from '../../policy-file';
import { tableLines } from '../../table-lines';
import { relayShape, shapeLines } from '../relays/relay-shape';

export const preflight: Command = {
  summary: 'what the policy can see at the expected traffic, and what a relay’s arms answer, before D1',
  usage: 'preflight [--policy FILE | --stored] [--stage NAME] [--rpm 1,10,50,200] [--runs N] [--seed N] [--shape]',
  notes: [
    'Simulates healthy and failing candidates through the live rule; needs no database unless --stored or --split.',
    'Of a relay that --split names it takes the stored policy, and puts the questions of its dialect that cost nothing to each arm, with its key: exit code 1 where their answers part. --shape: only that.',
  ],
  ofSplit: true,
  options: {
    policy: { type: 'string' },
    stored: { type: 'boolean' },
    stage: { type: 'string' },
    rpm: { type: 'string' },
    runs: { type: 'string' },
    seed: { type: 'string' },
    shape: { type: 'boolean' },
  },
  async run(call) {
    const shape = await relayShape(call);
    const told = shape === null ? [] : shapeLines(shape);
    const isApart = shape !== null && shape.differences.length + shape.troubles.length > 0;
    if (call.values.shape === true) {
      if (shape === null) throw new UsageError('--shape compares the arms of a relay; name one with --split.');
      call.answer({ shape }, told);
      return isApart ? 1 : undefined;
    }
    const report = runPreflight({
      policy: await policyOf(call, shape !== null),
      stage: textOption(call.values, 'stage'),
      levels: levelsOf(textOption(call.values, 'rpm')),
      runs: Math.max(1, integerOption(call.values, 'runs', 40)),
      random: seeded(integerOption(call.values, 'seed', 1)),
    });
    call.answer(shape === null ? report : { ...report, shape }, [
      `${report.stage}, ${report.runs} simulated stages for each figure, ${report.min_requests} requests to advance`,
      ...tableLines(columnsOf(report.rows), report.rows.map(cells)),
      ...told,
    ]);
    return isApart ? 1 : undefined;
  },
};

const columns = [
  'requests/min',
  'candidate/min',
  'false rollback',
  'outage found (p90)',
  '10 % failing found (p90)',
  'smallest found',
  'hours to advance',
];

const columnsOf = (rows: readonly PreflightRow[]): readonly string[] =>
  rows.some(({ minutes_until_jobs_known: minutes }) => minutes !== undefined)
    ? [...columns, 'ends of jobs judged after']
    : columns;

function cells(row: PreflightRow): unknown[] {
  const percent = (share: number | null) => (share === null ? 'none' : `${Number((share * 100).toPrecision(2))} %`);
  const found = (median: number | null, p90: number | null) =>
    median === null ? 'not found' : `${median.toFixed(1)} min (${p90 === null ? '-' : p90.toFixed(1)})`;
  return [
    row.requests_per_minute,
    row.candidate_per_minute,
    percent(row.false_rollback),
    found(row.outage_median_minutes, row.outage_p90_minutes),
    found(row.tenth_failing_median_minutes, row.tenth_failing_p90_minutes),
    percent(row.smallest_failure_rate_found),
    row.hours_to_min_requests === null ? 'never' : row.hours_to_min_requests.toFixed(1),
    ...jobsKnown(row),
  ];
}

/** Only of a split of jobs: nothing that becomes of them is known sooner. */
function jobsKnown({ minutes_until_jobs_known: minutes }: PreflightRow): string[] {
  if (minutes === undefined) return [];
  return [minutes === null ? 'never' : `${Math.ceil(minutes)} min`];
}

async function policyOf(call: Invocation, isRelay: boolean) {
  const file = textOption(call.values, 'policy');
  if (file !== null) return readPolicyFile(file);
  return isRelay || call.values.stored === true
    ? (await (await call.control()).flags.readPolicy()).policy
    : defaultPolicy;
}

function levelsOf(text: string | null): readonly number[] {
  if (text === null) return usualLevels;
  const levels = text.split(',').map(Number);
  if (levels.every((level) => level > 0 && level <= 100_000)) return levels;
  throw new UsageError(`--rpm is "${excerpt(text)}"; it must be requests a minute, such as 1,10,50.`);
}
