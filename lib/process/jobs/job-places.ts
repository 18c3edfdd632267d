import type { Env } from '@/lib/config/env';
import { createProvider } from '@/lib/gateway/providers/create-providers';
import type { Found } from '@/lib/jobs/poll/job-providers';
import type { JobPlace } from '@/lib/jobs/poll/lease';
import type { ProviderKeys } from '@/lib/registry/keys/provider-keys';
import type { ProviderEntry } from '@/lib/registry/registry';
import { dialectCalled } from '@/lib/relay/dialects/dialects';
import { withJobs } from '@/lib/relay/jobs/ask-through';
import { settingsBy } from '../provider-settings';

interface PlaceParts {
  readonly env: Env;
  readonly providers: () => readonly ProviderEntry[];
  readonly keys: ProviderKeys;
  /** Others have keys that this process may not have: without one it leaves the job to them. */
  readonly isGuest: boolean;
}

/** How the jobs of a place are reached now: with the key that made them, at the address where they were made. */
export function jobPlaces({ env, providers, keys, isGuest }: PlaceParts): (place: JobPlace) => Found {
  const settingsAt = new Map<number, ReturnType<typeof settingsBy>>();
  const settingsOf = (version: number) => {
    const known = settingsAt.get(version);
    if (known) return known;
    const made = settingsBy(env, (provider) => {
      const key = keys.keyAt(provider, version);
      return key === null ? { whyNot: noKey(keys, provider, version) } : { key, version };
    });
    settingsAt.set(version, made);
    return made;
  };
  return ({ provider: name, adapter, keyVersion, baseUrl }) => {
    const entry = providers().find((each) => each.name === name);
    if (entry === undefined) return { whyNot: `${name} is registered no more; add it again` };
    if (entry.state === 'off') return { whyNot: `${name} is off; set its state to draining or active` };
    const made = settingsOf(keyVersion)({ ...entry, adapter, baseUrl, state: 'active' });
    if ('whyNot' in made) return made;
    const { settings } = made;
    const { relay } = settings;
    const takesNoKey = typeof relay === 'object' && relay.auth.scheme === 'none';
    if (settings.key === null && !takesNoKey)
      return { whyNot: settings.whyNot ?? `${name} has no key`, elsewhere: isGuest };
    return {
      madeFrom: JSON.stringify(settings),
      open() {
        const provider = createProvider(adapter, settings, [baseUrl]);
        const dialect = dialectCalled(String(entry.options.dialect ?? ''));
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
