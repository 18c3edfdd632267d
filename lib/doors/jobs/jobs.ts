import { z } from 'zod';
import type { jobAnswer, jobsAnswer } from '@/lib/api/answers/jobs';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import { problemResponse } from '@/lib/http/problem';
import { readQuery, wholeNumber } from '@/lib/http/read-query';
import { json } from '@/lib/http/respond';
import type { Created } from '@/lib/jobs/create-job';
import { isEnd } from '@/lib/jobs/job-state';
import { type JobView, publicStatuses, statesOf } from '@/lib/jobs/job-view';
import { cancelJob, hideJob, readJob } from '@/lib/jobs/read-job';
import type { CallerHandler } from '../callers';
import type { JobsDoor } from '../data-route';
import type { Answer } from '../sluice/answer-once';
import { answerHeaders } from '../sluice/generate';
import { readJobBody } from './job-body';
import { jobHeaders, slugOf } from './job-headers';
import { jobProblemOf, unknownJob } from './job-problem';
import { type JobShape, jobsOf, orderJob } from './order-job';
import { shownJob } from './shown-job';
import { statusStream } from './status-stream';

const folder = '/api/jobs/';
export const mostListed = 100;
const usuallyListed = 20;

export const statusWord = z.enum(publicStatuses, { error: () => `must be ${publicStatuses.join(', ')}` }).optional();

export function createHandler(door: JobsDoor): CallerHandler {
  const shape: JobShape = {
    door: 'sluice',
    read: readJobBody,
    write: (created, requestId) => respond(door.plane, created, requestId),
  };
  return (incoming, caller, spend) => orderJob(door, shape, { incoming, caller, spend });
}

export function readHandler({ plane, jobs }: JobsDoor): CallerHandler {
  return async (incoming, caller) => {
    const id = incoming.path.slice(folder.length);
    const job = await readJob(jobsOf(jobs), id, caller.name);
    if (job === null) throw unknownJob(id);
    return told(plane, 200, job, incoming.requestId);
  };
}

/** The same each time it is news, until its end. */
export function eventsHandler({ plane, jobs: found }: JobsDoor): CallerHandler {
  return async (incoming, caller) => {
    const jobs = jobsOf(found);
    const id = incoming.path.slice(folder.length, -'/events'.length);
    const job = await readJob(jobs, id, caller.name);
    if (job === null) throw unknownJob(id);
    return statusStream(
      async () => {
        const now = await readJob(jobs, id, caller.name);
        return now && { text: JSON.stringify(shown(plane, now)), isLast: isEnd(now.state) };
      },
      jobHeaders(plane, job, incoming.requestId),
    );
  };
}

export function listHandler({ plane, jobs: found }: JobsDoor): CallerHandler {
  const query = z.object({
    limit: wholeNumber([1, mostListed], ''),
    after: z.uuid({ error: () => 'must be the id of a job' }).optional(),
    state: statusWord,
  });
  return async (incoming, caller) => {
    const { limit = usuallyListed, after = null, state } = readQuery(query, incoming.query);
    const states = state === undefined ? null : statesOf([state]);
    const jobs = await jobsOf(found).store.list({ caller: caller.name, limit: limit + 1, after, states });
    const page = jobs.slice(0, limit).map((job) => shown(plane, job));
    const answer: z.infer<typeof jobsAnswer> = { jobs: page, has_more: jobs.length > limit };
    return json(200, answer, { 'x-request-id': incoming.requestId });
  };
}

export function cancelHandler({ plane, jobs: found }: JobsDoor): CallerHandler {
  return async (incoming, caller) => {
    const jobs = jobsOf(found);
    const id = incoming.path.slice(folder.length);
    const cancelling = await cancelJob(jobs, id, caller.name);
    if (cancelling === null) throw unknownJob(id);
    if (cancelling.kind === 'asked') return told(plane, 202, cancelling.job, incoming.requestId);
    await hideJob(jobs, id, caller.name);
    return told(plane, 200, cancelling.job, incoming.requestId);
  };
}

function respond(plane: DataPlane, created: Created, requestId: string): Answer {
  const { job, ending } = created;
  const headers = answerHeaders(created, requestId);
  const at: Record<string, string> = job ? { ...headers, location: folder + job.id } : headers;
  if (job && ending.kind === 'done') return json(202, shown(plane, job), at);
  return problemResponse(jobProblemOf(created, at, job?.id ?? null), requestId);
}

function told(plane: DataPlane, status: number, job: JobView, requestId: string): Answer {
  return json(status, shown(plane, job), jobHeaders(plane, job, requestId));
}

function shown(plane: DataPlane, job: JobView): z.infer<typeof jobAnswer> {
  return shownJob(job, slugOf(plane, job));
}
