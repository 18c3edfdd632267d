import { FalQueue } from './fal-queue';
import { falReply, readFalInput } from './fal-replies';
import type { Reply, SandboxRequest, Served, Vendor, World } from './vendor';

const apps = ['/fal-ai/flux/schnell', '/fal-ai/flux/dev'];

/** fal.run, queue.fal.run (under `/queue`) and api.fal.ai at one origin. */
export function falVendor(): Vendor {
  const queue = new FalQueue();
  return {
    name: 'fal',
    usualCost: 0.003,
    serve(request, world) {
      if (request.path === '/v1/models/pricing') return servePricing(request, world);
      const isQueued = request.path.startsWith('/queue/');
      const path = isQueued ? request.path.slice('/queue'.length) : request.path;
      const refusal =
        authorise(request, world) ?? (isQueued && path.includes('/requests/') ? null : missing(request, path));
      if (refusal) return { reply: refusal, draw: null, kind: 'inference' };
      if (isQueued) return { reply: queue.serve(request, path, world), draw: null, kind: 'other' };
      const input = readFalInput(request.body);
      if ('status' in input) return { reply: input, draw: null, kind: 'inference' };
      const draw = world.draw();
      return { reply: falReply(input, draw, world), draw, kind: 'inference' };
    },
  };
}

function servePricing(request: SandboxRequest, world: World): Served {
  const draw = world.faults.probes ? world.draw() : null;
  const endpoint_id = request.query.get('endpoint_id') ?? '';
  const price = { endpoint_id, unit_price: world.faults.cost, unit: 'megapixels', currency: 'USD' };
  const isFailing = draw?.verdict === 'failure';
  const reply =
    authorise(request, world) ??
    (isFailing
      ? { status: world.faults.status, body: { detail: 'unavailable' } }
      : { status: 200, body: { prices: [price], next_cursor: null, has_more: false } });
  return { reply, draw, kind: 'probe' };
}

function authorise({ authorization }: SandboxRequest, { key, faults }: World): Reply | null {
  if (!faults.unauthorized && authorization === `Key ${key}`) return null;
  return { status: 401, body: { detail: 'Authentication is required to access this application.' } };
}

function missing({ method }: SandboxRequest, path: string): Reply | null {
  if (!apps.includes(path)) return { status: 404, body: { detail: `Application "${path.slice(1, 65)}" not found` } };
  return method === 'POST' ? null : { status: 405, body: { detail: 'Method Not Allowed' } };
}
