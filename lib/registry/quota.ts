import { z } from 'zod';

const most = 1_000_000_000;
const whole = `must be a whole number from 0 to ${most}, or left out`;
const dollars = `must be a number of US dollars from 0 to ${most}, or left out`;
const count = z.int({ error: whole }).min(0, whole).max(most, whole).optional();

/** What may be spent on jobs: what is left out is not limited, and 0 is none. The same as in `sluice.quota_fault`. */
export const quotaShape = z.strictObject(
  {
    jobs: z
      .strictObject(
        {
          spend_per_day_usd: z.number({ error: dollars }).min(0, dollars).max(most, dollars).optional(),
          creates_per_day: count,
          in_flight: count,
        },
        { error: 'must be an object with spend_per_day_usd, creates_per_day, in_flight' },
      )
      .optional(),
  },
  { error: 'must be an object with jobs' },
);

export type Quota = Readonly<z.output<typeof quotaShape>>;

/** undefined: it limits nothing. */
export function saidQuota(quota: Quota | undefined): Quota | undefined {
  return Object.keys(quota?.jobs ?? {}).length === 0 ? undefined : quota;
}

/** What the jobs of today (UTC) come to. */
export interface Spending {
  /** Jobs, but for those that were surely refused. */
  readonly begun: number;
  readonly spent_usd: number;
  /** Whether it was charged is not known, and will not be. */
  readonly unknown_usd: number;
  /** Of jobs that run still. */
  readonly held_usd: number;
  /** Jobs that have not ended, whenever they were begun. */
  readonly in_flight: number;
}
