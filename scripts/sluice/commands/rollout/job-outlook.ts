import type { JobOutlookView } from '@/lib/api/answers/job-outlook';
import { pastJobs } from '@/lib/jobs/operate/past-jobs';
import { connect } from '@/lib/postgres/connection';
import {
  assumedHabits,
  habitsOf,
  type JobHabits,
  type JobOutlook,
  jobAgeOf,
  jobOutlooks,
} from '@/lib/replay/job-outlook';
import type { Policy } from '@/lib/split/policy/policy';
import { type Invocation, textOption } from '../../command';
import { tableLines } from '../../texts/table-lines';

/** Of each stage, or of one, at each level of traffic, or at the split's own; null: the policy is not about jobs. */
export async function outlooksFor(
  call: Invocation,
  policy: Policy,
  stageName: string | null,
  levels: readonly number[] | null,
): Promise<JobOutlookView | null> {
  const ageMs = jobAgeOf(policy);
  if (ageMs === null) return null;
  const habits = await habitsFor(call, policy, ageMs);
  const stages = policy.stages.filter(({ name }) => stageName === null || name === stageName);
  const outlooks = (levels ?? [habits.orders_per_minute]).flatMap((orders_per_minute) =>
    stages.flatMap((stage) => jobOutlooks(policy, stage, { ...habits, orders_per_minute })),
  );
  return { habits, outlooks };
}

/** A policy in a file has no jobs, unless --split says whose it is to be. */
async function habitsFor(call: Invocation, policy: Policy, ageMs: number): Promise<JobHabits> {
  if (textOption(call.values, 'split') === null && call.values.stored !== true) return assumedHabits(policy, 1);
  const { split } = (await call.control()).facts;
  const sql = connect(call.database().url, { name: 'cli', max: 1 });
  try {
    return habitsOf(policy, await pastJobs(sql, split, policy.baseline, ageMs));
  } finally {
    await sql.end({ timeout: 2 });
  }
}

const columns = [
  'stage',
  'candidate',
  'orders/min',
  'jobs there/min',
  'jobs needed',
  '30 % failing found',
  '30 % hanging found',
  'ends judged after',
  'stage takes',
  'lost until then',
];

export function outlookLines({ habits, outlooks }: JobOutlookView): readonly string[] {
  return [
    '',
    habitsLine(habits),
    ...tableLines(columns, outlooks.map(cells)),
    ...new Set(outlooks.flatMap(warningLines)),
  ];
}

function habitsLine({ basis, jobs, hours, p50_ms, p95_ms, cost_usd, orders_per_minute }: JobHabits): string {
  const price = cost_usd === null ? 'what one costs nobody has said' : `${usd(cost_usd)} each`;
  const took = `done after ${time(p50_ms)} (p50) and ${time(p95_ms)} (p95), ${price}`;
  if (basis === 'assumed')
    return `Ends of jobs. None of the baseline's is old enough to go by; assumed: ${took}; orders a minute: ${brief(orders_per_minute)}.`;
  return `Ends of jobs, by ${jobs} of the baseline's in the last ${brief(hours)} h: ${took}; orders a minute: ${brief(orders_per_minute)}.`;
}

function cells(outlook: JobOutlook): unknown[] {
  const { lost_jobs, lost_usd, stage_minutes } = outlook;
  const lost =
    lost_jobs === null ? 'without end' : `${Math.ceil(lost_jobs)} jobs${lost_usd === null ? '' : `, ${usd(lost_usd)}`}`;
  return [
    ...[
      outlook.stage,
      outlook.arm,
      brief(outlook.orders_per_minute),
      brief(outlook.jobs_per_minute),
      outlook.needed_jobs,
    ],
    ...[
      minutes(outlook.failing_after_minutes),
      minutes(outlook.slow_after_minutes),
      minutes(outlook.known_after_minutes),
    ],
    ...[stage_minutes === null ? 'no end' : minutes(stage_minutes), lost],
  ];
}

function warningLines({ stage, arm, orders_per_minute, shortage, limit_is_usual }: JobOutlook): readonly string[] {
  const place = `${stage}, ${arm} at ${brief(orders_per_minute)} orders a minute`;
  const usual = `5 % of the baseline's jobs take as long already as p95_time_to_done_ms allows; set its limit above that.`;
  const lines = limit_is_usual ? [usual] : [];
  if (shortage === null) return lines;
  const { of, share, minutes: least } = shortage;
  const where = of === 'stage' ? 'the stage' : 'the windows of the lines';
  const ways = [
    ...(least === null ? [] : [`${where} ${least} minutes long`]),
    ...(share === null ? [] : [`the share ${Math.round(share * 100)} %`]),
  ];
  const why =
    of === 'stage'
      ? 'the stage ends before anything can be known'
      : 'too few jobs end within a window for their lines ever to be ok, so that the stage never opens the next';
  const remedy = ways.length === 0 ? 'no share and no length helps without traffic' : `make ${ways.join(', or ')}`;
  return [...lines, `${place}: ${why}; ${remedy}.`];
}

const brief = (value: number) => String(Number(value.toPrecision(2)));
const usd = (value: number) => `$${value.toFixed(2)}`;
const minutes = (value: number | null) => (value === null ? 'never' : `${Math.ceil(value)} min`);
const time = (ms: number | null) =>
  ms === null ? 'no time that ends' : ms < 60_000 ? `${Math.round(ms / 1000)} s` : `${brief(ms / 60_000)} min`;
