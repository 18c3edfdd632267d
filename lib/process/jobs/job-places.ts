import type { Env } from '@/lib/config/env';
import { createProvider } from '@/lib/gateway/providers/create-providers';
import type { Found } from '@/lib/jobs/poll/job-providers';
import type { JobPlace } from '@/lib/jobs/poll/lease';
import type { ProviderKeys } from '@/lib/registry/keys/provider-keys';
import type { Registry } from '@/lib/registry/registry';
import { dialectIn } from '@/lib/relay/dialects/dialects';
import { withJobs } from '@/lib/relay/jobs/ask-through';
import { settingsBy } from '../provider-settings';

interface PlaceParts {
  readonly env: Env;
  readonly registry: () => Pick<Registry, 'providers' | 'dialects'>;
  readonly keys: ProviderKeys;
  /** Others have keys that this process may not have: without one it leaves the job to them. */
  readonly isGuest: boolean;
}

/** How the jobs of a place are reached now: with the key that made them, at the address where they were made. */
export function jobPlaces({ env, registry, keys, isGuest }: PlaceParts): (place: JobPlace) => Found {
  const keyAt = (version: number) => (provider: string) => {
    const key = keys.keyAt(provider, version);
    return key === null ? { whyNot: noKey(keys, provider, version) } : { key, version };
  };
  return ({ provider: name, adapter, keyVersion, baseUrl }) => {
    const known = registry();
    const entry = known.providers.find((each) => each.name === name);
    if (entry === undefined) return { whyNot: `${name} is registered no more; add it again` };
    if (entry.state === 'off') return { whyNot: `${name} is off; set its state to draining or active` };
    const made = settingsBy(env, keyAt(keyVersion), known.dialects)({ ...entry, adapter, baseUrl, state: 'active' });
    if ('whyNot' in made) return made;
    const { settings } = made;
    const { relay } = settings;
    const takesNoKey = typeof relay === 'object' && relay.auth.scheme === 'none';
    if (settings.key === null && !takesNoKey)
      return { whyNot: settings.whyNot ?? `${name} has no key`, elsewhere: isGuest };
    const spoken = String(entry.options.dialect ?? '');
    const dialect = adapter === 'relay' ? dialectIn(known, spoken) : undefined;
    if (adapter === 'relay' && dialect === undefined)
      return { whyNot: `${name} speaks ${spoken}, which no dialect here is called` };
    return {
      madeFrom: JSON.stringify({ ...settings, ...(dialect && { dialect }) }),
      open() {
        const provider = createProvider(adapter, settings, [baseUrl]);
        return provider && dialect ? withJobs(provider, dialect) : provider;
      },
    };
  };
}

function noKey(keys: ProviderKeys, provider: string, version: number): string {
  if (version === 0) return `${provider} has no key in the environment any more, and these were made with it`;
  const fault = keys.faults.get(provider);
  return `${provider} has no key version ${version} any more: ${fault ?? 'it was retired'}`;
}
