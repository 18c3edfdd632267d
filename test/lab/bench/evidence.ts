import { seeded } from '@/lib/replay/simulate/chance';
import type { Behaviour } from '@/lib/replay/simulate/simulated-traffic';
import { type Detection, detections, falseRollbacks, type Rule, type Trial } from '@/lib/replay/simulate/trials';
import { defaultPolicy, type Policy, type RedLine } from '@/lib/split/policy/policy';
import { recovered } from './evidence/recovered';
import { costUsd, flagger, minimumSample, shipped, wilson } from './evidence/rules';
import { type EvidenceRow, printTable } from './evidence/table';

export interface EvidenceOptions {
  /** One-hour stages a level; the longer trials are scaled from it. */
  readonly stages: number;
  readonly seed: number;
  readonly levels: readonly number[];
  readonly print: (line: string) => void;
}

export const defaults: EvidenceOptions = {
  stages: 2000,
  seed: 1,
  levels: [0.5, 1, 2, 5, 10, 20, 50, 200],
  print: (line) => process.stdout.write(`${line}\n`),
};

const hour = 360;
const healthy: Omit<Behaviour, 'perMinute'> = {
  failureRate: 0.01,
  slowShare: 0.02,
  voucherRate: 0.025,
  costUsd,
  costSpread: 0.1,
};

const failureLine = defaultPolicy.redLines.find((line) => line.metric === 'failure_rate') as RedLine;
const failuresOnly: Policy = { ...defaultPolicy, redLines: [failureLine] };

/** Our rule beside four others on the same traces: how often each is wrong, and how long each takes when it is right. */
export async function run(given: Partial<EvidenceOptions> = {}): Promise<EvidenceRow[]> {
  const options = { ...defaults, ...given };
  options.print(
    'A candidate with 1 % failures, 2 % latencies over the line and 2.5 % vouchers, unless a table says otherwise;',
  );
  options.print(
    `half an hour of it before each fault; judged every 10 s; ${options.stages} one-hour stages a level, seed ${options.seed}.`,
  );
  options.print('literal: the plan to the letter. flagger: five failed checks of a minute, no data is failed.');
  options.print(
    'min 50: windows of 50 requests or more only. wilson: the lower end of the 95 % interval is over the line.',
  );
  const rows = options.levels.flatMap((perMinute, i) => level(perMinute, options, options.seed + i * 7919));
  for (const what of [...new Set(rows.map((row) => row.what))])
    printTable(
      what,
      rows.filter((row) => row.what === what),
      options.print,
    );
  return rows;
}

const names = ['ours', 'literal', 'flagger', 'min 50', 'wilson'] as const;

function level(perMinute: number, options: EvidenceOptions, seed: number): EvidenceRow[] {
  const random = seeded(seed);
  const is = { ...healthy, perMinute };
  const trial = (policy: Policy, scale: number, behaviour: Behaviour = is): Trial => ({
    policy,
    healthy: behaviour,
    random,
    runs: Math.max(1, Math.round(options.stages * scale)),
  });
  const five = rulesOf(failuresOnly, 'D1');
  const two = (stage: string) => rulesOf(defaultPolicy, stage).slice(0, 2);
  const share = (what: string, values: readonly number[]) => row(perMinute, what, values);
  const sick = (change: Partial<Behaviour>) => ({ ...is, ...change });
  // Where a handful of failures is evidence, the chance is largest and worth the most months.
  const endless = trial(failuresOnly, perMinute <= 1 ? 0.1 : 0.02, { ...is, failureRate: 0.005 });
  return [
    share('false rollbacks, one hour of D1, failures alone, %', falseRollbacks(trial(failuresOnly, 1), hour, five)),
    share(
      'false rollbacks, one hour of D1, all four lines, %',
      falseRollbacks(trial(defaultPolicy, 1), hour, two('D1')),
    ),
    share(
      'false rollbacks, three hours of D2, all four lines, %',
      falseRollbacks(trial(defaultPolicy, 0.5), 3 * hour, two('D2')),
    ),
    share(
      'false rollbacks, 30 days of D3 at 0.5 % failures, %',
      falseRollbacks(endless, 720 * hour, rulesOf(failuresOnly, 'D3').slice(0, 1)),
    ),
    ...times(perMinute, 'total outage', detections(trial(failuresOnly, 0.25), sick({ failureRate: 1 }), hour, five)),
    ...times(
      perMinute,
      '10 % failures',
      detections(trial(failuresOnly, 0.25), sick({ failureRate: 0.1 }), 2 * hour, five),
    ),
    ...times(
      perMinute,
      '15 % vouchers',
      detections(trial(defaultPolicy, 0.1), sick({ voucherRate: 0.15 }), 3 * hour, two('D1')),
    ),
    share(
      'rollbacks by an outage of 60 s long over, %',
      recovered(trial(failuresOnly, 0.25), sick({ failureRate: 1 }), five),
    ),
  ];
}

const rulesOf = (policy: Policy, stage: string): Rule[] => [
  shipped(policy, stage, 'confirmed'),
  shipped(policy, stage, 'observed'),
  flagger(failureLine),
  minimumSample(failureLine),
  wilson(failureLine),
];

function row(perMinute: number, what: string, shares: readonly number[]): EvidenceRow {
  return { perMinute, what, values: Object.fromEntries(shares.map((share, i) => [names[i] ?? i, share * 100])) };
}

function times(perMinute: number, what: string, found: readonly Detection[]): EvidenceRow[] {
  const of = (title: string, pick: (each: Detection) => number): EvidenceRow => ({
    perMinute,
    what: `${what}: ${title}`,
    values: Object.fromEntries(found.map((each, i) => [names[i] ?? i, pick(each)])),
  });
  return [of('median, min', (each) => each.median / 60), of('p90, min', (each) => each.p90 / 60)];
}
