import type { Env } from '@/lib/config/env';
import { Models } from '@/lib/gateway/models/models';
import { createProvider } from '@/lib/gateway/providers/create-providers';
import type { Provider } from '@/lib/gateway/providers/provider';
import type { SecretKey } from '@/lib/registry/keys/stored-keys';
import { shippedRegistry } from '@/lib/registry/shipped-registry';
import { keyFinder, settingsBy } from '../provider-settings';
import { readStored } from './stored-registry';

interface Here {
  readonly env: Env;
  readonly secretKey: SecretKey;
  readonly url: string;
}

/** A provider as a web process of this environment would call it; a text: why it cannot be called. */
export async function providerToTest(
  { env, secretKey, url }: Here,
  name: string,
): Promise<{ readonly provider: Provider; readonly models: Models } | string> {
  const { keys, registry } = await readStored(env, secretKey, url);
  if (registry === null) return 'the registry cannot be read: see the line "database" of sluice doctor';
  const { providers, dialects, models } = registry;
  const entry = providers.find((each) => each.name === name);
  if (entry === undefined) return `there is no provider "${name.slice(0, 64)}"`;
  const finder = keyFinder(
    keys,
    providers.map((each) => each.name),
  );
  const made = settingsBy(env, finder, dialects)(entry);
  if (!('settings' in made)) return made.whyNot;
  const urls = providers.flatMap(({ baseUrl }) => baseUrl ?? []);
  const provider = createProvider(entry.adapter ?? '', made.settings, urls);
  if (provider === null) return `${name} is not configured`;
  if (!provider.configured) {
    await provider.close();
    return provider.whyNot ?? `${name} is not configured`;
  }
  return { provider, models: new Models(models.length > 0 ? models : shippedRegistry.models, providers) };
}
