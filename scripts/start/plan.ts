import type { Env } from '@/lib/config/env';
import { isLoopback } from '@/lib/config/env-secrets';
import { isKeyless, shippedProviders } from '@/lib/config/shipped-providers';
import { adapterNames } from '@/lib/gateway/providers/adapters';
import { databaseHosts } from '@/lib/postgres/url';
import type { SandboxAddresses } from '../sandbox/start';

/** Providers are simulated when asked for, or when there is no key at all and the database is this machine's own. */
export function simulates(env: Env): boolean {
  if (env.SLUICE_SANDBOX) return true;
  if (!isKeyless(env)) return false;
  if (env.DATABASE_URL === undefined) return true;
  return databaseHosts(env.DATABASE_URL).every(({ host }) => isLoopback(host));
}

/** What the children are told beyond the supervisor's own environment. */
export function sandboxEnv(at: SandboxAddresses): Record<string, string> {
  const shipped = shippedProviders.map(({ name, key, url }) => ({ [key]: at[`${name}Key`], [url]: at[`${name}Url`] }));
  return Object.assign(
    {
      SLUICE_SANDBOX: '1',
      SLUICE_SANDBOX_URLS: adapterNames.map((name) => `${name}=${at[`${name}Url`]}`).join(','),
      FAL_API_BASE_URL: at.falUrl,
    },
    ...shipped,
  );
}
