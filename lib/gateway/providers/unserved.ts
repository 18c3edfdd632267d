import { failure } from './outcome';
import type { ProviderFailure } from './provider';

/** Failures without a call. */
export function missingKey(provider: string, model: string): ProviderFailure {
  const message = `${provider} is not configured: its key is not set`;
  return unserved(provider, model, message);
}

export function notConfigured(provider: string, model: string, whyNot: string): ProviderFailure {
  return unserved(provider, model, whyNot);
}

/** Asked for an image within the call, of a provider that makes nothing so. */
export function madeLater(provider: string, model: string): ProviderFailure {
  const message = `${provider} answers later, and makes nothing within the call: ask for ${model} as a job`;
  const facts = { provider, model, latencyMs: 0, providerRequestId: null };
  return failure(facts, { errorKind: 'rejected', message, httpStatus: null, started: 'no' });
}

/** A video would be made, and paid, and there would be no image in the answer. */
export function onlyLater(provider: string, model: string): ProviderFailure {
  const message = `${model} was not called: it makes videos, which are answered later. Ask for it as a job`;
  return unserved(provider, model, message, 'rejected');
}

function unserved(
  provider: string,
  model: string,
  message: string,
  errorKind: ProviderFailure['errorKind'] = 'auth',
): ProviderFailure {
  const facts = { provider, model, latencyMs: 0, providerRequestId: null };
  return failure(facts, { errorKind, message, httpStatus: null, started: 'no' });
}
