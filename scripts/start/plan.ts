import type { Env } from '@/lib/config/env';
import { isLoopback } from '@/lib/config/env-secrets';
import { databaseHosts } from '@/lib/postgres/url';

/** Providers are simulated when asked for, or when there is no key at all and the database is this machine's own. */
export function simulates(env: Env): boolean {
  if (env.SLUICE_SANDBOX) return true;
  if (env.FAL_KEY !== undefined || env.RUNWARE_API_KEY !== undefined) return false;
  if (env.DATABASE_URL === undefined) return true;
  return databaseHosts(env.DATABASE_URL).every(({ host }) => isLoopback(host));
}

/** What the children are told beyond the supervisor's own environment. */
export function sandboxEnv(urls: { falUrl: string; runwareUrl: string }): Record<string, string> {
  return {
    SLUICE_SANDBOX: '1',
    FAL_KEY: 'sandbox:sandbox',
    RUNWARE_API_KEY: 'sandbox',
    FAL_BASE_URL: urls.falUrl,
    FAL_API_BASE_URL: urls.falUrl,
    RUNWARE_BASE_URL: urls.runwareUrl,
  };
}
