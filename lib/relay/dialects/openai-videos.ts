import type { Dialect, PollRule } from '@/lib/registry/dialects/dialect';
import { byPath, get, usualPace } from './rules';

const roots = ['/v1/videos', '/videos'];
/** What a video is made from: one that was made here, which lives where it does, or one that is sent along. */
const makers = ['edits', 'extensions'];

/** OpenAI's videos, as many gateways speak it. */
export const openaiVideos: Dialect = {
  name: 'openai-videos',
  creates: roots.flatMap((root) =>
    [root, ...makers.map((maker) => `${root}/${maker}`)].map((path) => ({
      ...{ method: 'POST', path, id: ['/id'] },
      follow: get(`${root}/{id}`),
    })),
  ),
  polls: roots.flatMap((root) => [
    byPath('status', 'GET', `${root}/{id}`),
    byPath('result', 'GET', `${root}/{id}/content`),
    byPath('other', 'DELETE', `${root}/{id}`),
    byPath('other', 'POST', `${root}/{id}/remix`, { makes: ['/id'] }),
    ...makers.map(
      (maker): PollRule => ({
        ...{ method: 'POST', path: `${root}/${maker}`, does: 'other', makes: ['/id'] },
        idAt: { in: 'body', at: ['/video/id'] },
      }),
    ),
  ]),
  lists: roots.map((root) => ({ method: 'GET', path: root })),
  modelAt: ['/model'],
  reading: {
    task: [''],
    id: ['/id'],
    state: ['/status'],
    words: { queued: 'queued', in_progress: 'running', completed: 'completed', failed: 'failed' },
    error: ['/error/message', '/error/code'],
    progress: '/progress',
    outputs: [],
    kind: 'video',
  },
  free: [
    { method: 'GET', path: '/v1/videos', query: { limit: '1' } },
    { ...get('/v1/models'), key: {}, shape: false },
  ],
  pace: usualPace,
  error: {
    body: { error: { message: '{sentence}', type: '{type}', param: null, code: '{code}' } },
    by: { type: { '4xx': 'invalid_request_error', '5xx': 'server_error' } },
  },
};
