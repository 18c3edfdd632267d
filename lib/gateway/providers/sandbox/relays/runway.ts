import type { Reply, SandboxRequest, Vendor, World } from '../vendor';
import { type Asked, bearer, TaskVendor, type Told, type Tongue, textOf } from './task-vendor';

export const sandboxRunwayKey = 'sandbox-runway';
const version = '2024-11-06';

/** api.dev.runwayml.com */
export const runwayVendor = (): Vendor => new TaskVendor(runwayTongue);

const statuses = { queued: 'PENDING', running: 'RUNNING', well: 'SUCCEEDED', failed: 'FAILED', cancelled: 'CANCELLED' };

/** An aggregator asks for no version. */
export const runwayTongue: Tongue = {
  name: 'runway',
  asked: (request, world) => askedOf(request, world, request.headers?.['x-runway-version']),
  accepted: (id) => ({ status: 200, body: { id, estimatedCost: { credits: 25 } } }),
  told: ([task]) => ({ status: 200, body: task ? taskOf(task) : {} }),
  unknown: () => refusal(404, 'Task not found'),
  cancelled: () => ({ status: 204 }),
  refusal,
};

export function askedOf(request: SandboxRequest, world: World, said: unknown): Asked {
  const { method, path, body } = request;
  const no = (status: number, message: string): Asked => ({ is: 'refused', reply: refusal(status, message) });
  if (!bearer(request, world)) return no(401, 'Invalid API key');
  if (said !== version) return no(400, `X-Runway-Version must be ${version}`);
  const [, id] = /^\/v1\/tasks\/([\w-]+)$/.exec(path) ?? [];
  if (method === 'GET' && body !== undefined) return no(400, 'a GET has no body');
  if (id !== undefined && method === 'GET') return { is: 'look', ids: [id] };
  if (id !== undefined && method === 'DELETE') return { is: 'cancel', id };
  if (method === 'GET' && path === '/v1/organization') {
    return { is: 'probe', reply: { status: 200, body: { creditBalance: 1000 } } };
  }
  if (method !== 'POST' || !/^\/v1\/(?:image|text|video)_to_video$/.test(path)) return no(404, 'Not found');
  const model = textOf(body, 'model');
  if (model === '') return no(400, 'model: Required');
  return { is: 'create', model, prompt: textOf(body, 'promptText') };
}

function refusal(status: number, error: string): Reply {
  return { status, body: { error } };
}

function taskOf({ id, state, url }: Told) {
  const task = { id, status: statuses[state], createdAt: '2026-11-29T00:00:00.000Z' };
  if (state === 'running') return { ...task, progress: 0.5 };
  if (state === 'well') return { ...task, output: [url], cost: { credits: 25 } };
  if (state !== 'failed') return task;
  return { ...task, failure: 'The generation failed', failureCode: 'INTERNAL', cost: { credits: 0 } };
}
