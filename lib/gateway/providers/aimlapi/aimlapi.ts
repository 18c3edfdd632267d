import type { Deadline } from '@/lib/kernel/deadline';
import type { JobRef, JobSeen } from '../job-calls';
import { unread, unreadFault } from '../job-unread';
import { brokenFault, type Fault, failure, parseAs } from '../outcome';
import { plannedOf } from '../planned';
import type { JobCalls, Provider } from '../provider';
import type { ProviderSettings } from '../settings';
import { madeLater, missingKey } from '../unserved';
import { jsonHeaders, openUpstream, type UpstreamAnswer } from '../upstream';
import { aimlapiBilling } from './answer';
import { aimlapiFault, isUnknownGeneration } from './error';
import { isWell, readCreated, readGeneration } from './read';

const path = '/v2/video/generations';

/** AIMLAPI makes videos with models of many vendors, and answers later. */
export function createAimlapi(settings: ProviderSettings): Provider {
  const { name = 'aimlapi', key } = settings;
  const whyNot = key === null ? (settings.whyNot ?? `${name} has no key`) : null;
  const api = openApi(settings);
  return {
    name,
    configured: key !== null,
    whyNot,
    generate: async ({ model }) => (key === null ? missingKey(name, model.id) : madeLater(name, model.id)),
    jobs: jobCalls(name, key, api),
    async probe(deadline) {
      if (key === null) return { ok: false, latencyMs: 0, error: `${name} has no key`, errorKind: 'auth' };
      const answer = await api.call('GET', '/v2/billing', null, deadline);
      const { latencyMs } = answer;
      const fault = probeFault(answer, key);
      if (fault === null) return { ok: true, latencyMs, error: null };
      return { ok: false, latencyMs, error: fault.message, errorKind: fault.errorKind };
    },
    close: () => api.close(),
  };
}

/** The balance is documented, authenticated and free; without money nothing is made. */
function probeFault(answer: UpstreamAnswer, key: string): Fault | null {
  if (answer.kind === 'broken') return brokenFault(answer);
  if (!isWell(answer)) return aimlapiFault(answer, key);
  const balance = parseAs(aimlapiBilling, answer.text)?.current_balance;
  const about = { httpStatus: answer.status, started: 'no' } as const;
  if (balance === undefined) return { ...about, errorKind: 'malformed', message: 'HTTP 200 without a balance' };
  return balance > 0 ? null : { ...about, errorKind: 'balance', message: `the balance is ${balance} USD` };
}

type Api = ReturnType<typeof openApi>;

function openApi({ key, baseUrl, ca, witnesses, pathPrefix = '', open = openUpstream }: ProviderSettings) {
  const upstream = open(baseUrl, { ca, witnesses });
  const { 'content-type': contentType, ...plain } = jsonHeaders;
  const own = { ...plain, authorization: `Bearer ${key}` };
  return {
    baseUrl,
    call(method: 'GET' | 'POST', to: string, body: object | null, deadline: Deadline): Promise<UpstreamAnswer> {
      const headers = body === null ? own : { ...own, 'content-type': contentType };
      const sent = body === null ? null : JSON.stringify(body);
      return upstream.call({ method, path: pathPrefix + to, headers, body: sent }, deadline);
    },
    close: () => upstream.close(),
  };
}

function jobCalls(name: string, key: string | null, api: Api): JobCalls {
  return {
    pace: { firstMs: 10_000, floorMs: 10_000, mostMs: 15_000 },
    ageLimitMs: 3_600_000,
    perPoll: 1,
    readsUnknown: false,
    async create(request, _job, deadline) {
      const { model, fields } = request;
      if (key === null) return missingKey(name, model.id);
      const answer = await api.call('POST', path, { ...fields, model: model.id }, deadline);
      const facts = { provider: name, model: model.id, latencyMs: answer.latencyMs, providerRequestId: null };
      if (answer.kind === 'broken') return failure(facts, brokenFault(answer));
      return readCreated(answer, facts, plannedOf(request), key);
    },
    poll: (jobs, deadline) => Promise.all(jobs.map((job) => look(name, key, api, job, deadline))),
    cancel: async () => ({ kind: 'impossible' }),
  };
}

async function look(name: string, key: string | null, api: Api, job: JobRef, deadline: Deadline): Promise<JobSeen> {
  const { upstreamId } = job;
  if (key === null) return unread('auth', `${name} has no key`);
  if (upstreamId === null) return { kind: 'absent', message: `${name} told no id, and lets nobody name a generation` };
  const answer = await api.call('GET', `${path}?generation_id=${encodeURIComponent(upstreamId)}`, null, deadline);
  if (answer.kind === 'answer' && isWell(answer)) return readGeneration(answer, job, api.baseUrl, key);
  const fault = answer.kind === 'broken' ? brokenFault(answer) : aimlapiFault(answer, key);
  if (answer.kind === 'answer' && isUnknownGeneration(answer)) return { kind: 'absent', message: fault.message };
  return unreadFault(fault);
}
