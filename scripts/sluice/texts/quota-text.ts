import type { Quota, Spending } from '@/lib/registry/quota';
import { type Invocation, textOption, UsageError } from '../command';

/** Of every command that says what may be spent. */
export const quotaOptions = {
  'spend-per-day': { type: 'string' },
  'creates-per-day': { type: 'string' },
  'in-flight': { type: 'string' },
} as const;

export const quotaUsage = '[--spend-per-day USD] [--creates-per-day N] [--in-flight N]';

/** What is left out is not limited. */
export function quotaOf({ values }: Pick<Invocation, 'values'>): Quota {
  const jobs = {
    spend_per_day_usd: numberOf(
      values,
      'spend-per-day',
      /^\d{1,10}(\.\d{1,9})?$/,
      'an amount of US dollars such as 50',
    ),
    creates_per_day: numberOf(values, 'creates-per-day', /^\d{1,10}$/, 'a whole number'),
    in_flight: numberOf(values, 'in-flight', /^\d{1,10}$/, 'a whole number'),
  };
  const said = Object.fromEntries(Object.entries(jobs).filter(([, cap]) => cap !== undefined));
  return Object.keys(said).length === 0 ? {} : { jobs: said };
}

function numberOf(values: Invocation['values'], name: string, shape: RegExp, what: string): number | undefined {
  const text = textOption(values, name);
  if (text === null) return undefined;
  if (shape.test(text)) return Number(text);
  throw new UsageError(`--${name} is "${text}"; it must be ${what}.`);
}

/** `at most 50 USD a day, 20 in flight`. */
export function capsText({ jobs = {} }: Quota): string {
  const caps = [
    jobs.spend_per_day_usd === undefined ? '' : `${short(jobs.spend_per_day_usd)} USD a day`,
    jobs.creates_per_day === undefined ? '' : `${jobs.creates_per_day} begun a day`,
    jobs.in_flight === undefined ? '' : `${jobs.in_flight} in flight`,
  ].filter((cap) => cap !== '');
  return caps.length === 0 ? 'not limited' : `at most ${caps.join(', ')}`;
}

/** `1.05 of 50 USD, 3 of 1000 begun, 2 in flight`; '' where nothing is limited and nothing was begun. */
export function spendingText({ jobs = {} }: Quota, today: Spending): string {
  const used = today.spent_usd + today.unknown_usd + today.held_usd;
  const isNews = today.begun > 0 || today.in_flight > 0;
  const parts = [
    [used, jobs.spend_per_day_usd, 'USD'],
    [today.begun, jobs.creates_per_day, 'begun'],
    [today.in_flight, jobs.in_flight, 'in flight'],
  ] as const;
  return parts
    .filter(([, cap]) => cap !== undefined || isNews)
    .map(([amount, cap, what]) => `${short(amount)}${cap === undefined ? '' : ` of ${short(cap)}`} ${what}`)
    .join(', ');
}

/** What the jobs of today come to, line by line. */
export function spendingLines({ jobs = {} }: Quota, today: Spending): string[] {
  const cap = (limit: number | undefined) => (limit === undefined ? 'not limited' : `at most ${short(limit)}`);
  return [
    `spent today   ${short(today.spent_usd)} USD; may have been charged: ${short(today.unknown_usd)} USD`,
    `held          ${short(today.held_usd)} USD, by jobs of today that run still`,
    `together      ${short(today.spent_usd + today.unknown_usd + today.held_usd)} USD a day, ${cap(jobs.spend_per_day_usd)}`,
    `begun today   ${today.begun} jobs, ${cap(jobs.creates_per_day)}`,
    `in flight     ${today.in_flight} jobs, ${cap(jobs.in_flight)}`,
  ];
}

const short = (amount: number) => String(Number(amount.toFixed(4)));
