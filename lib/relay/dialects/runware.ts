import type { Dialect } from '@/lib/registry/dialects/dialect';
import { nobody, usualPace } from './rules';

const roots = ['/v1', '/'];
const isPoll = { at: '/*/taskType', is: ['getResponse', 'getTaskDetails'] };
/** Images are answered within the call, unless it is asked for otherwise. */
const isJob = { at: '/*/deliveryMethod', is: ['async'] };

/** api.runware.ai: one address for everything, a list of tasks in the body, and ids that the caller gives. */
export const runware: Dialect = {
  name: 'runware',
  creates: roots.map((path) => ({
    ...{ method: 'POST', path, where: isJob, id: ['/data/*/taskUUID'] },
    follow: { method: 'POST', path, body: [{ taskType: 'getResponse', taskUUID: '{id}' }] },
  })),
  polls: roots.map((path) => ({
    ...{ method: 'POST', path, where: isPoll, does: 'status' },
    idAt: { in: 'body', at: ['/*/taskUUID'] },
  })),
  lists: [],
  modelAt: ['/*/model'],
  reading: {
    task: ['/data'],
    id: ['/taskUUID'],
    state: ['/status'],
    words: { processing: 'running', pending: 'queued', success: 'completed', error: 'failed' },
    failures: '/errors',
    error: ['/message', '/code'],
    cost: { at: ['/cost'], usdPer: 1 },
    outputs: ['/videoURL', '/imageURL', '/audioURL'],
    kind: 'video',
  },
  free: [
    { method: 'POST', path: '/v1', body: [{ taskType: 'getResponse', taskUUID: nobody }] },
    {
      ...{ method: 'POST', path: '/v1', key: { statuses: [400] }, shape: false },
      body: [{ taskType: 'accountManagement', taskUUID: nobody, operation: 'getDetails' }],
    },
  ],
  pace: usualPace,
  error: { body: { errors: [{ code: '{code}', message: '{sentence}', status: 'error' }] } },
};
