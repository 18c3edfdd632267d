import type { Reply, SandboxRequest, Served, Vendor, World } from '../vendor';
import { askedOf, runwayTongue } from './runway';
import { type Asked, bearer, TaskVendor, type Told, type Tongue, textOf } from './task-vendor';

export const sandboxAggregatorKey = 'sandbox-aggregator';

/** Several vendors behind one account: each under its prefix, and mostly in the aggregator's own envelope. */
export function aggregatorVendor(): Vendor {
  const behind: Readonly<Record<string, TaskVendor>> = {
    runwayml: new TaskVendor({ ...runwayTongue, asked: (request, world) => askedOf(request, world, '2024-11-06') }),
    kling: new TaskVendor(klingTongue),
    suno: new TaskVendor(sunoTongue),
  };
  return {
    name: 'aggregator',
    usualCost: 0,
    jobs: (world) => Object.values(behind).flatMap((vendor) => vendor.jobs(world)),
    serve(request, world): Served {
      const [, prefix = '', path = ''] = /^\/([a-z]+)(\/.*)$/.exec(request.path) ?? [];
      const vendor = Object.hasOwn(behind, prefix) ? behind[prefix] : undefined;
      if (!vendor) return { reply: refusal(404, `no channel for ${request.path}`), draw: null, kind: 'other' };
      return vendor.serve({ ...request, path }, world);
    },
  };
}

const refusal = (status: number, message: string): Reply => ({ status, body: { code: 'fail', message, data: null } });
const well = (data: unknown): Reply => ({ status: 200, body: { code: 'success', message: '', data } });

function admitted(request: SandboxRequest, world: World, asked: () => Asked | null): Asked {
  if (!bearer(request, world)) return { is: 'refused', reply: refusal(401, 'the token is not known') };
  return asked() ?? { is: 'refused', reply: refusal(404, `no channel for ${request.path}`) };
}

const klingStates = {
  queued: 'queued',
  running: 'processing',
  well: 'succeeded',
  failed: 'failed',
  cancelled: 'failed',
};

const klingTongue: Tongue = {
  name: 'kling',
  asked: (request, world) =>
    admitted(request, world, () => {
      const { method, path, body } = request;
      const [, place, id] = /^\/v1\/videos\/([\w-]+)(?:\/([^/]+))?$/.exec(path) ?? [];
      if (place === undefined) return null;
      if (id !== undefined) return method === 'GET' ? { is: 'look', ids: [id], place } : null;
      if (method !== 'POST') return null;
      return { is: 'create', model: textOf(body, 'model_name'), prompt: textOf(body, 'prompt'), place };
    }),
  accepted: (task_id) => well({ task_id, status: 'queued' }),
  told: ([task]) => (task ? well(klingTask(task)) : refusal(404, 'task_not_exist')),
  unknown: () => ({ status: 200, body: { code: 'task_not_exist', message: 'task_not_exist', data: null } }),
  cancelled: () => refusal(404, 'not offered'),
  refusal,
};

function klingTask({ id: task_id, state, url }: Told) {
  return {
    task_id,
    status: klingStates[state],
    ...(state === 'well' && { url }),
    ...(state === 'failed' && { fail_reason: 'it broke' }),
  };
}

const sunoStates = {
  queued: 'QUEUED',
  running: 'IN_PROGRESS',
  well: 'SUCCESS',
  failed: 'FAILURE',
  cancelled: 'FAILURE',
};

const sunoTongue: Tongue = {
  name: 'suno',
  asked: (request, world) =>
    admitted(request, world, () => {
      const { method, path, body } = request;
      const [, id] = /^\/fetch\/([\w-]+)$/.exec(path) ?? [];
      if (id !== undefined) return method === 'GET' ? { is: 'look', ids: [id] } : null;
      if (method === 'POST' && path === '/fetch') {
        const ids = (body as { ids?: unknown } | null)?.ids;
        // A list is answered with a list, also one of one.
        return Array.isArray(ids) ? { is: 'look', ids: [...ids.map(String), ''] } : null;
      }
      if (method !== 'POST' || !/^\/submit\/[a-z]+$/.test(path)) return null;
      return { is: 'create', model: textOf(body, 'mv'), prompt: textOf(body, 'prompt') };
    }),
  accepted: (id) => well(id),
  told: (tasks, isOne) => well(isOne ? sunoTask(tasks[0]) : tasks.map(sunoTask)),
  unknown: () => refusal(404, 'task_not_exist'),
  cancelled: () => refusal(404, 'not offered'),
  refusal,
};

function sunoTask(task: Told | undefined) {
  if (!task) return null;
  const { id: task_id, state, url } = task;
  const progress = state === 'well' ? '100%' : state === 'running' ? '50%' : '0%';
  const made = state === 'well' ? { data: [{ audio_url: url }] } : {};
  return { task_id, status: sunoStates[state], progress, fail_reason: state === 'failed' ? 'it broke' : '', ...made };
}
