import { z } from 'zod';
import * as answers from '@/lib/api/answers/data-plane';
import { falQueueAnswer, falQueueStatus } from '@/lib/api/answers/fal-queue';
import { generating, type KeyedRoute } from '../data-route';
import { jsonOf, type Rest } from '../route';
import { falProxyHandler, falQueueHandler, falRunHandler } from './fal-door';

/** What FAL's clients send; a proxy is called by any of these methods. */
const asFal = {
  ...({ access: 'key', scope: ['generate', 'relay'], limitBytes: 8 * 1024 * 1024 } as const),
  refusals: [400, 404, 405, 409, 422, 501, 504],
} as const;
const methods = ['GET', 'POST', 'PUT'] as const;
/** Asking for a job and cancelling it order nothing, and are not counted. */
const limitOf = (method: (typeof methods)[number]) => (method === 'POST' ? 'generate' : null);

const stream = { description: 'Each status, until the last', schema: z.string(), mediaType: 'text/event-stream' };
const queue: Readonly<Record<(typeof methods)[number], { summary: string; answers: Rest['answers'] }>> = {
  GET: {
    summary: "FAL's queue: …/requests/{id}/status, …/status/stream, and …/requests/{id} for what came of it",
    answers: {
      200: [jsonOf(falQueueAnswer, 'It has ended; or what came of it'), stream],
      202: jsonOf(falQueueStatus, 'It waits, or is worked on'),
    },
  },
  POST: {
    summary: "FAL's queue: begin a job; the path and the body are a FAL model's own",
    answers: { 200: jsonOf(falQueueStatus, 'Begun') },
  },
  PUT: {
    summary: "FAL's queue: …/requests/{id}/cancel",
    answers: { 202: jsonOf(falQueueAnswer, 'Its provider is asked to stop') },
  },
};

export const falRoutes: readonly KeyedRoute[] = [
  {
    ...{ ...asFal, headers: generating.headers, limit: 'generate', method: 'POST' },
    path: '/fal/run/{model}',
    summary: "The same in the shape of FAL: the path and the body are a FAL model's own",
    answers: { 200: jsonOf(answers.falAnswer, 'Made, as FAL answers') },
    keyed: falRunHandler,
  },
  ...methods.map(
    (method): KeyedRoute => ({
      ...{ ...asFal, limit: limitOf(method), method, path: '/api/fal/proxy' },
      summary: 'The protocol of @fal-ai/server-proxy: x-fal-target-url names the model, or the request in the queue',
      headers: z.object({
        'x-fal-target-url': z.string().describe('https://fal.run/<owner>/<app>, or https://queue.fal.run/…'),
      }),
      answers: {
        200: [jsonOf(z.union([answers.falAnswer, falQueueAnswer]), 'As FAL answers'), stream],
        202: jsonOf(falQueueAnswer, 'As the queue answers'),
      },
      keyed: falProxyHandler,
    }),
  ),
  ...methods.map(
    (method): KeyedRoute => ({
      ...{ ...asFal, limit: limitOf(method), method, path: '/fal/queue/{call}', ...queue[method] },
      keyed: falQueueHandler,
    }),
  ),
];
