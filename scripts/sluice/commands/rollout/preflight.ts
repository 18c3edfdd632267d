import { excerpt } from '@/lib/kernel/excerpt';
import { seeded } from '@/lib/replay/simulate/chance';
import type { PreflightRow } from '@/lib/replay/simulate/preflight';
import { runPreflight, usualLevels } from '@/lib/replay/simulate/run-preflight';
import { defaultPolicy } from '@/lib/split/policy/policy';
import { type Command, type Invocation, integerOption, textOption, UsageError } from '../../command';
import { readPolicyFile } from '../../policy-file';
import { tableLines } from '../../texts/table-lines';
import { relayShape, shapeLines } from '../relays/relay-shape';
import { outlookLines, outlooksFor } from './job-outlook';

export const preflight: Command = {
  summary: 'what the policy can see at the expected traffic, and what a relay’s arms answer, before D1',
  usage: 'preflight [--policy FILE | --stored] [--stage NAME] [--rpm 1,10,50,200] [--runs N] [--seed N] [--shape]',
  notes: [
    'Simulates healthy and failing candidates through the live rule; needs no database unless --stored or --split.',
    'Of a split that --split names it takes the stored policy. Of jobs it says how long until their ends can be judged in each stage, and what a bad candidate costs until then: by the jobs of the last seven days, or by what is assumed.',
    'Of a relay it also puts the questions of its dialect that cost nothing to each arm, with its key: exit code 1 where their answers part. --shape: only that.',
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
    const policy = await policyOf(call);
    const stage = textOption(call.values, 'stage');
    const levels = levelsOf(textOption(call.values, 'rpm'));
    const runs = Math.max(1, integerOption(call.values, 'runs', 40));
    const random = seeded(integerOption(call.values, 'seed', 1));
    const report = runPreflight({ policy, stage, levels: levels ?? usualLevels, runs, random });
    const jobs = await outlooksFor(call, policy, stage, levels);
    call.answer({ ...report, ...(jobs === null ? {} : { jobs }), ...(shape === null ? {} : { shape }) }, [
      `${report.stage}, ${report.runs} simulated stages for each figure, ${report.min_requests} requests to advance`,
      ...tableLines(columnsOf(report.rows), report.rows.map(cells)),
      ...(jobs === null ? [] : outlookLines(jobs)),
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

async function policyOf(call: Invocation) {
  const file = textOption(call.values, 'policy');
  if (file !== null) return readPolicyFile(file);
  return call.values.stored === true || textOption(call.values, 'split') !== null
    ? (await (await call.control()).flags.readPolicy()).policy
    : defaultPolicy;
}

function levelsOf(text: string | null): readonly number[] | null {
  if (text === null) return null;
  const levels = text.split(',').map(Number);
  if (levels.every((level) => level > 0 && level <= 100_000)) return levels;
  throw new UsageError(`--rpm is "${excerpt(text)}"; it must be requests a minute, such as 1,10,50.`);
}
