import { z } from 'zod';
import { quotaAnswer } from '@/lib/api/answers/access';
import { jobAnswer, jobsAnswer } from '@/lib/api/answers/jobs';
import { wholeNumber } from '@/lib/http/read-query';
import { asking, generating, type KeyedRoute } from '../data-route';
import { jsonOf } from '../route';
import { jobBody } from './job-body';
import { cancelHandler, createHandler, eventsHandler, listHandler, mostListed, readHandler, statusWord } from './jobs';
import { quotaHandler } from './quota';

export const jobRoutes: readonly KeyedRoute[] = [
  {
    ...generating,
    path: '/api/jobs',
    summary: 'Begin a job: a video, or whatever takes its time',
    body: jobBody,
    answers: { 202: jsonOf(jobAnswer, 'Begun; `location` says where it is asked for') },
    keyed: createHandler,
  },
  {
    ...{ ...asking, method: 'GET', path: '/api/jobs' },
    summary: "The caller's jobs, the newest first",
    query: z.object({
      limit: wholeNumber([1, mostListed], 'at most so many; 20'),
      after: z.string().optional().describe('the id of the last job of the page before'),
      state: statusWord,
    }),
    answers: { 200: jsonOf(jobsAnswer) },
    keyed: listHandler,
  },
  {
    ...{ ...asking, method: 'GET', path: '/api/quota', scope: ['generate', 'relay'] },
    summary: 'What the caller may spend on jobs, and has spent today',
    answers: { 200: jsonOf(quotaAnswer) },
    keyed: quotaHandler,
  },
  {
    ...{ ...asking, method: 'GET', path: '/api/jobs/{job}' },
    summary: 'What became of a job',
    answers: { 200: jsonOf(jobAnswer) },
    keyed: readHandler,
  },
  {
    ...{ ...asking, method: 'GET', path: '/api/jobs/{job}/events' },
    summary: 'The same as a stream: told whenever it is news, until the job has ended',
    answers: { 200: { description: 'A job in each event', schema: z.string(), mediaType: 'text/event-stream' } },
    keyed: eventsHandler,
  },
  {
    ...{ ...asking, method: 'DELETE', path: '/api/jobs/{job}' },
    summary: 'Cancel a job that runs; forget one that has ended',
    answers: {
      200: jsonOf(jobAnswer, 'It had ended, and is told of no more'),
      202: jsonOf(jobAnswer, 'Its provider is asked to stop; the job says what comes of it'),
    },
    keyed: cancelHandler,
  },
];
