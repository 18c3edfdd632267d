import type { Env } from '@/lib/config/env';
import { isLoopback } from '@/lib/config/env-secrets';
import { simulatesInProcess } from '@/lib/config/preview';
import { sandboxSettings } from '@/lib/gateway/providers/sandbox/in-process';
import type { ProviderSettings } from '@/lib/gateway/providers/settings';

/** One line a provider: where its key and its origin come from. */
export function providerSettings(env: Env): Readonly<Record<string, ProviderSettings>> {
  if (simulatesInProcess(env)) return sandboxSettings(originOf(env), Date.now());
  return {
    fal: { key: env.FAL_KEY ?? null, baseUrl: env.FAL_BASE_URL, apiBaseUrl: falApi(env) },
    runware: { key: env.RUNWARE_API_KEY ?? null, baseUrl: env.RUNWARE_BASE_URL },
  };
}

/** FAL's prices live on another origin than its models; a stand-in for FAL serves both. */
function falApi(env: Env): string | undefined {
  return env.FAL_API_BASE_URL ?? (env.FAL_BASE_URL === 'https://fal.run' ? 'https://api.fal.ai' : undefined);
}

/** Where this very deployment answers; only `vercel dev` answers on loopback. */
function originOf({ VERCEL_URL, SLUICE_PUBLIC_URL, PORT }: Env): string {
  if (VERCEL_URL === undefined) return SLUICE_PUBLIC_URL ?? `http://localhost:${PORT}`;
  const { hostname } = new URL(`http://${VERCEL_URL}`);
  return `${isLoopback(hostname) ? 'http' : 'https'}://${VERCEL_URL}`;
}
