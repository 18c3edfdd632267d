import { createFal } from './fal/fal';
import { falModels } from './fal/models';
import { aliasesIn, type ModelTable, modelFaultsIn } from './models';
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

/** What says why a model cannot be made by each of these providers. */
export function modelFaults(providers: readonly string[]): (model: string | undefined) => string | null {
  return modelFaultsIn(Object.fromEntries(providers.map((name) => [name, tableOf(name)])));
}

/** Our name of a model, whichever name it was asked for by; a name that no provider translates stays as it is. */
export const aliasOf = aliasesIn(Object.values(registrations).map(({ models }) => models));

function tableOf(provider: string): ModelTable {
  return Object.hasOwn(registrations, provider) ? (registrations[provider]?.models ?? {}) : {};
}
