import type { Env } from '@/lib/config/env';
import { keyVariable } from '@/lib/config/provider-keys';
import type { RelayProbe, RelayUnderTest } from '@/lib/doctor/relays/relay-under-test';
import { createProvider } from '@/lib/gateway/providers/create-providers';
import type { ProviderSettings } from '@/lib/gateway/providers/settings';
import type { SecretKey } from '@/lib/registry/keys/stored-keys';
import type { ProviderEntry, Registry } from '@/lib/registry/registry';
import { dialectIn } from '@/lib/relay/dialects/dialects';
import { keyFinder, settingsBy } from '../provider-settings';
import { readStored } from './stored-registry';

/** Each provider that is a relay, with whatever its state is; null: the registry cannot be read. */
export async function relaysUnderTest(
  env: Env,
  secretKey: SecretKey,
  databaseUrl: string,
): Promise<readonly (RelayUnderTest & { readonly state: string })[] | null> {
  const { keys, registry } = await readStored(env, secretKey, databaseUrl);
  if (registry === null) return null;
  const names = registry.providers.map(({ name }) => name);
  const of = settingsBy(env, keyFinder(keys, names), registry.dialects);
  const entries = registry.providers.filter(({ adapter }) => adapter === 'relay');
  const baseUrls = entries.flatMap(({ baseUrl }) => baseUrl ?? []);
  return entries.map((entry) => {
    const made = of(entry);
    const settings = 'settings' in made ? made.settings : null;
    const spoken = String(entry.options.dialect ?? 'generic');
    const unread = dialectIn(registry, spoken)
      ? null
      : `it speaks ${spoken}, and no dialect that can be read here is called so`;
    const { scheme, whyNot } = settings === null ? { scheme: '', whyNot: whyNotOf(made) } : stateOf(settings, baseUrls);
    const used = keys.keyOf(entry.name);
    return {
      ...{ provider: entry.name, state: entry.state, arms: armsOf(entry, registry), baseUrl: entry.baseUrl },
      ...{ whyNot: whyNot ?? unread, scheme, dialect: spoken },
      keyFrom: used === null ? null : used.version === 0 ? keyVariable(entry.name) : `version ${used.version}`,
      probe: (signal) => probed(settings, baseUrls, signal),
    };
  });
}

const whyNotOf = (made: object): string => ('whyNot' in made ? String(made.whyNot) : 'it is not configured');

function stateOf(settings: ProviderSettings, baseUrls: readonly string[]) {
  const { relay } = settings;
  const provider = createProvider('relay', settings, baseUrls);
  void provider?.close();
  return { scheme: typeof relay === 'object' ? relay.auth.scheme : '', whyNot: provider?.whyNot ?? null };
}

async function probed(
  settings: ProviderSettings | null,
  baseUrls: readonly string[],
  signal: AbortSignal,
): Promise<RelayProbe> {
  const provider = settings && createProvider('relay', settings, baseUrls);
  if (!provider) return { ok: false, error: 'it is not configured', seen: null };
  try {
    const { ok, error, seen = null } = await provider.probe(signal);
    return { ok, error, seen };
  } finally {
    await provider.close();
  }
}

function armsOf({ name }: ProviderEntry, { splits }: Registry): readonly string[] {
  return splits.flatMap(({ slug, archived, arms }) =>
    archived ? [] : arms.filter(({ provider }) => provider === name).map((arm) => `${arm.name} of ${slug}`),
  );
}
