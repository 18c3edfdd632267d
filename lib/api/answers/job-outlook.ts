import { z } from 'zod';
import type { JobHabits, JobOutlook } from '@/lib/replay/job-outlook';
import { nullableNumber } from './nullable';

const number = z.number();

export interface JobOutlookView {
  readonly habits: JobHabits;
  readonly outlooks: readonly JobOutlook[];
}

const habits = z.object({
  basis: z.enum(['history', 'assumed']).describe('assumed: of the baseline no job is old enough'),
  jobs: z.int().describe('of the baseline, as old as the line allows'),
  hours: number.describe('over which they were ordered'),
  orders_per_minute: number.describe('over all arms'),
  p50_ms: nullableNumber.describe('until they were done; null: that many have not ended'),
  p95_ms: nullableNumber,
  cost_usd: nullableNumber.describe('of a job'),
}) satisfies z.ZodType<JobHabits>;

const outlook = z.object({
  stage: z.string(),
  arm: z.string(),
  orders_per_minute: number,
  share: number,
  jobs_per_minute: number,
  needed_jobs: z.int().describe('for a line to be ok, and for 30 % of them to be no bad luck'),
  failing_after_minutes: nullableNumber.describe(
    'a candidate of which 30 % fail is taken back; null: not surely, or its line only signals',
  ),
  slow_after_minutes: nullableNumber.describe('the same of one of which 30 % take too long or never end'),
  known_after_minutes: nullableNumber.describe('both, and a good one is called ok'),
  stage_minutes: nullableNumber.describe('null: it has no end'),
  lost_jobs: nullableNumber.describe(
    'sent to a bad candidate until then, else (or where a line only signals) until the stage ends',
  ),
  lost_usd: nullableNumber,
  shortage: z
    .object({ of: z.enum(['window', 'stage']), share: nullableNumber, minutes: nullableNumber })
    .nullable()
    .describe('too few jobs in a window, or the stage ends too soon: the share or the minutes that would be enough'),
  limit_is_usual: z.boolean().describe('the jobs take as long already as the line of the time to done allows'),
}) satisfies z.ZodType<JobOutlook>;

/** The body of GET /api/splits/{slug}/job-outlook. */
export const jobOutlook = z.object({ habits, outlooks: z.array(outlook) }) satisfies z.ZodType<JobOutlookView>;
