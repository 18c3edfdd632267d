import type { VendorRequest } from '../../models/compile-model';
import type { JobRef, JobSeen, NewJob } from '../job-calls';
import { unread, unreadFault } from '../job-unread';
import { brokenFault, type CallFacts, failure, parseAs } from '../outcome';
import { plannedOf } from '../planned';
import type { JobCalls, ProviderFailure, ProviderResult } from '../provider';
import { unreadable } from '../unreadable';
import { missingKey } from '../unserved';
import type { Answered, UpstreamAnswer } from '../upstream';
import { runwareAnswer } from './answer';
import { runwareFault } from './error';
import { runwareTasks } from './job-answer';
import { readTask } from './read-task';
import { inferenceTask } from './task';

type Deadline = Parameters<JobCalls['create']>[2];

interface RunwareJobParts {
  readonly name: string;
  readonly key: string | null;
  readonly baseUrl: string;
  post(tasks: readonly object[], deadline: Deadline): Promise<UpstreamAnswer>;
}

/** Tasks that are answered later. We give them their names, so that one whose create had no answer can be read. */
export function runwareJobs(parts: RunwareJobParts): JobCalls {
  return {
    pace: { firstMs: 1000, floorMs: 1000, mostMs: 30_000 },
    ageLimitMs: 3_600_000,
    perPoll: 50,
    readsUnknown: true,
    create: (request, job, deadline) => create(parts, request, job, deadline),
    poll: (jobs, deadline) => look(parts, jobs, deadline),
    cancel: async () => ({ kind: 'impossible' }),
  };
}

async function create(
  { name, key, post }: RunwareJobParts,
  request: VendorRequest,
  { id, webhookUrl }: NewJob,
  deadline: Deadline,
): Promise<ProviderResult> {
  const { model } = request;
  if (key === null) return missingKey(name, model.id);
  const later = { deliveryMethod: 'async', ...(webhookUrl === null ? {} : { webhookURL: webhookUrl }) } as const;
  const answer = await post([inferenceTask(request, id, later)], deadline);
  const facts = { provider: name, model: model.id, latencyMs: answer.latencyMs, providerRequestId: id };
  if (answer.kind === 'broken') return failure(facts, brokenFault(answer));
  const fault = refusalIn(answer, facts, key);
  if (fault) return fault;
  const nothing = { images: [], costUsd: null, costBasis: 'unknown' } as const;
  return { ok: true, ...facts, ...nothing, accepted: { upstreamId: id, upstream: plannedOf(request) } };
}

/** null: it was taken on. An error that names no task is ours, since we sent but one. */
function refusalIn(answer: Answered, facts: CallFacts, key: string): ProviderFailure | null {
  const body = parseAs(runwareAnswer, answer.text);
  const errors = body?.errors ?? [];
  const mine = facts.providerRequestId;
  const error = errors.find(({ taskUUID }) => !taskUUID || taskUUID === mine) ?? null;
  if (answer.status !== 200) {
    const fault = runwareFault(answer, error ?? errors[0] ?? null, key);
    // A server that fails in between may hide a task that runs on; one that names the task has given it up.
    const isHidden = answer.status >= 500 && answer.status !== 503 && error?.taskUUID !== mine;
    return failure(facts, isHidden ? { ...fault, started: 'unknown' } : fault);
  }
  if (!body) return failure(facts, unreadable(answer));
  if (error) return failure(facts, runwareFault(answer, error, key));
  if (body.data?.some(({ taskUUID }) => taskUUID === mine)) return null;
  const message = 'HTTP 200 that says nothing of our task';
  return failure(facts, { errorKind: 'malformed', message, httpStatus: 200, started: 'unknown' });
}

/** At most so many calls for one batch: one bad task must not keep the others from being read. */
const mostRounds = 3;

async function look(parts: RunwareJobParts, jobs: readonly JobRef[], deadline: Deadline): Promise<readonly JobSeen[]> {
  const { key } = parts;
  if (key === null) return jobs.map(() => unread('auth', `${parts.name} has no key`));
  const seen = new Map<string, JobSeen>();
  let left = jobs;
  for (let round = 0; left.length > 0 && round < mostRounds; round += 1) {
    const answer = await parts.post(left.map(taskOf), deadline);
    const found = readAnswer(answer, left, { key, baseUrl: parts.baseUrl });
    for (const [id, each] of found.seen) seen.set(id, each);
    const before = left.length;
    left = found.isWhole ? [] : left.filter(({ id }) => found.blamed.has(id) === false);
    if (left.length === before) break;
  }
  const nothing = unread('malformed', 'the answer was about other tasks');
  return jobs.map(({ id }) => seen.get(id) ?? nothing);
}

const taskOf = ({ id }: JobRef) => ({ taskType: 'getResponse', taskUUID: id });

interface Found {
  readonly seen: ReadonlyMap<string, JobSeen>;
  /** Those that an error of the whole call names. */
  readonly blamed: ReadonlySet<string>;
  readonly isWhole: boolean;
}

function readAnswer(
  answer: UpstreamAnswer,
  jobs: readonly JobRef[],
  about: { readonly key: string; readonly baseUrl: string },
): Found {
  const all = (each: JobSeen): Found => ({
    ...{ seen: new Map(jobs.map(({ id }) => [id, each])), blamed: new Set<string>(), isWhole: true },
  });
  if (answer.kind === 'broken') return all(unreadFault(brokenFault(answer)));
  const body = parseAs(runwareTasks, answer.text);
  const { data, errors } = { data: body?.data ?? [], errors: body?.errors ?? [] };
  const isRefused = answer.status !== 200;
  if (!body) return all(unreadFault(isRefused ? runwareFault(answer, null, about.key) : unreadable(answer)));
  const isServers = answer.status >= 500 || [401, 402, 403, 429].includes(answer.status);
  if (isServers) return all(unreadFault(runwareFault(answer, errors[0] ?? null, about.key)));
  const blamed = new Set(errors.flatMap(({ taskUUID }) => taskUUID ?? []));
  const seen = new Map<string, JobSeen>();
  for (const job of jobs) {
    const items = data.filter(({ taskUUID }) => taskUUID === job.id);
    const error =
      errors.find(({ taskUUID }) => taskUUID === job.id) ?? errors.find(({ taskUUID }) => !taskUUID) ?? null;
    seen.set(job.id, readTask({ job, items, error, answer, isRefused, ...about }));
  }
  return { seen, blamed, isWhole: !isRefused || blamed.size === 0 };
}
