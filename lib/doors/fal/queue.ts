import type { CompiledModel } from '@/lib/gateway/models/compile-model';
import { appOf } from '@/lib/gateway/providers/fal/queue-address';
import type { Incoming, Outgoing } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import { json } from '@/lib/http/respond';
import type { Created } from '@/lib/jobs/create-job';
import { isEnd } from '@/lib/jobs/job-state';
import type { JobView } from '@/lib/jobs/job-view';
import { cancelJob, readJob } from '@/lib/jobs/read-job';
import type { Caller } from '@/lib/registry/callers/caller';
import { globMatches } from '@/lib/registry/glob';
import { type CallerHandler, requireScope } from '../callers';
import type { JobsDoor } from '../data-route';
import { jobHeaders } from '../jobs/job-headers';
import { jobProblemOf } from '../jobs/job-problem';
import { type JobShape, jobsOf, orderJob } from '../jobs/order-job';
import { statusStream } from '../jobs/status-stream';
import type { Answer } from '../sluice/answer-once';
import { answerHeaders } from '../sluice/generate';
import type { Wanted } from '../sluice/plain-request';
import { falProblem } from './fal-problem';
import { inFalWords } from './fal-run';
import { passQueue } from './pass-queue';
import { platformSaid } from './platform-headers';
import { type QueueCall, urlsOf } from './queue-call';
import { resultOf, statusOf } from './queue-status';
import { falModel, readFal, refuseRawAddresses } from './read-fal';

interface QueueAsked {
  readonly incoming: Incoming;
  readonly caller: Caller;
  readonly spend: Parameters<CallerHandler>[2];
  /** Of its address at FAL. */
  readonly query: URLSearchParams;
  /** Where the client believes the queue to be. */
  readonly origin: string;
}

/** One call of FAL's queue: what a split of jobs decides is answered from the job, and the rest is passed on. */
export async function serveQueue(door: JobsDoor, call: QueueCall, asked: QueueAsked): Promise<Outgoing> {
  if (call.kind === 'submit') {
    const { models, registry } = door.plane.splits;
    const model = falModel(models, registry.providers, call.id);
    const isOurs = model !== null && isDecided(door, asked.incoming, call.id, model);
    return isOurs ? submit(door, model, call.id, asked) : passQueue(door.plane, call, asked);
  }
  const job = await jobAt(door, call, asked.caller);
  if (job === null) return passQueue(door.plane, call, asked);
  requireScope(asked.caller, 'generate');
  const headers = headersOf(door, job, asked);
  if (call.kind === 'cancel') return cancel(door, job, headers);
  if (call.kind === 'result') return resultOf(job, headers);
  const wantsLogs = /^(?:1|true)$/i.test(asked.query.get('logs') ?? '');
  if (call.kind === 'status') return statusAnswer(job, asked.origin, wantsLogs, headers);
  return statusStream(async () => {
    const now = await readJob(jobsOf(door.jobs), job.id, asked.caller.name);
    return now && { text: JSON.stringify(statusOf(now, asked.origin, wantsLogs)), isLast: isEnd(now.state) };
  }, headers);
}

function statusAnswer(job: JobView, origin: string, wantsLogs: boolean, headers: Record<string, string>): Answer {
  return json(isEnd(job.state) ? 200 : 202, statusOf(job, origin, wantsLogs), headers);
}

function headersOf({ plane }: JobsDoor, job: JobView, { incoming }: QueueAsked): Record<string, string> {
  return { ...jobHeaders(plane, job, incoming.requestId), 'x-fal-request-id': job.id };
}

/** null: it is none of the caller's, or of another application. */
async function jobAt({ jobs }: JobsDoor, { app, job: id }: Extract<QueueCall, { app: string }>, caller: Caller) {
  if (jobs === null) return null;
  const job = await readJob(jobs, id, caller.name);
  return job?.door === 'fal' && appOf(job.model) === app ? job : null;
}

/**
 * Whether a split of jobs is for the model: one that the request names or that matches it; the default one where its
 * arms leave the model to the request, or one of them makes this model. Another model must not come of it.
 */
function isDecided({ plane }: JobsDoor, incoming: Incoming, id: string, { alias }: CompiledModel): boolean {
  const slug = incoming.header('x-sluice-split');
  if (slug !== null) return true;
  const { splits } = plane;
  const names = [id, alias];
  const split = splits.choose({ kind: 'job', slug, models: names });
  if (typeof split === 'string') return false;
  const entry = splits.registry.splits.find(({ key }) => key === split.key);
  if (entry?.match.models?.some((pattern) => names.some((name) => globMatches(pattern, name)))) return true;
  const pinned = [...split.arms.values()].map((arm) => arm.model);
  return pinned.every((model) => model === null) || pinned.some((model) => model !== null && names.includes(model));
}

async function submit(door: JobsDoor, model: CompiledModel, id: string, asked: QueueAsked): Promise<Outgoing> {
  requireScope(asked.caller, 'generate');
  const webhook = webhookIn(asked.query);
  const said = platformSaid(asked.incoming);
  const shape: JobShape = {
    door: 'fal',
    read: (body) => ({ ...toldFal(readFal(model, id, body), said), ...(webhook !== undefined && { webhook }) }),
    fit: async ({ raw }) => raw && refuseRawAddresses(raw.fields),
    write: (created, requestId) => written(created, requestId, { origin: asked.origin, isTold: webhook !== undefined }),
  };
  try {
    return await orderJob(door, shape, asked);
  } catch (error) {
    throw error instanceof Problem ? inFalWords(model, error) : error;
  }
}

/** With what its headers say to FAL's platform. */
function toldFal(wanted: Wanted, { headers, leftOut }: ReturnType<typeof platformSaid>): Wanted {
  const isSaid = Object.keys(headers).length > 0;
  const raw = isSaid ? { adapter: 'fal', fields: {}, ...wanted.raw, headers } : wanted.raw;
  return { ...wanted, ...(raw && { raw }), ...(leftOut.length > 0 && { leftOut }) };
}

/** FAL refuses by it as it refuses an account at its limit: the one would count as the other, against its arm. */
const tooLong =
  'fal_max_queue_length is not taken: only FAL has such a queue, and its refusal could not be told from that of an account ' +
  'at its limit, which takes the traffic away from FAL. No job was made; leave it out, and cancel a job that waits too long.';

/** What the address says beside the model: where its caller wants to be told. */
function webhookIn(query: URLSearchParams): string | undefined {
  const name = [...query.keys()].find((each) => each !== 'fal_webhook');
  const given = query.getAll('fal_webhook');
  const detail =
    name === 'fal_max_queue_length'
      ? tooLong
      : name !== undefined
        ? `The query ${name.slice(0, 32)} is not taken; say it in the body. No job was made.`
        : given.length > 1
          ? 'fal_webhook stands there twice; one address is told. No job was made.'
          : null;
  if (detail !== null) throw new Problem(422, 'request-invalid', detail);
  return given[0];
}

function written(created: Created, requestId: string, { origin, isTold }: { origin: string; isTold: boolean }): Answer {
  const { job, ending } = created;
  const headers = answerHeaders(created, requestId);
  if (!job || ending.kind !== 'done') {
    return falProblem(jobProblemOf(created, headers, job?.id ?? null), requestId);
  }
  const body = {
    ...{ status: 'IN_QUEUE', request_id: job.id, queue_position: job.queuePosition ?? 0, logs: [] },
    ...(isTold && { gateway_request_id: job.id }),
    ...urlsOf(origin, appOf(job.model), job.id),
  };
  return json(200, body, { ...headers, 'x-fal-request-id': job.id });
}

async function cancel({ jobs }: JobsDoor, job: JobView, headers: Record<string, string>): Promise<Outgoing> {
  const cancelling = await cancelJob(jobsOf(jobs), job.id, job.caller);
  if (cancelling === null) return json(404, { status: 'NOT_FOUND' }, headers);
  if (cancelling.kind === 'ended') return json(400, { status: 'ALREADY_COMPLETED' }, headers);
  return json(202, { status: 'CANCELLATION_REQUESTED' }, headers);
}
