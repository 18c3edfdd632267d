import type { Dialect } from '@/lib/registry/dialects/dialect';
import { nobody, usualPace } from './rules';

const makers = ['/v2/video/generations', '/v2/generate/video/{vendor}/generation', '/v2/generate/audio'] as const;

/** api.aimlapi.com: the id of a generation comes back in the query of the same address. */
export const aimlapi: Dialect = {
  name: 'aimlapi',
  creates: makers.map((path) => ({
    ...{ method: 'POST', path, id: ['/id', '/generation_id'] },
    follow: { method: 'GET', path, query: { generation_id: '{id}' } },
  })),
  polls: makers.map((path) => ({
    ...{ method: 'GET', path, does: 'status' },
    idAt: { in: 'query', name: 'generation_id' },
  })),
  lists: makers.map((path) => ({ method: 'GET', path })),
  modelAt: ['/model'],
  reading: {
    task: [''],
    id: ['/id', '/generation_id'],
    state: ['/status'],
    words: {
      ...{ queued: 'queued', waiting: 'queued', pending: 'queued' },
      ...{ generating: 'running', active: 'running', processing: 'running', in_progress: 'running' },
      ...{ completed: 'completed', error: 'failed', failed: 'failed' },
    },
    error: ['/error/message', '/error/name', '/error', '/message'],
    cost: { at: ['/meta/usage/credits_used'], usdPer: null },
    outputs: ['/video/url', '/audio_file/url'],
    kind: 'video',
  },
  free: [
    { method: 'GET', path: makers[0], query: { generation_id: nobody } },
    { method: 'GET', path: '/v2/billing', key: {}, shape: false },
  ],
  pace: { ...usualPace, floorMs: 10_000, firstMs: 15_000 },
  error: { body: { requestId: '{request_id}', statusCode: '{status}', path: '{path}', message: '{sentence}' } },
};
