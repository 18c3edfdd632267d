import { randomUUID } from 'node:crypto';
import type { Provider } from '@/lib/gateway/providers/provider';
import type { Deadline } from '@/lib/kernel/deadline';
import { findModel } from '../models';
import { brokenFault, failure } from '../outcome';
import type { ProviderSettings } from '../settings';
import { missingKey, unknownModel } from '../unserved';
import { jsonHeaders, openUpstream } from '../upstream';
import { runwareModels } from './models';
import { probeFault, probeTask } from './probe';
import { readRunware } from './read';
import { inferenceTask } from './task';

export function createRunware(settings: ProviderSettings): Provider {
  const { name = 'runware', key, baseUrl, ca, witnesses, open = openUpstream } = settings;
  const upstream = open(baseUrl, { ca, witnesses });
  const headers = { ...jsonHeaders, authorization: `Bearer ${key}` };
  const post = (task: object, deadline: Deadline) =>
    upstream.call({ method: 'POST', path: '/v1', headers, body: JSON.stringify([task]) }, deadline);
  return {
    name,
    configured: key !== null,
    whyNot: key === null ? (settings.whyNot ?? `${name} has no key`) : null,
    async generate(request, deadline) {
      const model = findModel(runwareModels, request.model);
      if (!model) return unknownModel(name, request);
      if (key === null) return missingKey(name, model.id);
      const taskUUID = randomUUID();
      const answer = await post(inferenceTask(request, model.id, taskUUID), deadline);
      const facts = { provider: name, model: model.id, latencyMs: answer.latencyMs, providerRequestId: taskUUID };
      if (answer.kind === 'broken') return failure(facts, brokenFault(answer));
      return readRunware(answer, { facts, request, key, baseUrl });
    },
    async probe(signal) {
      if (key === null) return { ok: false, latencyMs: 0, error: `${name} has no key`, errorKind: 'auth' };
      const answer = await post(probeTask(randomUUID()), signal);
      const fault = probeFault(answer, key);
      if (!fault) return { ok: true, latencyMs: answer.latencyMs, error: null };
      return { ok: false, latencyMs: answer.latencyMs, error: fault.message, errorKind: fault.errorKind };
    },
    close: () => upstream.close(),
  };
}
