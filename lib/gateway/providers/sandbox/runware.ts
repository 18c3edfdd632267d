import { excerpt } from '@/lib/kernel/excerpt';
import type { Draw } from './draw';
import { pictureUrl } from './picture';
import { type RunwareTask, runwareErrors, taskFault } from './runware-errors';
import { idOf, type Reply, retryAfterOf, type SandboxRequest, type Served, type Vendor, type World } from './vendor';

const probes = ['ping', 'authentication', 'accountManagement'];

/** api.runware.ai: one path, one array of tasks. */
export function runwareVendor(): Vendor {
  return { name: 'runware', usualCost: 0.0013, serve };
}

function serve(request: SandboxRequest, world: World): Served {
  const tasks = Array.isArray(request.body) ? (request.body as RunwareTask[]) : [];
  const isProbe = tasks.length > 0 && tasks.every(({ taskType }) => probes.includes(String(taskType)));
  const kind = isProbe ? 'probe' : 'inference';
  const refusal = refuse(request, tasks, world);
  if (refusal) return { reply: refusal, draw: null, kind };
  if (isProbe) return serveProbe(tasks, world);
  const inference = tasks.find(({ taskType }) => taskType === 'imageInference') ?? {};
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

function infer(task: RunwareTask, draw: Draw, world: World): Reply {
  const { faults } = world;
  const about = { taskType: 'imageInference', taskUUID: task.taskUUID };
  switch (draw.verdict) {
    case 'failure':
      return runwareErrors(faults.status, faults.kind ?? 'serviceUnavailable', 'The service is busy.', about);
    case 'rate_limited':
      return {
        ...runwareErrors(429, 'rateLimitExceeded', 'Too many requests.', about),
        headers: retryAfterOf(faults),
      };
    case 'content_policy':
      return runwareErrors(400, 'invalidProviderContent', 'The prompt violates the content policy.', about);
    case 'balance':
      return runwareErrors(402, 'insufficientBalance', 'The balance is used up.', about);
    case 'no_image':
      return { status: 200, body: { data: [] } };
    case 'partial_errors': {
      const error = { code: 'inferenceFailed', message: 'One image could not be made.', ...about };
      return { status: 200, body: { data: imagesOf(task, draw, world).slice(0, -1), errors: [error] } };
    }
    default:
      return { status: 200, body: { data: imagesOf(task, draw, world) } };
  }
}

function imagesOf(task: RunwareTask, draw: Draw, { faults, origin }: World): object[] {
  const width = Number(task.width);
  const height = Number(task.height);
  const prompt = String(task.positivePrompt);
  return Array.from({ length: faults.images ?? Number(task.numberResults ?? 1) }, (_, i) => ({
    taskType: 'imageInference',
    taskUUID: task.taskUUID,
    imageUUID: idOf(draw.seed, i + 1),
    imageURL: pictureUrl(origin, { provider: 'runware', prompt, width, height, seed: draw.seed + i }),
    seed: draw.seed + i,
    NSFWContent: false,
    ...(task.includeCost === true ? { cost: faults.cost } : {}),
  }));
}
