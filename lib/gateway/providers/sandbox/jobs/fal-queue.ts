import type { VendorSchema } from '@/lib/registry/vendor-schema';
import { readFalInput } from '../fal-input';
import { falRefusal, falReply } from '../fal-replies';
import { idOf, type Reply, type SandboxRequest, type Served, type World } from '../vendor';
import { type Job, JobBook, type SandboxJob, stateOf } from './job-book';

/** Its application, and what the model answers. */
interface Queued {
  readonly app: string;
  readonly reply: Reply;
}

const place = /^\/((?:(?:workflows|comfy)\/)?[^/]+\/[^/]+)\/requests\/([\w-]+)(\/status|\/cancel|\/response)?$/;

/** The queue endpoints: submit, status, response, cancel. The sub-path of the application is dropped after submit. */
export class FalQueue {
  private readonly book = new JobBook<Queued>();

  list(world: World): readonly SandboxJob[] {
    return this.book.list(world.now());
  }

  /** A path of a request that was submitted before needs no model. */
  serve(request: SandboxRequest, path: string, model: VendorSchema | null, world: World): Served {
    const [, app, id, rest] = place.exec(path) ?? [];
    if (!app || !id) {
      return model ? this.submit(request, path, model, world) : { reply: notFound(path), draw: null, kind: 'other' };
    }
    const kind = rest === '/cancel' ? 'cancel' : 'poll';
    const wanted = rest === '/cancel' ? 'PUT' : 'GET';
    if (request.method !== wanted) {
      return { reply: { status: 405, body: { detail: 'Method Not Allowed' } }, draw: null, kind };
    }
    const draw = world.faults.polls ? world.draw() : null;
    const refusal = draw && falRefusal(draw, world.faults);
    return { reply: refusal ?? this.look(app, id, rest, world), draw, kind };
  }

  private look(app: string, id: string, rest: string | undefined, world: World): Reply {
    const job = this.book.find(id);
    if (!job || job.what.app !== app) return { status: 404, body: { detail: `Request ${id} not found` } };
    const now = world.now();
    if (rest === '/cancel') return cancel(job, now);
    job.polls += 1;
    return rest === '/status' ? status(job, world) : result(job, now);
  }

  private submit(request: SandboxRequest, path: string, model: VendorSchema, world: World): Served {
    const input = readFalInput(model, request.body);
    if ('status' in input) return { reply: input, draw: null, kind: 'inference' };
    const draw = world.draw();
    // A job takes as long as an answer does, where nothing else is said of it; its create is answered at once then.
    const sent = world.faults.jobMs === null ? { ...draw, delayMs: 0 } : draw;
    const served = (reply: Reply): Served => ({ reply, draw: sent, kind: 'inference' });
    const isModels = draw.verdict === 'content_policy' || draw.verdict === 'no_image';
    const refusal = isModels ? null : falRefusal(draw, world.faults);
    if (refusal) return served(refusal);
    const app = appOf(path);
    const made = {
      ...{ id: idOf(draw.seed, 0), model: path.slice(1), prompt: input.prompt, draw },
      ...{ webhookUrl: request.query.get('fal_webhook'), what: { app, reply: falReply(input, draw, world) } },
    };
    // A web page comes from something in between: the vendor has made no job.
    if (draw.wire !== 'html') this.book.make(made, world.now());
    if (draw.fate?.isHidden) return served({ status: 502, body: { detail: 'Bad gateway' } });
    const body = { status: 'IN_QUEUE', request_id: made.id, queue_position: 0, ...urlsOf(world.origin, app, made.id) };
    return served({ status: 200, headers: { 'x-fal-request-id': made.id }, body });
  }
}

export function notFound(path: string): Reply {
  return { status: 404, body: { detail: `Application "${path.slice(1, 65)}" not found` } };
}

/** Two parts of a path, three in the namespaces of its own. */
function appOf(path: string): string {
  const parts = path.split('/').slice(1);
  return parts.slice(0, /^(?:workflows|comfy)$/.test(parts[0] ?? '') ? 3 : 2).join('/');
}

function urlsOf(origin: string, app: string, id: string): Readonly<Record<string, string>> {
  const url = `${origin}/queue/${app}/requests/${id}`;
  return { response_url: url, status_url: `${url}/status`, cancel_url: `${url}/cancel` };
}

function status(job: Job<Queued>, world: World): Reply {
  const { id, what } = job;
  const state = stateOf(job, world.now());
  const common = { request_id: id, ...urlsOf(world.origin, what.app, id) };
  if (state === 'queued') return { status: 202, body: { status: 'IN_QUEUE', queue_position: 1, ...common } };
  const line = { message: 'at work', level: 'INFO', source: 'USER', timestamp: '2026-01-01T00:00:00.000Z' };
  if (state === 'running') return { status: 202, body: { status: 'IN_PROGRESS', logs: [line], ...common } };
  const { status: code, body } = outcome(job);
  const error = body as { detail?: unknown; error_type?: string };
  const said = typeof error.detail === 'string' ? error.detail : 'The request was refused';
  const failed = code === 200 ? {} : { error: said, error_type: error.error_type ?? null };
  const metrics = { inference_time: job.fate.lastsMs / 1000 };
  return { status: 200, body: { status: 'COMPLETED', logs: [line], metrics, ...common, ...failed } };
}

function result(job: Job<Queued>, now: number): Reply {
  const state = stateOf(job, now);
  if (state !== 'ended' && state !== 'cancelled')
    return { status: 400, body: { detail: 'Request is still in progress' } };
  if (job.fate.end === 'gone') return { status: 404, body: { detail: `Request ${job.id} not found` } };
  return outcome(job);
}

function outcome({ isCancelled, fate, what }: Job<Queued>): Reply {
  if (isCancelled) return { status: 499, body: { detail: 'Request was cancelled' } };
  if (fate.end !== 'failed') return what.reply;
  const error_type = 'runner_server_error';
  return {
    status: 500,
    headers: { 'x-fal-error-type': error_type, 'x-fal-retryable': 'false' },
    body: { detail: 'The runner failed', error_type },
  };
}

function cancel(job: Job<Queued>, now: number): Reply {
  const state = stateOf(job, now);
  if (state === 'ended' || state === 'cancelled') return { status: 400, body: { status: 'ALREADY_COMPLETED' } };
  job.isCancelled = true;
  return { status: 202, body: { status: 'CANCELLATION_REQUESTED' } };
}
