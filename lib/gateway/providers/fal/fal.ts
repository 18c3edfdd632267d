import type { ImageRequest, Provider } from '@/lib/gateway/providers/provider';
import { findModel } from '../models';
import { brokenFault, type CallFacts, failure, header } from '../outcome';
import type { ProviderSettings } from '../settings';
import { missingKey, unknownModel } from '../unserved';
import { jsonHeaders, openUpstream } from '../upstream';
import { falFault } from './error';
import { falModels } from './models';
import { FalPricing } from './pricing';
import { readFal } from './read';

/** FAL by its synchronous endpoint: the queue retries in silence and would hide failures. */
export function createFal(settings: ProviderSettings): Provider {
  const { key, baseUrl, apiBaseUrl, ca, witnesses, open = openUpstream } = settings;
  const upstream = open(baseUrl, { ca, witnesses });
  const api = open(apiBaseUrl ?? baseUrl, { ca, witnesses });
  const pricing = new FalPricing(api, key ?? '');
  const headers = headersOf(key ?? '');
  return {
    name: 'fal',
    configured: key !== null,
    async generate(request, deadline) {
      const model = findModel(falModels, request.model);
      if (!model) return unknownModel('fal', request);
      if (key === null) return missingKey('fal', model.id);
      const call = { method: 'POST', path: `/${model.id}`, headers, body: bodyOf(request) } as const;
      const answer = await upstream.call(call, deadline);
      const facts: CallFacts = {
        provider: 'fal',
        model: model.id,
        latencyMs: answer.latencyMs,
        providerRequestId: answer.kind === 'answer' ? header(answer.headers['x-fal-request-id']) : null,
      };
      if (answer.kind === 'broken') return failure(facts, brokenFault(answer));
      if (answer.status !== 200) return failure(facts, falFault(answer, key));
      return readFal(answer, { facts, request, model, baseUrl, unitPriceUsd: pricing.unitPriceUsd(model.id) });
    },
    async probe(signal) {
      if (key === null) return { ok: false, latencyMs: 0, error: 'FAL_KEY is not set', errorKind: 'auth' };
      return pricing.ask(findModel(falModels, undefined)?.id ?? '', signal);
    },
    async close() {
      await Promise.all([upstream.close(), api.close()]);
    },
  };
}

function headersOf(key: string): Record<string, string> {
  return {
    ...jsonHeaders,
    authorization: `Key ${key}`,
    // A retry or another endpoint behind our back would hide a failure; said even where the platform says it does not.
    'x-fal-no-retry': '1',
    'x-fal-disable-fallbacks': '1',
  };
}

function bodyOf({ prompt, width, height, n }: ImageRequest): string {
  const size = { width, height };
  return JSON.stringify({
    prompt,
    image_size: size,
    num_images: n,
    enable_safety_checker: true,
    output_format: 'jpeg',
  });
}
