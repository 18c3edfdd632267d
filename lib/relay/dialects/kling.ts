import type { Dialect } from '@/lib/registry/dialects/dialect';
import { byPath, get, nobody, usualPace } from './rules';

/** As the vendor numbers them. */
const numbers = { '401': 1000, '403': 1103, '404': 1203, '429': 1302, '4xx': 1200, '5xx': 5000 };

const makers = [
  ...['/v1/videos/{type}', '/v1/videos/avatar/{type}', '/v1/images/{type}', '/v1/images/editing/{type}'],
  ...['/v1/audio/{type}', '/v1/general/advanced-custom-elements', '/v1/general/custom-voices'],
  '/v1/general/ai-multi-shot',
];

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
  free: [
    { method: 'GET', path: '/v1/videos/text2video', query: { pageNum: '1', pageSize: '1' }, key: {} },
    get(`/v1/videos/text2video/${nobody}`),
  ],
  pace: usualPace,
  error: { body: { code: '{number}', message: '{sentence}', request_id: '{request_id}' }, by: { number: numbers } },
};
