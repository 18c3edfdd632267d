import type { VendorSchema } from '@/lib/registry/vendor-schema';
import { readFalInput } from './fal-input';
import { openApiOf } from './fal-openapi';
import { falReply } from './fal-replies';
import { FalQueue, notFound } from './jobs/fal-queue';
import { falSchemas } from './schemas/schemas';
import type { Reply, SandboxRequest, Served, Vendor, World } from './vendor';

/** fal.run, queue.fal.run (under `/queue`), api.fal.ai and the schemas of fal.ai at one origin. */
export function falVendor(): Vendor {
  const queue = new FalQueue();
  return {
    name: 'fal',
    usualCost: 0.003,
    serve(request, world) {
      if (request.path === '/v1/models/pricing') return servePricing(request, world);
      if (request.path === '/api/openapi/queue/openapi.json') return serveSchema(request);
      if (request.path.startsWith('/storage/')) return serveStorage(request, world);
      const isQueued = request.path.startsWith('/queue/');
      const path = isQueued ? request.path.slice('/queue'.length) : request.path;
      const model = falSchemas.get(path.slice(1)) ?? null;
      const isKnownJob = isQueued && path.includes('/requests/');
      const refusal = authorise(request, world) ?? (isKnownJob ? null : missing(request, path, model));
      if (refusal) return { reply: refusal, draw: null, kind: 'inference' };
      if (isQueued) return queue.serve(request, path, model, world);
      if (model === null) return { reply: notFound(path), draw: null, kind: 'inference' };
      const input = readFalInput(model, request.body);
      if ('status' in input) return { reply: input, draw: null, kind: 'inference' };
      const draw = world.draw();
      return { reply: falReply(input, draw, world), draw, kind: 'inference' };
    },
    jobs: (world) => queue.list(world),
  };
}

/** Where a file may be put, and the putting of it: nothing is kept. */
function serveStorage(request: SandboxRequest, world: World): Served {
  const { method, path } = request;
  const file = `${world.origin}/storage/files/a-file`;
  const found = (body: unknown): Served => ({ reply: { status: 200, body }, draw: null, kind: 'other' });
  // In one piece, or in parts that are numbered and put together.
  if (method === 'PUT' && path.startsWith('/storage/files/'))
    return found({ partNumber: Number(path.split('/').at(-1)), etag: 'x' });
  if (method === 'POST' && path.startsWith('/storage/files/') && path.endsWith('/complete')) return found({});
  const refusal = /^\/storage\/upload\/initiate(?:-multipart)?$/.test(path)
    ? authorise(request, world)
    : notFound(path);
  return refusal ? { reply: refusal, draw: null, kind: 'other' } : found({ upload_url: file, file_url: file });
}

function servePricing(request: SandboxRequest, world: World): Served {
  const draw = world.faults.probes ? world.draw() : null;
  const endpoint_id = request.query.get('endpoint_id') ?? '';
  const unit = falSchemas.get(endpoint_id)?.answers === 'video' ? 'seconds' : 'megapixels';
  const price = { endpoint_id, unit_price: world.faults.cost, unit, currency: 'USD' };
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

function missing({ method }: SandboxRequest, path: string, model: VendorSchema | null): Reply | null {
  if (model === null) return notFound(path);
  return method === 'POST' ? null : { status: 405, body: { detail: 'Method Not Allowed' } };
}

function serveSchema({ query }: SandboxRequest): Served {
  const id = query.get('endpoint_id') ?? '';
  const schema = falSchemas.get(id);
  const reply: Reply = schema
    ? { status: 200, body: openApiOf(schema) }
    : { status: 404, body: { detail: `Endpoint "${id.slice(0, 64)}" not found` } };
  return { reply, draw: null, kind: 'other' };
}
