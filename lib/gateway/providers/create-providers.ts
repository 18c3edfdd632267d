import { createFal } from './fal/fal';
import { falModels } from './fal/models';
import { aliasesIn, findModel, type ModelTable, modelFaultsIn } from './models';
import type { Provider } from './provider';
import { witnessesOf } from './resolver';
import { runwareModels } from './runware/models';
import { createRunware } from './runware/runware';
import type { ProviderSettings } from './settings';

interface Adapter {
  readonly create: (settings: ProviderSettings) => Provider;
  readonly models: ModelTable;
}

/** One line an adapter. */
const adapters: ReadonlyMap<string, Adapter> = new Map([
  ['fal', { create: createFal, models: falModels }],
  ['runware', { create: createRunware, models: runwareModels }],
]);

export const providerNames: readonly string[] = [...adapters.keys()];

/** Whether there is code here that speaks the wire format of this adapter. */
export function isSpoken(adapter: string): boolean {
  return adapters.has(adapter);
}

/** Every provider of these that has an adapter here, by name. */
export function createProviders(
  settings: Readonly<Record<string, ProviderSettings & { readonly adapter?: string }>>,
): ReadonlyMap<string, Provider> {
  const providers = new Map<string, Provider>();
  const baseUrls = Object.values(settings).map(({ baseUrl }) => baseUrl);
  for (const [name, own] of Object.entries(settings)) {
    const provider = createProvider(own.adapter ?? name, { name, ...own }, baseUrls);
    if (provider) providers.set(name, provider);
  }
  return providers;
}

/** null without code for the adapter. `baseUrls` are those of all providers. */
export function createProvider(
  adapter: string,
  settings: ProviderSettings,
  baseUrls: readonly string[],
): Provider | null {
  const witnesses = witnessesOf(baseUrls, settings.baseUrl);
  return adapters.get(adapter)?.create({ ...settings, witnesses }) ?? null;
}

/** The aliases an adapter translates; none without code for it. */
export function modelsKnownTo(adapter: string): readonly string[] {
  return Object.keys(tableOf(adapter));
}

/** Whether an adapter has this model, by our name of it or by its own. */
export function knowsModel(adapter: string, model: string): boolean {
  return findModel(tableOf(adapter), model) !== null;
}

/** What says why a model cannot be made by each of these: names, and the adapters that they speak by. */
export function modelFaults(
  names: readonly string[] | ReadonlyMap<string, string>,
): (model: string | undefined) => string | null {
  const pairs = names instanceof Map ? [...names] : [...names].map((name) => [name, name]);
  return modelFaultsIn(Object.fromEntries(pairs.map(([name, adapter]) => [name, tableOf(adapter)])));
}

/** Our name of a model, whichever name it was asked for by; a name that no adapter translates stays as it is. */
export const aliasOf = aliasesIn([...adapters.values()].map(({ models }) => models));

function tableOf(adapter: string): ModelTable {
  return adapters.get(adapter)?.models ?? {};
}
