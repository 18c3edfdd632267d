import { randomUUID } from 'node:crypto';
import type { Provider } from '@/lib/gateway/providers/provider';
import type { Deadline } from '@/lib/kernel/deadline';
import { brokenFault, failure } from '../outcome';
import type { ProviderSettings } from '../settings';
import { missingKey, onlyLater } from '../unserved';
import { jsonHeaders, openUpstream } from '../upstream';
import { runwareJobs } from './jobs';
import { probeFault, probeTask } from './probe';
import { readRunware } from './read';
import { inferenceTask } from './task';

export function createRunware(settings: ProviderSettings): Provider {
  const { name = 'runware', key, baseUrl, ca, witnesses, open = openUpstream } = settings;
  const upstream = open(baseUrl, { ca, witnesses });
  const headers = { ...jsonHeaders, authorization: `Bearer ${key}` };
  const post = (tasks: readonly object[], deadline: Deadline) =>
    upstream.call({ method: 'POST', path: '/v1', headers, body: JSON.stringify(tasks) }, deadline);
  return {
    name,
    configured: key !== null,
    whyNot: key === null ? (settings.whyNot ?? `${name} has no key`) : null,
    async generate(request, deadline) {
      const { model } = request;
      if (key === null) return missingKey(name, model.id);
      if (model.makesVideo) return onlyLater(name, model.id);
      const taskUUID = randomUUID();
      const answer = await post([inferenceTask(request, taskUUID)], deadline);
      const facts = { provider: name, model: model.id, latencyMs: answer.latencyMs, providerRequestId: taskUUID };
      if (answer.kind === 'broken') return failure(facts, brokenFault(answer));
      return readRunware(answer, { facts, request, key, baseUrl });
    },
    jobs: runwareJobs({ name, key, baseUrl, post }),
    async probe(signal) {
      if (key === null) return { ok: false, latencyMs: 0, error: `${name} has no key`, errorKind: 'auth' };
      const answer = await post([probeTask(randomUUID())], signal);
      const fault = probeFault(answer, key);
      if (!fault) return { ok: true, latencyMs: answer.latencyMs, error: null };
      return { ok: false, latencyMs: answer.latencyMs, error: fault.message, errorKind: fault.errorKind };
    },
    close: () => upstream.close(),
  };
}
