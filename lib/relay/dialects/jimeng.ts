import type { CreateRule, Dialect, PollRule } from '@/lib/registry/dialects/dialect';
import { byPath, get, nobody, usualPace } from './rules';

const version = '2022-08-31';
const submits = ['CVSync2AsyncSubmitTask', 'CVSubmitTask'] as const;
const results = { CVSync2AsyncSubmitTask: 'CVSync2AsyncGetResult', CVSubmitTask: 'CVGetResult' } as const;

const actions = submits.map(
  (Action): CreateRule => ({
    ...{ method: 'POST', path: '/', query: { Action }, id: ['/data/task_id'], keep: { req_key: '/req_key' } },
    follow: {
      ...{ method: 'POST', path: '/', query: { Action: results[Action], Version: version } },
      body: { req_key: '{req_key}', task_id: '{id}' },
    },
  }),
);

const arkPaths = ['/contents/generations/tasks', '/api/v3/contents/generations/tasks'];
const ark = arkPaths.map(
  (path): CreateRule => ({
    ...{ method: 'POST', path, id: ['/id'], follow: get(`${path}/{id}`) },
    cancel: { method: 'DELETE', path: `${path}/{id}` },
  }),
);

const statuses = [400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 501, 502, 503, 504];
/** As the vendor numbers them. */
const numbers = {
  ...Object.fromEntries(statuses.map((status) => [String(status), 50_000 + status])),
  ...{ '4xx': 50_400, '5xx': 50_500 },
};

/** Volcengine's visual service, whose polls are POSTs that an `Action` tells apart, and Ark. */
export const jimeng: Dialect = {
  name: 'jimeng',
  creates: [...actions, ...ark],
  polls: [
    ...Object.values(results).map(
      (Action): PollRule => ({
        ...{ method: 'POST', path: '/', query: { Action }, does: 'status' },
        idAt: { in: 'body', at: ['/task_id'] },
      }),
    ),
    ...arkPaths.flatMap((path) => [
      byPath('status', 'GET', `${path}/{id}`),
      byPath('cancel', 'DELETE', `${path}/{id}`),
    ]),
  ],
  lists: arkPaths.map((path) => ({ method: 'GET', path })),
  modelAt: ['/req_key', '/model'],
  reading: {
    task: ['/data', ''],
    id: ['/task_id', '/id'],
    state: ['/status'],
    words: {
      ...{ in_queue: 'queued', queued: 'queued', generating: 'running', running: 'running' },
      ...{ done: 'completed', succeeded: 'completed', failed: 'failed', cancelled: 'cancelled' },
      ...{ not_found: 'absent', expired: 'absent' },
    },
    isOk: { at: '/code', is: [10000, 0] },
    // What was refused for its content: the job has ended.
    failed: { at: '/code', is: [50411, 50412, 50413, 50511, 50512, 50518, 50519, 50520, 50521, 50522] },
    error: ['/error/message', '/message'],
    outputs: ['/video_url', '/image_urls/*', '/content/video_url'],
    kind: 'video',
  },
  free: [
    {
      ...{ method: 'POST', path: '/', query: { Action: 'CVSync2AsyncGetResult', Version: version } },
      body: { req_key: 'jimeng_t2i_v40', task_id: nobody },
      // A signature is looked at first, and a task that is not there after it.
      ...{ key: { statuses: [400] }, shape: false },
    },
  ],
  pace: usualPace,
  error: {
    body: {
      ...{ code: '{number}', data: null, message: '{sentence}', request_id: '{request_id}' },
      status: '{number}',
    },
    by: { number: numbers },
  },
};
