import type { Dialect, PollRule } from '@/lib/registry/dialects/dialect';
import { byPath, get, nobody, usualPace } from './rules';

/** Three parts in these namespaces, else two; what follows them is dropped after the submit. */
const apps = ['/workflows/{owner}/{app}', '/comfy/{owner}/{app}', '/{owner}/{app}'] as const;

/** How it is to be queued and kept; none of it says whose account it is. */
const passed = [
  ...['x-fal-request-timeout', 'x-fal-queue-priority', 'x-fal-runner-hint', 'x-fal-no-retry', 'x-fal-store-io'],
  ...['x-fal-object-lifecycle-preference', 'x-app-fal-disable-fallback'],
];

/** queue.fal.run */
export const falQueue: Dialect = {
  name: 'fal-queue',
  creates: apps.map((app) => ({
    ...{ method: 'POST', path: `${app}{rest*}`, id: ['/request_id'], model: `${app.slice(1)}{rest*}` },
    follow: get(`${app}/requests/{id}/status`),
    cancel: { method: 'PUT', path: `${app}/requests/{id}/cancel` },
  })),
  polls: apps.flatMap((app): PollRule[] => [
    byPath('status', 'GET', `${app}{rest*}/requests/{id}/status`),
    byPath('other', 'GET', `${app}{rest*}/requests/{id}/status/stream`),
    byPath('result', 'GET', `${app}{rest*}/requests/{id}`),
    byPath('result', 'GET', `${app}{rest*}/requests/{id}/response`),
    byPath('cancel', 'PUT', `${app}{rest*}/requests/{id}/cancel`),
  ]),
  lists: [],
  modelAt: [],
  headers: Object.fromEntries(passed.map((name) => [name, null])),
  reading: {
    task: [''],
    id: ['/request_id'],
    state: ['/status'],
    words: { in_queue: 'queued', in_progress: 'running', completed: 'completed' },
    // FAL has no word for it.
    failedIf: '/error',
    error: ['/error', '/detail'],
    outputs: [],
    kind: 'file',
  },
  free: [get(`/fal-ai/flux/requests/${nobody}/status`)],
  pace: usualPace,
  error: { body: { detail: '{sentence}' } },
};
