import type { Dialect } from '@/lib/registry/dialects/dialect';
import { byPath, get, nobody, usualPace } from './rules';

/** What aggregators make of Suno, which has no interface of its own. */
export const suno: Dialect = {
  name: 'suno',
  creates: [
    {
      ...{ method: 'POST', path: '/submit/{action}', follow: get('/fetch/{id}') },
      id: ['/data', '/data/task_id', '/task_id'],
    },
  ],
  polls: [
    byPath('status', 'GET', '/fetch/{id}'),
    { ...{ method: 'POST', path: '/fetch', does: 'status' }, idAt: { in: 'body', at: ['/ids/*'] } },
  ],
  lists: [],
  modelAt: ['/mv', '/model'],
  reading: {
    task: ['/data', ''],
    id: ['/task_id', '/id'],
    state: ['/status'],
    words: {
      ...{ not_start: 'queued', submitted: 'queued', queued: 'queued', in_progress: 'running' },
      ...{ success: 'completed', failure: 'failed' },
    },
    isOk: { at: '/code', is: ['success', 1, 200, 0] },
    notYet: { at: ['/code', '/message'], is: ['task_not_exist'] },
    error: ['/fail_reason', '/message'],
    progress: '/progress',
    outputs: ['/data/*/audio_url', '/data/*/video_url'],
    kind: 'audio',
  },
  free: [{ ...get(`/fetch/${nobody}`), key: { word: 'task_not_exist' } }],
  pace: usualPace,
  error: { body: { code: '{code}', message: '{sentence}', data: null } },
};
