import type { Dialect } from '@/lib/registry/dialects/dialect';
import { byPath, get, nobody, post, usualPace } from './rules';

/** What the vendor wants of every client. */
const version = { 'x-runway-version': '2024-11-06' };

const makes = ['/id', '/task_id', '/data/task_id', '/data/id', '/data'];
const versioned = post(
  ...[
    'image_to_video',
    'text_to_video',
    'video_to_video',
    'text_to_image',
    'video_upscale',
    'image_upscale',
    'video_to_hdr',
    'character_performance',
    'avatar_videos',
    'recipes/{recipe}',
  ].map((name) => `/v1/${name}`),
  ...['sound_effect', 'text_to_speech', 'speech_to_speech', 'voice_dubbing', 'voice_isolation'].map(
    (name) => `/v1/${name}`,
  ),
).map((rule) => ({
  ...rule,
  id: makes,
  follow: get('/v1/tasks/{id}'),
  cancel: { method: 'DELETE', path: '/v1/tasks/{id}' } as const,
}));

/** api.dev.runwayml.com, and what aggregators make of it: `/pro/generate` and a feed that is asked by POST. */
export const runway: Dialect = {
  name: 'runway',
  creates: [
    ...versioned,
    { method: 'POST', path: '/v1/workflows/{workflow}', id: makes, follow: get('/v1/workflow_invocations/{id}') },
    {
      ...{ method: 'POST', path: '/pro/generate', id: makes },
      follow: { method: 'POST', path: '/feed', body: { task_id: '{id}' } },
    },
  ],
  polls: [
    byPath('status', 'GET', '/v1/tasks/{id}'),
    byPath('cancel', 'DELETE', '/v1/tasks/{id}'),
    byPath('cancel', 'POST', '/v1/tasks/{id}/cancel'),
    byPath('status', 'GET', '/v1/workflow_invocations/{id}'),
    {
      ...{ method: 'POST', path: '/feed', does: 'status' },
      idAt: { in: 'body', at: ['/task_id', '/id', '/task_ids/*', '/ids/*'] },
    },
  ],
  lists: [{ method: 'GET', path: '/v1/tasks' }],
  modelAt: ['/model'],
  headers: version,
  reading: {
    task: ['/data', ''],
    id: ['/id', '/task_id'],
    state: ['/status', '/task_status'],
    words: {
      ...{ pending: 'queued', throttled: 'queued', queued: 'queued', submitted: 'queued' },
      ...{ running: 'running', processing: 'running', in_progress: 'running' },
      ...{ succeeded: 'completed', success: 'completed', completed: 'completed' },
      ...{ failed: 'failed', cancelled: 'cancelled', canceled: 'cancelled' },
    },
    isOk: { at: '/code', is: [0, 1, 200, 'success'] },
    notYet: { at: ['/code', '/message'], is: ['task_not_exist'] },
    error: ['/failure', '/failureCode', '/fail_reason', '/error', '/message'],
    progress: '/progress',
    // A credit costs one cent.
    cost: { at: ['/cost/credits'], usdPer: 0.01 },
    outputs: ['/output/*', '/video_url', '/url'],
    kind: 'video',
  },
  free: [{ ...get('/v1/organization'), key: {} }, get(`/v1/tasks/${nobody}`)],
  pace: usualPace,
  error: { body: { error: '{sentence}', code: '{code}', requestId: '{request_id}' } },
};
