import type { VendorRequest } from '../../models/compile-model';
import type { Accepted, Cancelled, JobRef, JobSeen, NewJob } from '../job-calls';
import { unread, unreadFault } from '../job-unread';
import { brokenFault, type CallFacts, failure, header, parseAs } from '../outcome';
import { plannedOf } from '../planned';
import type { JobCalls, ProviderResult } from '../provider';
import { unreadable } from '../unreadable';
import { missingKey } from '../unserved';
import type { Answered, Upstream, UpstreamAnswer } from '../upstream';
import { falFault, submitFault } from './error';
import type { FalPricing } from './pricing';
import { appIn, appOf, isApp, resultPaths } from './queue-address';
import { type FalStatus, falCancelled, falStatus, falSubmitted } from './queue-answer';
import { falEnd } from './queue-end';

/** What FAL's queue is asked with. */
interface FalQueueParts {
  readonly name: string;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly upstream: Upstream;
  /** Put before every path: a stand-in for FAL has its queue at the origin of its models. */
  readonly prefix: string;
  readonly pricing: FalPricing;
}

type Deadline = Parameters<JobCalls['create']>[2];

export function falQueue(parts: FalQueueParts): JobCalls {
  return {
    pace: { firstMs: 1000, floorMs: 1000, mostMs: 30_000 },
    ageLimitMs: 2 * 3_600_000,
    perPoll: 1,
    readsUnknown: false,
    create: (request, job, deadline) => submit(parts, request, job, deadline),
    poll: (jobs, deadline) => Promise.all(jobs.map((job) => look(parts, job, deadline))),
    cancel: (job, deadline) => cancel(parts, job, deadline),
  };
}

function call(parts: FalQueueParts, method: 'GET' | 'PUT', path: string, deadline: Deadline): Promise<UpstreamAnswer> {
  return parts.upstream.call({ method, path: parts.prefix + path, headers: parts.headers, body: null }, deadline);
}

/** Not in the function that waits: the text of the body, an image in it perhaps, is not held meanwhile. */
function post(parts: FalQueueParts, path: string, sent: VendorRequest, deadline: Deadline): Promise<UpstreamAnswer> {
  const { prefix, upstream } = parts;
  // Ours stand last: who retries, and by which key it is called, is not for a caller to say.
  const headers = { ...sent.request.raw?.headers, ...parts.headers };
  return upstream.call({ method: 'POST', path: prefix + path, headers, body: JSON.stringify(sent.fields) }, deadline);
}

async function submit(
  parts: FalQueueParts,
  request: VendorRequest,
  { webhookUrl }: NewJob,
  deadline: Deadline,
): Promise<ProviderResult> {
  const { name, key, upstream, prefix, pricing } = parts;
  const { model } = request;
  if (key === null) return missingKey(name, model.id);
  // Learnt while the job runs, for when it has ended.
  pricing.unitPriceUsd(model.id);
  const query = webhookUrl === null ? '' : `?fal_webhook=${encodeURIComponent(webhookUrl)}`;
  const answer = await post(parts, `/${model.id}${query}`, request, deadline);
  const { latencyMs } = answer;
  const said = answer.kind === 'answer' ? header(answer.headers['x-fal-request-id']) : null;
  const facts: CallFacts = { provider: name, model: model.id, latencyMs, providerRequestId: said };
  if (answer.kind === 'broken') return failure(facts, brokenFault(answer));
  if (answer.status < 200 || answer.status > 202) return failure(facts, submitFault(answer, key));
  const body = parseAs(falSubmitted, answer.text);
  if (!body) return failure(facts, unreadable(answer));
  const app = appIn(body.response_url ?? '', upstream.origin, prefix) ?? appOf(model.id);
  const accepted: Accepted = { upstreamId: body.request_id, upstream: { app, ...plannedOf(request) } };
  const nothing = { images: [], costUsd: null, costBasis: 'unknown' } as const;
  return { ok: true, ...facts, providerRequestId: body.request_id, ...nothing, accepted };
}

async function look(parts: FalQueueParts, job: JobRef, deadline: Deadline): Promise<JobSeen> {
  if (parts.key === null) return unread('auth', `${parts.name} has no key`);
  const place = placeOf(job);
  if (place === null) {
    return { kind: 'absent', message: `no answer to its create came, and ${parts.name} knows no job by our id` };
  }
  const answer = await call(parts, 'GET', `${place}/status?logs=1`, deadline);
  if (answer.kind === 'broken') return unreadFault(brokenFault(answer));
  if (answer.status === 404) return { kind: 'absent', message: falFault(answer, parts.key).message };
  if (answer.status !== 200 && answer.status !== 202) return unreadFault(falFault(answer, parts.key));
  const seen = parseAs(falStatus, answer.text);
  if (!seen) return unreadFault(unreadable(answer));
  if (seen.status !== 'COMPLETED') return underWay(seen);
  return ended(parts, job, { place, seen }, deadline);
}

function underWay({ status, queue_position, logs }: FalStatus): JobSeen {
  if (status !== 'IN_QUEUE' && status !== 'IN_PROGRESS') {
    return unread('malformed', `a job in the state "${status.slice(0, 40)}", which the queue does not have`);
  }
  const phase = status === 'IN_QUEUE' ? 'queued' : 'running';
  const position = queue_position == null ? {} : { queuePosition: queue_position };
  return { kind: 'running', phase, progress: null, ...position, ...logsOf(logs) };
}

async function ended(
  parts: FalQueueParts,
  job: JobRef,
  { place, seen }: { readonly place: string; readonly seen: FalStatus },
  deadline: Deadline,
): Promise<JobSeen> {
  const [first, other] = resultPaths(place, seen.response_url ?? '');
  let answer = await call(parts, 'GET', first, deadline);
  if (isElsewhere(answer)) answer = await call(parts, 'GET', other, deadline);
  const unitPriceUsd = parts.pricing.unitPriceUsd(job.model);
  const about = { job, seen, key: parts.key ?? '', baseUrl: parts.upstream.origin, unitPriceUsd };
  return { ...falEnd(answer, about), ...logsOf(seen.logs) };
}

/** Perhaps it is served at the other address. */
function isElsewhere(answer: UpstreamAnswer): answer is Answered {
  return answer.kind === 'answer' && (answer.status === 404 || answer.status === 405);
}

function logsOf(logs: FalStatus['logs']): Pick<Extract<JobSeen, { kind: 'running' }>, 'logs'> {
  if (!logs || logs.length === 0) return {};
  const shown = logs.slice(-100).map(({ message, level, source, timestamp }) => ({
    ...{ message: message.slice(0, 1000), level: level ?? null, source: source ?? null, timestamp: timestamp ?? null },
  }));
  return { logs: shown };
}

function placeOf({ upstreamId, upstream, model }: JobRef): string | null {
  if (upstreamId === null) return null;
  const app = isApp(upstream.app) ? upstream.app : appOf(model);
  return `/${app}/requests/${encodeURIComponent(upstreamId)}`;
}

async function cancel(parts: FalQueueParts, job: JobRef, deadline: Deadline): Promise<Cancelled> {
  if (parts.key === null) return unread('auth', `${parts.name} has no key`);
  const place = placeOf(job);
  if (place === null) return { kind: 'absent' };
  const answer = await call(parts, 'PUT', `${place}/cancel`, deadline);
  if (answer.kind === 'broken') return unreadFault(brokenFault(answer));
  if (answer.status === 404) return { kind: 'absent' };
  const said = parseAs(falCancelled, answer.text)?.status;
  if (answer.status === 400 && said === 'ALREADY_COMPLETED') return { kind: 'late' };
  if (answer.status === 202 || answer.status === 200) {
    return said === undefined ? unreadFault(unreadable(answer)) : { kind: 'asked' };
  }
  return unreadFault(falFault(answer, parts.key));
}
