import type { VendorField, VendorSchema } from '@/lib/registry/vendor-schema';
import type { Draw } from './draw';
import { judge, type Wrong } from './judge';
import { pictureUrl } from './picture';
import { drawPng } from './png';
import { isSandboxFile } from './request-body';
import { openaiSchemas } from './schemas/openai';
import { idOf, type Reply, retryAfterOf, type SandboxRequest, type Served, type Vendor, type World } from './vendor';

type Body = Readonly<Record<string, unknown>>;

const edits = '/v1/images/edits';

/** api.openai.com, as far as it makes and edits images. */
export function openaiVendor(): Vendor {
  return { name: 'openai', usualCost: 0, serve };
}

function serve(request: SandboxRequest, world: World): Served {
  const isProbe = request.path === '/v1/models';
  const refusal = refuse(request, world);
  if (refusal) return { reply: refusal, draw: null, kind: isProbe ? 'probe' : 'inference' };
  if (isProbe) return serveModels(world);
  const body = bodyOf(request);
  const schema = openaiSchemas.get(String(body.model));
  const bad = schema ? badOf(schema, body, request.path === edits) : notFound(String(body.model));
  if (bad || !schema) return { reply: bad ?? notFound(''), draw: null, kind: 'inference' };
  const draw = world.draw();
  return { reply: infer(body, draw, world), draw, kind: 'inference' };
}

function openaiError(status: number, type: string, code: string | null, message: string, param?: string): Reply {
  return { status, body: { error: { message, type, param: param ?? null, code } } };
}

function refuse({ method, path, authorization }: SandboxRequest, { key, faults }: World): Reply | null {
  const wanted = path === '/v1/models' ? 'GET' : 'POST';
  if (!['/v1/models', '/v1/images/generations', edits].includes(path) || method !== wanted) {
    return openaiError(404, 'invalid_request_error', 'unknown_url', `Unknown request URL: ${method} ${path}.`);
  }
  if (!faults.unauthorized && authorization === `Bearer ${key}`) return null;
  return openaiError(401, 'invalid_request_error', 'invalid_api_key', 'Incorrect API key provided.');
}

function serveModels(world: World): Served {
  const draw = world.faults.probes ? world.draw() : null;
  const data = [...openaiSchemas.keys()].map((id) => ({ id, object: 'model', owned_by: 'system' }));
  const reply = draw?.verdict === 'failure' ? failureOf(world.faults) : { status: 200, body: { object: 'list', data } };
  return { reply, draw, kind: 'probe' };
}

/** What a form says as text is a number where the model takes one. */
function bodyOf({ body }: SandboxRequest): Body {
  const given = typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Body) : {};
  const fields: Readonly<Record<string, VendorField>> = openaiSchemas.get(String(given.model))?.fields ?? {};
  const read = (name: string, value: unknown) =>
    fields[name]?.type === 'whole' && typeof value === 'string' ? Number(value) : value;
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, read(name, value)]));
}

function notFound(model: string): Reply {
  const message = `The model '${model.slice(0, 64)}' does not exist.`;
  return openaiError(404, 'invalid_request_error', 'model_not_found', message, 'model');
}

function badOf(schema: VendorSchema, body: Body, isEdit: boolean): Reply | null {
  const { image, mask, ...words } = body;
  if (isEdit) {
    const files = [...(Array.isArray(image) ? image : [image]), ...(mask === undefined ? [] : [mask])];
    const isGood = files.length <= 17 && files.every((file) => isSandboxFile(file) && file.kind !== null);
    if (!isGood) return invalid('Invalid file: expected images of 1 to 16 files.', 'image', 'invalid_image_file');
  }
  const [wrong] = judge(schema, isEdit ? words : body);
  return wrong ? invalid(wordsOf(wrong), wrong.path.join('.'), codeOf(wrong)) : null;
}

const invalid = (message: string, param: string, code: string) =>
  openaiError(400, 'invalid_request_error', code, message, param);

function codeOf({ is }: Wrong): string {
  if (is === 'unknown') return 'unknown_parameter';
  return is === 'missing' ? 'missing_required_parameter' : 'invalid_value';
}

function wordsOf({ is, path, field }: Wrong): string {
  const name = path.join('.');
  if (is === 'unknown') return `Unknown parameter: '${name}'.`;
  if (is === 'missing') return `Missing required parameter: '${name}'.`;
  return `Invalid value for '${name}'${field.oneOf ? `. Supported values are: ${field.oneOf.join(', ')}` : ''}.`;
}

const failureOf = ({ status, kind }: World['faults']): Reply =>
  openaiError(status, kind ?? 'server_error', null, 'The server had an error while processing your request.');

function infer(body: Body, draw: Draw, world: World): Reply {
  const { faults } = world;
  const reply = refusalOf(draw, faults) ?? { status: 200, body: imagesOf(body, draw, world) };
  return { ...reply, headers: { 'x-request-id': `req_${idOf(draw.seed, 0)}`, ...reply.headers } };
}

function refusalOf({ verdict }: Draw, faults: World['faults']): Reply | null {
  switch (verdict) {
    case 'failure':
    case 'partial_errors':
      return failureOf(faults);
    case 'rate_limited':
      return {
        ...openaiError(429, 'requests', 'rate_limit_exceeded', 'Rate limit reached for images.'),
        headers: retryAfterOf(faults),
      };
    case 'content_policy':
      return openaiError(400, 'image_generation_user_error', 'moderation_blocked', 'The safety system refused it.');
    case 'balance':
      return openaiError(429, 'insufficient_quota', 'insufficient_quota', 'You exceeded your current quota.');
    default:
      return null;
  }
}

function imagesOf(body: Body, draw: Draw, { faults, origin }: World): object {
  const count = draw.verdict === 'no_image' ? 0 : (faults.images ?? Number(body.n ?? 1));
  const [width = 1024, height = 1024] =
    body.size === 'auto'
      ? []
      : String(body.size ?? '1024x1024')
          .split('x')
          .map(Number);
  const givesBytes = String(body.model).startsWith('gpt-') || body.response_format === 'b64_json';
  const prompt = String(body.prompt ?? '');
  const data = Array.from({ length: count }, (_, i) => {
    const seed = draw.seed + i;
    if (givesBytes) return { b64_json: drawPng(width, height, seed).toString('base64') };
    return { url: pictureUrl(origin, { provider: 'openai', prompt, width, height, seed }) };
  });
  return { created: 1_700_000_000, data };
}
