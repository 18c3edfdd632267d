import { z } from 'zod';
import type { videoDeletedAnswer, videosAnswer } from '@/lib/api/answers/videos';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import { invalid, parse } from '@/lib/http/body/read-fields';
import { Problem } from '@/lib/http/problem';
import { readQuery, wholeNumber } from '@/lib/http/read-query';
import { json } from '@/lib/http/respond';
import type { Created } from '@/lib/jobs/create-job';
import { type JobView, publicStatus } from '@/lib/jobs/job-view';
import { cancelJob, hideJob, readJob } from '@/lib/jobs/read-job';
import { excerpt } from '@/lib/kernel/excerpt';
import type { CallerHandler } from '../callers';
import type { JobsDoor } from '../data-route';
import { jobHeaders } from '../jobs/job-headers';
import { jobProblemOf } from '../jobs/job-problem';
import { type JobShape, jobsOf, orderJob } from '../jobs/order-job';
import type { Answer } from '../sluice/answer-once';
import { answerHeaders } from '../sluice/generate';
import { openaiProblem } from './openai-problem';
import { inVideoWords, readVideo, remixBody, remixOf } from './video-body';
import { readVideoForm } from './video-form';
import { jobIdOf, pollAfter, videoId, videoOf } from './video-object';

const folder = '/v1/videos/';
const mostListed = 100;
const usuallyListed = 20;

export function createVideoHandler(door: JobsDoor): CallerHandler {
  return (incoming, caller, spend) =>
    ordered(door, { parse: readVideoForm, read: readVideo }, { incoming, caller, spend }).catch((error: unknown) => {
      throw inVideoWords(error);
    });
}

/** Another one of the same words, but for the prompt, by the arm that made the first while it has a share. */
export function remixHandler(door: JobsDoor): CallerHandler {
  return async (incoming, caller, spend) => {
    const { prompt } = parse(remixBody, await readVideoForm(incoming));
    const made = await ownVideo(door, incoming.path.slice(folder.length, -'/remix'.length), caller.name);
    if (publicStatus(made.state) !== 'completed') {
      const detail = `The video ${videoId(made.id)} is not completed, so there is nothing to remix. No video was begun.`;
      throw new Problem(400, 'video-not-completed', detail);
    }
    const split = door.plane.splits.all.get(made.split);
    const slug = split && !split.isArchived ? split.slug : undefined;
    const reading = { parse: async () => null, read: () => remixOf(made, prompt, slug) };
    return ordered(door, reading, { incoming, caller, spend });
  };
}

function ordered(door: JobsDoor, reading: Pick<JobShape, 'parse' | 'read'>, call: Parameters<typeof orderJob>[2]) {
  const write = (created: Created, requestId: string) => respond(door.plane, created, requestId);
  return orderJob(door, { door: 'openai', ...reading, write }, call);
}

function respond(plane: DataPlane, created: Created, requestId: string): Answer {
  const { job, ending } = created;
  const headers = answerHeaders(created, requestId);
  if (job && ending.kind === 'done')
    return json(200, videoOf(job), { ...headers, ...pollAfter(job, plane.clock.now()) });
  return openaiProblem(jobProblemOf(created, headers, job && videoId(job.id)), requestId);
}

/** A caller is not told of another's videos, nor of what was ordered at another door. */
export async function ownVideo({ jobs }: JobsDoor, video: string, caller: string): Promise<JobView> {
  const id = jobIdOf(video);
  const job = id === null ? null : await readJob(jobsOf(jobs), id, caller);
  if (job?.door === 'openai') return job;
  throw new Problem(404, 'unknown-video', `You have no video '${excerpt(video)}'.`);
}

export function readVideoHandler(door: JobsDoor): CallerHandler {
  return async (incoming, caller) => {
    const job = await ownVideo(door, incoming.path.slice(folder.length), caller.name);
    const headers = jobHeaders(door.plane, job, incoming.requestId);
    return json(200, videoOf(job), { ...headers, ...pollAfter(job, door.plane.clock.now()) });
  };
}

export const videoQuery = z.object({
  limit: wholeNumber([0, mostListed], 'at most so many; 20'),
  after: z.string().optional().describe('the id of the last video of the page before'),
  order: z
    .enum(['asc', 'desc'], { error: () => 'must be "asc" or "desc"' })
    .optional()
    .describe('desc: the newest first'),
});

export function listVideosHandler(door: JobsDoor): CallerHandler {
  return async (incoming, caller) => {
    const { limit = usuallyListed, after: last, order } = readQuery(videoQuery, incoming.query);
    const after = last === undefined ? null : jobIdOf(last);
    if (last !== undefined && after === null) throw invalid([{ pointer: '/after', detail: 'is no id of a video' }]);
    const asked = { caller: caller.name, limit: limit + 1, after, states: null, oldestFirst: order === 'asc' };
    const jobs = await jobsOf(door.jobs).store.list({ ...asked, door: 'openai' });
    const data = jobs.slice(0, limit).map(videoOf);
    const ends = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
    const answer: z.infer<typeof videosAnswer> = { object: 'list', data, ...ends, has_more: jobs.length > limit };
    return json(200, answer, { 'x-request-id': incoming.requestId });
  };
}

/** One that is still being made is stopped first: told of no more while it is, and billed, it would be lost. */
export function deleteVideoHandler(door: JobsDoor): CallerHandler {
  return async (incoming, caller) => {
    const jobs = jobsOf(door.jobs);
    const job = await ownVideo(door, incoming.path.slice(folder.length), caller.name);
    const id = videoId(job.id);
    if (await hideJob(jobs, job.id, caller.name)) return deleted(id, incoming.requestId);
    const cancelling = await cancelJob(jobs, job.id, caller.name);
    if (cancelling?.kind !== 'asked') {
      await hideJob(jobs, job.id, caller.name);
      return deleted(id, incoming.requestId);
    }
    const detail =
      `The video ${id} is still being made and was not deleted: its provider is asked to stop. Delete it when it says ` +
      '"failed" or "completed".';
    throw new Problem(409, 'video-running', detail, { headers: { 'x-should-retry': 'false' } });
  };
}

function deleted(id: string, requestId: string): Answer {
  const answer: z.infer<typeof videoDeletedAnswer> = { id, object: 'video.deleted', deleted: true };
  return json(200, answer, { 'x-request-id': requestId });
}
