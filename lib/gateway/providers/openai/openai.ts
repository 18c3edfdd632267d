import { imageFetcher } from '../fetch-image';
import { brokenFault, type CallFacts, failure, header, readable } from '../outcome';
import type { Provider } from '../provider';
import type { ProviderSettings } from '../settings';
import { missingKey } from '../unserved';
import { jsonHeaders, openUpstream } from '../upstream';
import { bodyOf, type OpenaiCallBody } from './body';
import { openaiFault } from './error';
import { readOpenai } from './read';

/** Several images may come in one answer, in base64. */
export const longestAnswer = 32 * 1024 * 1024;

/** Any server that speaks as OpenAI's image API does. */
export function createOpenai(settings: ProviderSettings): Provider {
  const { name = 'openai', key, baseUrl, ca, witnesses, pathPrefix = '', open = openUpstream } = settings;
  const upstream = open(baseUrl, { ca, witnesses });
  const fetchImage = settings.fetchImage ?? imageFetcher({ allowedOrigins: () => [] });
  const headers = { ...jsonHeaders, authorization: `Bearer ${key}` };
  return {
    name,
    configured: key !== null,
    whyNot: key === null ? (settings.whyNot ?? `${name} has no key`) : null,
    async generate(request, deadline) {
      const { model } = request;
      if (key === null) return missingKey(name, model.id);
      const startedAt = performance.now();
      const facts: CallFacts = { provider: name, model: model.id, latencyMs: 0, providerRequestId: null };
      let sent: OpenaiCallBody;
      try {
        sent = await bodyOf(request, (url) => fetchImage(url, undefined, deadline));
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        const message = readable(`an input image could not be read, so nothing was sent: ${why}`, key);
        const latencyMs = performance.now() - startedAt;
        return failure({ ...facts, latencyMs }, { errorKind: 'rejected', message, httpStatus: null, started: 'no' });
      }
      const { path, contentType, body } = sent;
      const call = {
        ...({ method: 'POST', path: pathPrefix + path, body, longestAnswer } as const),
        headers: { ...headers, 'content-type': contentType },
      };
      const answer = await upstream.call(call, deadline);
      const { latencyMs } = answer;
      if (answer.kind === 'broken') return failure({ ...facts, latencyMs }, brokenFault(answer));
      const providerRequestId = header(answer.headers['x-request-id']);
      return readOpenai(answer, { facts: { ...facts, latencyMs, providerRequestId }, request, key, baseUrl });
    },
    async probe(signal) {
      if (key === null) return { ok: false, latencyMs: 0, error: `${name} has no key`, errorKind: 'auth' };
      const answer = await upstream.call(
        { method: 'GET', path: `${pathPrefix}/v1/models`, headers, body: null },
        signal,
      );
      const { latencyMs } = answer;
      const isWell = answer.kind === 'answer' && answer.status === 200;
      if (isWell) return { ok: true, latencyMs, error: null };
      const fault = answer.kind === 'broken' ? brokenFault(answer) : openaiFault(answer, key);
      return { ok: false, latencyMs, error: fault.message, errorKind: fault.errorKind };
    },
    close: () => upstream.close(),
  };
}
