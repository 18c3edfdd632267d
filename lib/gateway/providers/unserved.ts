import { excerpt } from '@/lib/kernel/excerpt';
import { failure } from './outcome';
import type { ImageRequest, ProviderFailure } from './provider';

/** Failures without a call. */
export function missingKey(provider: string, model: string): ProviderFailure {
  const message = `${provider} is not configured: its key is not set`;
  return unserved(provider, model, 'auth', message);
}

export function notConfigured(provider: string, model: string, whyNot: string): ProviderFailure {
  return unserved(provider, model, 'auth', whyNot);
}

export function unknownModel(provider: string, { model }: ImageRequest): ProviderFailure {
  const name = excerpt(model ?? '');
  return unserved(provider, name, 'rejected', `${provider} knows no model '${name}'`);
}

function unserved(provider: string, model: string, errorKind: 'auth' | 'rejected', message: string): ProviderFailure {
  const facts = { provider, model, latencyMs: 0, providerRequestId: null };
  return failure(facts, { errorKind, message, httpStatus: null, started: 'no' });
}
