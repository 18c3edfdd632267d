import { adapterOf } from './adapters';
import type { Provider } from './provider';
import { witnessesOf } from './resolver';
import type { ProviderSettings } from './settings';

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
  return adapterOf(adapter)?.create({ ...settings, witnesses }) ?? null;
}
