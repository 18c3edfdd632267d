import type { Draw } from '../draw';
import { idOf, type Reply, retryAfterOf, type SandboxRequest, type Served, type Vendor, type World } from '../vendor';
import { type Job, JobBook, stateOf } from './job-book';
import { videoUrl } from './video';

type Body = Readonly<Record<string, unknown>>;

const generations = '/v2/video/generations';
const billing = '/v2/billing';
const refusals = ['failure', 'rate_limited', 'balance', 'content_policy'];

/** api.aimlapi.com, as far as it makes videos. */
export function aimlapiVendor(): Vendor {
  const made = new Generations();
  return {
    name: 'aimlapi',
    usualCost: 0,
    serve: (request, world) => serve(request, world, made),
    jobs: (world) => made.book.list(world.now()),
  };
}

function serve(request: SandboxRequest, world: World, made: Generations): Served {
  const { method, path } = request;
  const kind = path === billing ? 'probe' : method === 'POST' ? 'inference' : 'poll';
  const refusal = refusalBefore(request, world);
  if (refusal) return { reply: refusal, draw: null, kind };
  if (kind === 'probe') return serveBilling(world);
  if (kind === 'poll') return made.look(request.query.get('generation_id') ?? '', world);
  return made.take((request.body ?? {}) as Body, world);
}

function refusalBefore({ method, path, authorization, body }: SandboxRequest, world: World): Reply | null {
  const wanted = path === billing ? ['GET'] : path === generations ? ['GET', 'POST'] : [];
  if (!wanted.includes(method)) return refusal(404, `Cannot ${method} ${path}`, path);
  if (world.faults.unauthorized || authorization !== `Bearer ${world.key}`) {
    return refusal(
      401,
      'This request requires a valid API key. You can create a new API key on the Billing page.',
      path,
    );
  }
  if (method === 'GET') return body === undefined ? null : refusal(400, 'Body validation error!', path);
  const { model, prompt, duration } = (body ?? {}) as Body;
  const isGood = typeof model === 'string' && typeof prompt === 'string' && prompt !== '';
  const isNumber = duration === undefined || typeof duration === 'number';
  return isGood && isNumber ? null : refusal(400, 'Body validation error! Expected string, received nothing', path);
}

const refusal = (statusCode: number, message: string, path = generations): Reply => ({
  status: statusCode,
  body: { requestId: idOf(statusCode, 0), statusCode, timestamp: '2026-11-29T00:00:00.000Z', path, message },
});

function serveBilling(world: World): Served {
  const draw = world.faults.probes ? world.draw() : null;
  const isFailing = draw !== null && refusals.includes(draw.verdict);
  const body = { current_balance: world.faults.balance ? 0 : 100, currency: 'USD' };
  return { reply: isFailing ? refusalOf(draw, world) : { status: 200, body }, draw, kind: 'probe' };
}

function refusalOf({ verdict }: Draw, { faults }: World): Reply {
  switch (verdict) {
    case 'rate_limited':
      return { ...refusal(429, 'Too many requests.'), headers: retryAfterOf(faults) };
    case 'balance':
      return refusal(403, "You've run out of credits. Please top up your balance to continue.");
    case 'content_policy':
      return refusal(400, 'The prompt was refused by content moderation.');
    default:
      return refusal(faults.status, faults.kind ?? 'Something wrong with the server. Please, try again later.');
  }
}

/** AI/ML API makes the ids by itself, and answers every key alike. */
class Generations {
  readonly book = new JobBook<{ readonly seconds: number }>();

  take(body: Body, world: World): Served {
    const draw = world.draw();
    const sent = world.faults.jobMs === null ? { ...draw, delayMs: 0 } : draw;
    const served = (reply: Reply): Served => ({ reply, draw: sent, kind: 'inference' });
    if (refusals.includes(draw.verdict)) return served(refusalOf(draw, world));
    const id = idOf(draw.seed, 3);
    // A web page comes from something in between: the vendor has made no job.
    if (draw.wire === 'html') return served({ status: 200, body: {} });
    const what = { seconds: Number(body.duration ?? 5) };
    const asked = { model: String(body.model), prompt: String(body.prompt ?? ''), webhookUrl: null };
    this.book.make({ id, ...asked, draw, what }, world.now());
    if (draw.fate?.isHidden) return served({ status: 502, body: 'Bad gateway' });
    if (draw.verdict === 'no_image') return served({ status: 200, body: {} });
    return served({ status: 200, body: { id, status: 'queued' } });
  }

  look(id: string, world: World): Served {
    const draw = world.faults.polls ? world.draw() : null;
    const served = (reply: Reply): Served => ({ reply, draw, kind: 'poll' });
    if (draw && refusals.includes(draw.verdict)) return served(refusalOf(draw, world));
    const job = this.book.find(id);
    const state = job && stateOf(job, world.now());
    if (!job || (state === 'ended' && job.fate.end === 'gone')) return served(refusal(404, 'Generation not found'));
    job.polls += 1;
    return served({ status: 200, body: told(job, state === 'ended', state === 'queued', world) });
  }
}

function told(job: Job<{ readonly seconds: number }>, hasEnded: boolean, isQueued: boolean, { origin }: World): Body {
  const { id, draw, fate, what } = job;
  if (!hasEnded) return { id, status: isQueued ? 'queued' : 'generating' };
  const meta = { usage: { credits_used: 120_000 } };
  if (fate.end === 'failed') {
    return { id, status: 'error', error: { name: 'GenerationError', message: 'The model failed' }, meta };
  }
  const url = videoUrl(origin, { provider: 'aimlapi', seconds: what.seconds, seed: draw.seed });
  const dead = `${origin}/gone/${id}.mp4`;
  const video = draw.verdict === 'no_image' ? null : { url: fate.end === 'dead_link' ? dead : url };
  return { id, status: 'completed', video, meta };
}
