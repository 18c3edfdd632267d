import { createFal } from './fal/fal';
import { falModels } from './fal/models';
import type { ModelTable } from './models';
import { findModel } from './models';
import type { Provider } from './provider';
import { witnessesOf } from './resolver';
import { runwareModels } from './runware/models';
import { createRunware } from './runware/runware';
import type { ProviderSettings } from './settings';

interface Registration {
  readonly create: (settings: ProviderSettings) => Provider;
  readonly models: ModelTable;
}

/** One line a provider. */
const registrations: Readonly<Record<string, Registration>> = {
  fal: { create: createFal, models: falModels },
  runware: { create: createRunware, models: runwareModels },
};

export const providerNames: readonly string[] = Object.keys(registrations);

/** Every provider that has settings, by name. */
export function createProviders(settings: Readonly<Record<string, ProviderSettings>>): ReadonlyMap<string, Provider> {
  const providers = new Map<string, Provider>();
  const baseUrls = Object.values(settings).map(({ baseUrl }) => baseUrl);
  for (const [name, { create }] of Object.entries(registrations)) {
    const own = settings[name];
    if (own) providers.set(name, create({ ...own, witnesses: witnessesOf(baseUrls, own.baseUrl) }));
  }
  return providers;
}

/** The aliases a provider translates; none for a provider without code. */
export function modelsKnownTo(provider: string): readonly string[] {
  return Object.keys(tableOf(provider));
}

/** Said before any call: a request must be servable by every provider it may be routed to. Null when it is. */
export function modelFault(model: string | undefined, providers: readonly string[]): string | null {
  const without = providers.filter((provider) => findModel(tableOf(provider), model) === null);
  if (without.length === 0) return null;
  const known = providers.map((provider) => `${provider}: ${modelsKnownTo(provider).join(', ') || 'none'}`);
  return `model '${(model ?? '').slice(0, 64)}' is not known to ${without.join(' and ')}; known are ${known.join('; ')}`;
}

function tableOf(provider: string): ModelTable {
  return Object.hasOwn(registrations, provider) ? (registrations[provider]?.models ?? {}) : {};
}
