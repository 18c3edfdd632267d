import type { z } from 'zod';
import type { quotaAnswer } from '@/lib/api/answers/access';
import { json } from '@/lib/http/respond';
import type { CallerHandler } from '../callers';
import type { DataPlaneDoor } from '../data-route';
import { jobsOf } from './order-job';

/** Each caller sees its own. */
export function quotaHandler({ jobs }: Pick<DataPlaneDoor, 'jobs'>): CallerHandler {
  return async ({ requestId }, caller) => {
    const spent = await jobsOf(jobs).spending.ofCaller(caller.name);
    const answer: z.infer<typeof quotaAnswer> = { caller: caller.name, ...spent };
    return json(200, answer, { 'x-request-id': requestId });
  };
}
