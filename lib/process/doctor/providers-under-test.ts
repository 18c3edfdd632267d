import type { Env } from '@/lib/config/env';
import { keyVariable } from '@/lib/config/provider-keys';
import { isKeyless, shippedProviders } from '@/lib/config/shipped-providers';
import type { Instruments, ProviderUnderTest } from '@/lib/doctor/diagnosis';
import { Models } from '@/lib/gateway/models/models';
import { createProviders } from '@/lib/gateway/providers/create-providers';
import type { Provider } from '@/lib/gateway/providers/provider';
import type { ProviderKeys } from '@/lib/registry/keys/provider-keys';
import type { SecretKey } from '@/lib/registry/keys/stored-keys';
import type { ProviderEntry } from '@/lib/registry/registry';
import { shippedRegistry } from '@/lib/registry/shipped-registry';
import { keyFinder, providerSettings, settingsBy } from '../provider-settings';
import { readStored } from './stored-registry';

/** What the providers are asked with. */
interface Keyed {
  /** With the keys that a web process would use; with the environment's where the store is away. */
  readonly env: Env;
  readonly providers: readonly Provider[];
}

/** Those that ship, and all others that are registered, active and have a key; relays are looked at by lines of their own. */
export async function keyedProviders(env: Env, secretKey: SecretKey, databaseUrl: string | null): Promise<Keyed> {
  if (databaseUrl === null || env.SLUICE_SANDBOX) {
    return { env, providers: [...createProviders(providerSettings(env)).values()] };
  }
  const { keys, registry } = await readStored(env, secretKey, databaseUrl);
  const found = shippedProviders.map(({ name, key }) => [key, keys.keyOf(name)?.key ?? env[key]] as const);
  const used = Object.fromEntries(found.filter(([, key]) => key !== undefined)) as Record<string, string>;
  const whole = { ...env, ...used, providerKeys: { ...env.providerKeys, ...used } };
  const settings = { ...providerSettings(whole), ...furtherSettings(env, keys, registry?.providers ?? []) };
  return { env: whole, providers: [...createProviders(settings).values()] };
}

function furtherSettings(env: Env, keys: ProviderKeys, entries: readonly ProviderEntry[]) {
  const names = entries.map(({ name }) => name);
  const of = settingsBy(env, keyFinder(keys, names));
  const further = entries.filter(
    ({ name, state, adapter }) => state === 'active' && !ships(name) && adapter !== 'relay',
  );
  return Object.fromEntries(
    further.flatMap((entry) => {
      const made = of(entry);
      if (!('settings' in made) || made.settings.key === null) return [];
      return [[entry.name, { ...made.settings, adapter: entry.adapter ?? '' }]];
    }),
  );
}

const ships = (name: string) => shippedProviders.some((shipped) => shipped.name === name);

const shipped = new Models(shippedRegistry.models, shippedRegistry.providers);

export function underTest(provider: Provider, env: Env, faults: Instruments['environment']): ProviderUnderTest {
  const { name, configured, whyNot } = provider;
  const key = keyVariable(name);
  const noKeys = isKeyless(env) && faults.length === 0;
  return {
    ...{ name, key, configured, whyNot },
    refusal: faults.find((fault) => fault.key === key)?.sentence ?? null,
    simulated: ships(name) && (env.SLUICE_SANDBOX || (noKeys && !configured)),
    models: ships(name) ? shipped.aliasesAt(name) : null,
    jobAgeLimitMs: provider.jobs?.ageLimitMs ?? null,
    async probe(signal) {
      const { ok, error, errorKind } = await provider.probe(signal);
      return { ok, error, ...(errorKind === undefined ? {} : { kind: errorKind }) };
    },
  };
}
