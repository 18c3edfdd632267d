import { excerpt } from '@/lib/kernel/excerpt';
import { RunwareQueue } from './jobs/runware-queue';
import { runwareSchemaOf } from './json-schema';
import { type RunwareTask, runwareErrors, taskFault } from './runware-errors';
import { infer } from './runware-replies';
import { runwareSchemas } from './schemas/schemas';
import type { Reply, SandboxRequest, Served, Vendor, World } from './vendor';

const probes = ['ping', 'authentication', 'accountManagement'];

/** api.runware.ai: one path, one array of tasks. Its schemas, of schemas.runware.ai, are at the same origin. */
export function runwareVendor(): Vendor {
  const queue = new RunwareQueue();
  const serveIt = (request: SandboxRequest, world: World) => serve(request, world, queue);
  return { name: 'runware', usualCost: 0.0013, serve: serveIt, jobs: (world) => queue.list(world) };
}

function serve(request: SandboxRequest, world: World, queue: RunwareQueue): Served {
  if (request.path.startsWith('/resolve/')) return serveSchema(request.path.slice('/resolve/'.length));
  const tasks = Array.isArray(request.body) ? (request.body as RunwareTask[]) : [];
  const isProbe = tasks.length > 0 && tasks.every(({ taskType }) => probes.includes(String(taskType)));
  const isPoll = tasks.length > 0 && tasks.every(({ taskType }) => taskType === 'getResponse');
  const kind = isProbe ? 'probe' : isPoll ? 'poll' : 'inference';
  const refusal = refuse(request, tasks, world);
  if (refusal) return { reply: refusal, draw: null, kind };
  if (isProbe) return serveProbe(tasks, world);
  if (isPoll) return queue.look(tasks, world);
  const inference = tasks.find(({ taskType }) => !probes.includes(String(taskType))) ?? {};
  if (inference.deliveryMethod === 'async') return queue.take(inference, world);
  const draw = world.draw();
  return { reply: infer(inference, draw, world), draw, kind };
}

function refuse(request: SandboxRequest, tasks: readonly RunwareTask[], { key, faults }: World): Reply | null {
  if (request.path !== '/v1') return runwareErrors(404, 'notFound', `Nothing is served at ${excerpt(request.path)}.`);
  if (request.method !== 'POST') return runwareErrors(405, 'methodNotAllowed', 'Use POST.');
  const inBody = tasks.some((task) => task.taskType === 'authentication' && task.apiKey === key);
  if (faults.unauthorized || !(inBody || request.authorization === `Bearer ${key}`)) {
    return runwareErrors(401, 'invalidApiKey', 'Invalid API key.', { parameter: 'apiKey', taskType: 'authentication' });
  }
  if (tasks.length === 0) return runwareErrors(400, 'invalidBody', 'The body must be an array of tasks.');
  const bad = tasks.map((task) => taskFault(task)).find((fault) => fault !== null);
  return bad ?? null;
}

function serveProbe(tasks: readonly RunwareTask[], world: World): Served {
  const draw = world.faults.probes ? world.draw() : null;
  if (draw?.verdict === 'failure') {
    return { reply: runwareErrors(world.faults.status, 'unavailable', 'Try again later.'), draw, kind: 'probe' };
  }
  const data = tasks.map(({ taskType, taskUUID }) => ({
    taskType,
    taskUUID,
    ...(taskType === 'accountManagement' ? { operation: 'getDetails', balance: world.faults.balance ? 0 : 100 } : {}),
    ...(taskType === 'ping' ? { pong: true } : {}),
  }));
  return { reply: { status: 200, body: { data } }, draw, kind: 'probe' };
}

function serveSchema(air: string): Served {
  const schema = runwareSchemas.get(decodeURIComponent(air));
  const reply: Reply = schema
    ? { status: 200, body: { requestSchema: runwareSchemaOf(schema) } }
    : { status: 404, body: { error: 'Schema not found' } };
  return { reply, draw: null, kind: 'other' };
}
