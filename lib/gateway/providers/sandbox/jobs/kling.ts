import { createHmac } from 'node:crypto';
import type { Draw } from '../draw';
import { idOf, type Reply, retryAfterOf, type SandboxRequest, type Served, type Vendor, type World } from '../vendor';
import { type Job, JobBook, stateOf } from './job-book';
import { videoUrl } from './video';

type Body = Readonly<Record<string, unknown>>;

interface KlingWhat {
  readonly type: string;
  readonly externalId: string | null;
  readonly seconds: number;
}

/** An access key and its secret; what is signed with it is let in, and the pair itself is not. */
export const sandboxKlingKey = 'sandbox-access:sandbox-secret';

const types = ['text2video', 'image2video', 'multi-image2video'];
const refusals = ['failure', 'rate_limited', 'balance', 'content_policy'];

/** api-singapore.klingai.com, as far as it makes videos. */
export function klingVendor(): Vendor {
  const tasks = new KlingTasks();
  return {
    name: 'kling',
    usualCost: 0,
    serve: (request, world) => serve(request, world, tasks),
    jobs: (world) => tasks.book.list(world.now()),
  };
}

function serve(request: SandboxRequest, world: World, tasks: KlingTasks): Served {
  const { method, path } = request;
  const [, type, id] = /^\/v1\/videos\/([\w-]+)(?:\/([^/]+))?$/.exec(path) ?? [];
  const isCreate = method === 'POST' && id === undefined;
  const kind = isCreate ? 'inference' : id === undefined ? 'probe' : 'poll';
  const refusal = refusalBefore(request, type, world);
  if (refusal) return { reply: refusal, draw: null, kind };
  if (kind === 'probe') return serveList(world);
  if (id !== undefined) return tasks.look(type ?? '', decodeURIComponent(id), world);
  return tasks.take(type ?? '', (request.body ?? {}) as Body, world);
}

function refusalBefore(request: SandboxRequest, type: string | undefined, { key, faults }: World): Reply | null {
  const { method, body } = request;
  if (type === undefined || !types.includes(type)) return refusal(404, 1202, 'the requested method is invalid');
  if (method !== 'GET' && method !== 'POST') return refusal(404, 1202, 'the requested method is invalid');
  const wrong = faults.unauthorized ? [1002, 'Authorization is invalid'] : tokenFault(request.authorization, key);
  if (wrong) return refusal(401, Number(wrong[0]), String(wrong[1]));
  if (method === 'GET') return body === undefined ? null : refusal(400, 1200, 'a GET has no body');
  return inputFault(type, (body ?? {}) as Body);
}

/** As the vendor looks at a token: its head, who signed it, from when and until when it is good. */
function tokenFault(authorization: string, key: string): readonly [number, string] | null {
  const [access = '', secret] = key.split(':');
  const token = /^Bearer (\S+)$/.exec(authorization)?.[1];
  if (token === undefined) return [1001, 'Authorization is empty'];
  if (secret === undefined) return token === key ? null : [1002, 'Authorization is invalid'];
  const [head = '', claims = '', signature] = token.split('.');
  const signed = createHmac('sha256', secret).update(`${head}.${claims}`).digest('base64url');
  const { alg, typ } = jsonIn(head);
  const { iss, exp, nbf } = jsonIn(claims);
  const isSigned = signature === signed && alg === 'HS256' && typ === 'JWT' && iss === access;
  if (!isSigned) return [1002, 'Authorization is invalid'];
  const now = Date.now() / 1000;
  if (Number(nbf) > now) return [1003, 'Authorization is not yet valid'];
  return Number(exp) > now ? null : [1004, 'Authorization has expired'];
}

function jsonIn(part: string): Body {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Body;
  } catch {
    return {};
  }
}

const refusal = (status: number, code: number, message: string): Reply => ({
  status,
  body: { code, message, request_id: idOf(code, 0) },
});

/** What its documentation is firm about: the duration is a text, and base64 goes without the prefix of a `data:` URI. */
function inputFault(type: string, body: Body): Reply | null {
  const bad = (message: string) => refusal(400, 1201, message);
  const { model_name: model, prompt, duration, image } = body;
  if (typeof model !== 'string') return bad('model_name is invalid');
  if (duration !== undefined && duration !== '5' && duration !== '10') return bad('duration must be "5" or "10"');
  if (typeof prompt === 'string' && prompt.length > 2500) return bad('prompt is longer than 2500 characters');
  if (type === 'text2video') return typeof prompt === 'string' && prompt !== '' ? null : bad('prompt is required');
  if (type === 'image2video' && 'aspect_ratio' in body) return bad('aspect_ratio is not supported');
  if (type === 'image2video' && (typeof image !== 'string' || image.startsWith('data:')))
    return bad('image is invalid');
  return null;
}

function serveList(world: World): Served {
  const draw = world.faults.probes ? world.draw() : null;
  const isFailing = draw !== null && refusals.includes(draw.verdict);
  return { reply: isFailing ? refusalOf(draw, world) : well([]), draw, kind: 'probe' };
}

const well = (data: unknown): Reply => ({
  status: 200,
  body: { code: 0, message: 'SUCCEED', request_id: idOf(1, 1), data },
});

function refusalOf({ verdict }: Draw, { faults }: World): Reply {
  const code = /^\d+$/.test(faults.kind ?? '') ? Number(faults.kind) : faults.status === 503 ? 5001 : 5000;
  switch (verdict) {
    case 'rate_limited':
      return { ...refusal(429, 1302, 'API requests are too fast'), headers: retryAfterOf(faults) };
    case 'balance':
      return refusal(429, 1102, 'Account balance not enough');
    case 'content_policy':
      return refusal(400, 1301, 'Failure to pass the risk control system');
    default:
      return refusal(faults.status, code, 'The server failed');
  }
}

class KlingTasks {
  readonly book = new JobBook<KlingWhat>();
  private readonly byExternalId = new Map<string, string>();

  take(type: string, body: Body, world: World): Served {
    const draw = world.draw();
    const sent = world.faults.jobMs === null ? { ...draw, delayMs: 0 } : draw;
    const served = (reply: Reply): Served => ({ reply, draw: sent, kind: 'inference' });
    if (refusals.includes(draw.verdict)) return served(refusalOf(draw, world));
    const externalId = typeof body.external_task_id === 'string' ? body.external_task_id : null;
    if (externalId !== null && this.byExternalId.has(externalId)) {
      return served(refusal(400, 1201, 'external_task_id already exists'));
    }
    const id = String(700_000_000_000 + draw.seed);
    const webhookUrl = typeof body.callback_url === 'string' ? body.callback_url : null;
    const what = { type, externalId, seconds: Number(body.duration ?? 5) };
    const made = { id, model: String(body.model_name), prompt: String(body.prompt ?? ''), webhookUrl, draw, what };
    // A web page comes from something in between: the vendor has made no job.
    if (draw.wire === 'html') return served(well({}));
    const job = this.book.make(made, world.now());
    if (externalId !== null) this.byExternalId.set(externalId, id);
    if (draw.fate?.isHidden) return served({ status: 502, body: 'Bad gateway' });
    if (draw.verdict === 'no_image') return served(well({}));
    return served(well(this.told(job, 'submitted')));
  }

  look(type: string, id: string, world: World): Served {
    const draw = world.faults.polls ? world.draw() : null;
    const served = (reply: Reply): Served => ({ reply, draw, kind: 'poll' });
    if (draw && refusals.includes(draw.verdict)) return served(refusalOf(draw, world));
    const job = this.book.find(this.byExternalId.get(id) ?? id);
    const state = job && stateOf(job, world.now());
    // It is known under its own type alone.
    if (!job || job.what.type !== type || (state === 'ended' && job.fate.end === 'gone')) {
      return served(refusal(404, 1203, `task not found: ${id}`));
    }
    job.polls += 1;
    if (state !== 'ended') return served(well(this.told(job, state === 'queued' ? 'submitted' : 'processing')));
    if (job.fate.end === 'failed') {
      const failed = { task_status_msg: 'The generation failed', final_unit_deduction: '0' };
      return served(well({ ...this.told(job, 'failed'), ...failed }));
    }
    const videos = job.draw.verdict === 'no_image' ? [] : [this.video(job, world)];
    const made = { task_result: { videos }, final_unit_deduction: '10' };
    return served(well({ ...this.told(job, 'succeed'), ...made }));
  }

  private told({ id, what }: Job<KlingWhat>, task_status: string) {
    return { task_id: id, task_status, task_info: { external_task_id: what.externalId }, created_at: 1, updated_at: 1 };
  }

  private video({ id, draw, fate, what }: Job<KlingWhat>, { origin }: World) {
    const { seconds } = what;
    const url = videoUrl(origin, { provider: 'kling', seconds, seed: draw.seed });
    const dead = `${origin}/gone/${id}.mp4`;
    return { id: idOf(draw.seed, 2), url: fate.end === 'dead_link' ? dead : url, duration: String(seconds) };
  }
}
