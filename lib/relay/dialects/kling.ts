import type { Dialect } from '../dialect';
import { byPath, get, usualPace } from './rules';

const makers = ['/v1/videos/{type}', '/v1/images/{type}', '/v1/audio/{type}'];

/** api-singapore.klingai.com; the segment of its type is part of where a task stands. Aggregators say `success` for 0. */
export const kling: Dialect = {
  name: 'kling',
  creates: makers.map((path) => ({
    ...{ method: 'POST', path, follow: get(`${path}/{id}`) },
    id: ['/data/task_id', '/task_id'],
  })),
  polls: makers.map((path) => byPath('status', 'GET', `${path}/{id}`)),
  lists: makers.map((path) => ({ method: 'GET', path })),
  modelAt: ['/model_name', '/model'],
  reading: {
    task: ['/data', ''],
    id: ['/task_id', '/id'],
    state: ['/task_status', '/status'],
    words: {
      ...{ submitted: 'queued', queued: 'queued', not_start: 'queued' },
      ...{ processing: 'running', in_progress: 'running' },
      ...{ succeed: 'completed', succeeded: 'completed', success: 'completed' },
      ...{ failed: 'failed', failure: 'failed', cancelled: 'cancelled' },
    },
    isOk: { at: '/code', is: [0, '0', 200, 'success'] },
    notYet: { at: ['/code', '/message'], is: ['task_not_exist', '1203'] },
    error: ['/task_status_msg', '/fail_reason', '/message'],
    cost: { at: ['/final_unit_deduction'], usdPer: null },
    outputs: ['/task_result/videos/*/url', '/task_result/images/*/url', '/task_result/audios/*/url', '/url'],
    kind: 'video',
  },
  pace: usualPace,
  error: ({ status, sentence, requestId }) => ({
    status,
    body: { code: codeOf(status), message: sentence, request_id: requestId },
  }),
};

/** As the vendor numbers them. */
function codeOf(status: number): number {
  if (status === 401) return 1000;
  if (status === 403) return 1103;
  if (status === 404) return 1203;
  if (status === 429) return 1302;
  return status >= 500 ? 5000 : 1200;
}
