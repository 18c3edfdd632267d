import type { Dialect } from '@/lib/registry/dialects/dialect';
import { byPath, get, nobody, usualPace } from './rules';

/** Seen in other gateways' code only: the vendor publishes no document of it. */
export const pika: Dialect = {
  name: 'pika',
  creates: ['/generate/{version}/{mode}', '/generate/{mode}'].map((path) => ({
    ...{ method: 'POST', path, follow: get('/videos/{id}') },
    id: ['/video_id', '/id', '/data/video_id'],
  })),
  polls: [byPath('status', 'GET', '/videos/{id}'), byPath('cancel', 'DELETE', '/videos/{id}')],
  lists: [{ method: 'GET', path: '/videos' }],
  modelAt: ['/model'],
  reading: {
    task: ['/data', ''],
    id: ['/video_id', '/id'],
    state: ['/status'],
    words: {
      ...{ queued: 'queued', pending: 'queued' },
      ...{ started: 'running', processing: 'running', generating: 'running', streaming: 'running' },
      ...{ finished: 'completed', completed: 'completed', succeeded: 'completed' },
      ...{ failed: 'failed', error: 'failed', cancelled: 'cancelled' },
    },
    error: ['/error/message', '/error', '/message', '/detail'],
    progress: '/progress',
    outputs: ['/url', '/video_url', '/videos/*/url'],
    kind: 'video',
  },
  free: [get(`/videos/${nobody}`)],
  pace: usualPace,
  error: { body: { detail: '{sentence}', code: '{code}' } },
};
