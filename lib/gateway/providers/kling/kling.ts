import type { Deadline } from '@/lib/kernel/deadline';
import type { JobRef, JobSeen } from '../job-calls';
import { unread, unreadFault } from '../job-unread';
import { brokenFault, type Fault, failure } from '../outcome';
import { plannedOf } from '../planned';
import type { JobCalls, Provider } from '../provider';
import type { ProviderSettings } from '../settings';
import { madeLater, missingKey, notConfigured } from '../unserved';
import { jsonHeaders, openUpstream, type UpstreamAnswer } from '../upstream';
import { authorizationOf, keyFault } from './authorization';
import { klingCreate, typesOf } from './body';
import { isUnknownTask, klingFault, sayer } from './error';
import { readCreated, readTask } from './read';

/** Kling makes videos, and answers later. */
export function createKling(settings: ProviderSettings): Provider {
  const { name = 'kling', key } = settings;
  const fault = key === null ? (settings.whyNot ?? `${name} has no key`) : keyFault(key);
  const whyNot = key === null || fault === null ? fault : `${name} is not configured: ${fault}`;
  const api = openApi(settings);
  return {
    name,
    configured: whyNot === null,
    whyNot,
    generate: async ({ model }) => {
      if (key === null) return missingKey(name, model.id);
      return whyNot === null ? madeLater(name, model.id) : notConfigured(name, model.id, whyNot);
    },
    jobs: jobCalls(name, whyNot, api),
    async probe(deadline) {
      if (whyNot !== null) return { ok: false, latencyMs: 0, error: whyNot, errorKind: 'auth' };
      // A list of one: documented, authenticated and free. An account that is busy let the key in.
      const answer = await api.call('GET', '/v1/videos/text2video?pageNum=1&pageSize=1', null, deadline);
      const { latencyMs } = answer;
      const seen = faultIn(answer, api);
      if (seen === null || seen.errorKind === 'rate_limited') return { ok: true, latencyMs, error: null };
      return { ok: false, latencyMs, error: seen.message, errorKind: seen.errorKind };
    },
    close: () => api.close(),
  };
}

type Api = ReturnType<typeof openApi>;

function openApi({ key, baseUrl, ca, witnesses, pathPrefix = '', open = openUpstream }: ProviderSettings) {
  const upstream = open(baseUrl, { ca, witnesses });
  const authorization = authorizationOf(key ?? '');
  const say = sayer(key ?? '');
  const { 'content-type': contentType, ...plain } = jsonHeaders;
  return {
    baseUrl,
    say,
    async call(method: 'GET' | 'POST', path: string, body: object | null, deadline: Deadline): Promise<UpstreamAnswer> {
      const own = { ...plain, authorization: authorization.header() };
      const headers = body === null ? own : { ...own, 'content-type': contentType };
      const sent = body === null ? null : JSON.stringify(body);
      const answer = await upstream.call({ method, path: pathPrefix + path, headers, body: sent }, deadline);
      if (answer.kind === 'answer' && answer.status === 401) authorization.forget();
      return answer;
    },
    close: () => upstream.close(),
  };
}

function jobCalls(name: string, whyNot: string | null, api: Api): JobCalls {
  return {
    pace: { firstMs: 5000, floorMs: 2000, mostMs: 15_000 },
    ageLimitMs: 2 * 3_600_000,
    perPoll: 1,
    readsUnknown: true,
    async create(request, job, deadline) {
      const model = request.model.id;
      if (whyNot !== null) return notConfigured(name, model, whyNot);
      const facts = { provider: name, model, latencyMs: 0, providerRequestId: null };
      const wanted = klingCreate(request, job);
      if (typeof wanted === 'string') {
        return failure(facts, { errorKind: 'rejected', message: wanted, httpStatus: null, started: 'no' });
      }
      const answer = await api.call('POST', `/v1/videos/${encodeURIComponent(wanted.type)}`, wanted.body, deadline);
      const { latencyMs } = answer;
      if (answer.kind === 'broken') return failure({ ...facts, latencyMs }, brokenFault(answer));
      const fault = klingFault(answer, api.say);
      if (fault !== null) return failure({ ...facts, latencyMs }, fault);
      return readCreated(answer, { ...facts, latencyMs }, { ...plannedOf(request), type: wanted.type });
    },
    poll: (jobs, deadline) => Promise.all(jobs.map((job) => look(job, whyNot, api, deadline))),
    cancel: async () => ({ kind: 'impossible' }),
  };
}

const faultIn = (answer: UpstreamAnswer, { say }: Api): Fault | null =>
  answer.kind === 'broken' ? brokenFault(answer) : klingFault(answer, say);

/** By the vendor's id, or by ours where none came back. What type it was made as may have to be found out. */
async function look(job: JobRef, whyNot: string | null, api: Api, deadline: Deadline): Promise<JobSeen> {
  if (whyNot !== null) return unread('auth', whyNot);
  const { type: known } = job.upstream;
  const types = typeof known === 'string' ? [known] : typesOf(job.model).types;
  let absent: JobSeen = { kind: 'absent', message: 'it knows no such task' };
  for (const type of types) {
    const path = `/v1/videos/${encodeURIComponent(type)}/${encodeURIComponent(job.upstreamId ?? job.id)}`;
    const answer = await api.call('GET', path, null, deadline);
    const fault = faultIn(answer, api);
    if (answer.kind === 'answer') {
      if (fault === null) return readTask(answer, job, type, api.baseUrl, api.say);
      if (isUnknownTask(answer)) {
        absent = { kind: 'absent', message: fault.message };
        continue;
      }
    }
    if (fault !== null) return unreadFault(fault);
  }
  return absent;
}
